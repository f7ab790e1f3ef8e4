"""Hulp: what each screen is for, with its keys, wherever one is; and the manual's two pages."""

from driver import DEMO_PASSWORD, Operator

CALL = "Vragen? Bel gratis naar 1700, elke werkdag van 9 tot 19 uur."


def reads_help(operator: Operator, *told: str, key: str = "?") -> None:
    """Open the help of the screen one is on, read it from top to bottom, and come back to where one was."""
    operator.terminal.settle()
    before = operator.terminal.text
    operator.presses(key)
    operator.sees("╭──")
    for sentence in told:
        operator.is_told(sentence)
    operator.presses("pagedown", "pagedown")
    operator.sees("Hulp")
    operator.is_told(CALL)
    operator.presses("escape")
    operator.sees_not("╭──")
    assert operator.terminal.text == before


def test_every_screen_explains_itself(operator: Operator) -> None:
    operator.sees("Login dienstverleners")
    reads_help(operator, "Met 1 logt u in als organisatie")
    operator.presses("1")
    operator.sees("Om toegang te krijgen")
    # in a field ? is a letter like any other; F1 is the help there
    operator.types("?")
    operator.sees_not("╭──")
    reads_help(operator, "Na vijf foute pogingen wacht u telkens wat langer.", key="f1")
    operator.gives_login("012345678", DEMO_PASSWORD)
    operator.sees("Duid een bewerking aan")
    reads_help(operator, "Dienstverlener: menu", "Ctrl+O", "met Ctrl+L logt u uit")
    operator.chooses("Registraties beheren")
    operator.sees("Registraties: overzicht", "DV.A218723")
    reads_help(operator, "Registraties: overzicht", "Verlengen", "Hernieuwen")
    operator.presses("n")
    operator.sees("Geef aan voor wie")
    reads_help(operator, "Aanvraag registratie", "verklaring op eer")
    operator.goes_home()
    operator.chooses("Overzicht projecten")
    operator.finds(203)
    reads_help(operator, "Overzicht projecten")
    operator.opens("2016KMO044443")
    operator.presses("a")
    operator.sees("Reden*")
    reads_help(operator, "Project 2016KMO044443 annuleren", "PDF, PNG of JPEG van hoogstens 10 MB", key="f1")


def test_the_two_pages_can_be_read_without_a_login(operator: Operator) -> None:
    operator.sees("Login dienstverleners")
    operator.chooses("Hoe registreren en aanmelden?")
    for sentence in (
        "1. U heeft nog geen login.",
        "ondernemingsnummer, rechtsvorm, adresgegevens, contactgegevens, rekeningnummer, vakgebieden",
        "Daarna ontvangt u een mail met login en paswoord.",
        "3. U bent uw login of paswoord kwijt.",
    ):
        operator.is_told(sentence)
    reads_help(operator, "Hoe registreren en aanmelden?", "druk op Esc om terug te gaan")
    operator.presses("escape")
    operator.chooses("Hulp nodig")
    operator.is_told("Bezoek www.kmo-portefeuille.be")
    operator.is_told("bel gratis naar 1700, het nummer van de Vlaamse overheid: elke werkdag van 9 tot 19 uur.")
    operator.sees("kmo-portefeuille@vlaanderen.be")
    operator.presses("escape")
    # what is the enterprise's points to the website
    for item in ("Login kmo-portefeuille", "Bekijk uw ondernemingsfoto"):
        operator.presses("escape")
        operator.is_told("Druk op Ctrl+Q")
        operator.chooses(item)
        operator.is_told("ga met uw browser naar www.kmo-portefeuille.be")
    operator.sees("Login dienstverleners")
