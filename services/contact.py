"""How to reach the service, as the manual gives it (step 4 of a request for a registration)."""

SERVICE_NAME = "kmo-portefeuille"
SERVICE_ADDRESS = "kmo-portefeuille@vlaanderen.be"
SERVICE_FAX = "02/553 37 41"
SERVICE_POST = (
    "Vlaamse Overheid",
    "kmo-portefeuille",
    "Ellipsgebouw",
    "Koning Albert II-laan 35, bus 12",
    "1030 Brussel",
)
AGENCY = "Agentschap Innoveren en Ondernemen"
WEBSITE = "www.kmo-portefeuille.be"
