"""From an empty database to the nightly job: one provider, from its sign-up to its first projects."""

import csv
import re
from email.message import EmailMessage
from pathlib import Path

from driver import Command, Operator, Start, types_password
from papers import body, enclosed, needs_pdftotext, new_letters

# Each day the programs are started anew, at nine.
SIGN_UP, HANDED_IN, DECISION, IMPORT, NIGHT = (
    f"{day}T09:00:00" for day in ("2016-03-11", "2016-03-21", "2016-04-08", "2016-04-25", "2016-06-01")
)
NAME, NUMBER, ADDRESS = "Leren & Werken", "0403.227.515", "info@leren.example.com"
OWN = "vier woorden onder de brug"
HANDLER, HANDLERS_OWN = "dossierbeheer", "een ander paar van vier woorden"
REGISTRATION = "DV.O000001"
PROJECT_COLUMNS = (
    "Projectnr;Onderneming;Ondernemingsnummer;E-mail;Dienstverlener;Dienst;Titel;"
    "Aanvraag datum;Startdatum;Einddatum;Projectbedrag;Steunbedrag;Status"
)
CUSTOMER = "Bakkerij Élise bv;0400.378.485;elise@example.com;0403.227.515"
PROJECTS = (
    f"2016KMO050001;{CUSTOMER};Opleiding;Boekhouden;15/04/2016;18/04/2016;29/04/2016;1.198,35;479,34;Bevestigd",
    f"2016KMO050002;{CUSTOMER};Opleiding;Brood zonder gist;18/04/2016;20/04/2016;20/05/2016;500,00;200,00;Bevestigd",
    f"2016KMO050003;{CUSTOMER};Opleiding;Frans;18/04/2016;20/04/2016;20/05/2016;500,00;600,00;Bevestigd",
)


def signs_up(operator: Operator) -> None:
    """From the entry screen through the seven pages, and back."""
    operator.sees("Login dienstverleners")
    operator.chooses("Aanmelden als dienstverlener")
    operator.sees("Maatschappelijke naam*")
    operator.terminal.settle()
    for value in (
        *(NAME, NUMBER, "vzw"),
        *("Stationsstraat", "1", "", "9000", ""),
        *(ADDRESS, "1700", "BE68 5390 0754 7034", "inform", ""),
    ):
        operator.types(value)
        operator.terminal.settle()
        operator.presses("enter")
        operator.terminal.settle()
    operator.sees("Stel uw organisatie voor")
    operator.types("Wij geven les.")
    operator.presses("tab", "enter")
    operator.sees(NUMBER, "9000 Gent", "BE68 5390 0754 7034", "Informatica", "Wij geven les.")
    operator.terminal.settle()
    operator.presses("enter")
    operator.is_told(f"is onderweg naar {ADDRESS}.")
    operator.presses("escape")


def requests_training(operator: Operator) -> None:
    """From the menu through the four steps, and back to the menu."""
    operator.chooses("Registraties beheren")
    operator.sees("Nog geen registratie")
    operator.presses("n")
    operator.chooses("Maatschappelijke zetel")
    operator.chooses("Opleiding")
    operator.chooses("private dienstverlener")
    operator.answers("Wilt u deze aanvraag versturen?")
    operator.is_told("Uw aanvraag tot registratie voor de dienst Opleiding werd goed ontvangen.")
    operator.sees(REGISTRATION)
    operator.chooses("OK, terug")
    operator.sees("1 registratie")
    operator.goes_home()


def exported(file: Path) -> list[tuple[str, str]]:
    """Number and status of each project in a file."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [(row[0], row[-1]) for row in list(csv.reader(lines, delimiter=";"))[1:]]


@needs_pdftotext
def test_from_no_login_at_all_to_the_first_projects(start: Start, kmop: Command, tmp_path: Path) -> None:
    def post(day: str) -> list[EmailMessage]:
        """The letters that come on that day."""
        kmop("mail", "send", KMOP_NOW=day, KMOP_MAIL_DIR=str(tmp_path / "post"))
        return new_letters(tmp_path / "post")

    # 11 March: signed up; the mail brings login and password, which the first login changes
    operator = Operator(start(KMOP_NOW=SIGN_UP))
    signs_up(operator)
    [welcome] = post(SIGN_UP)
    assert welcome["To"] == ADDRESS
    found = re.search(r"Login: (\S+) Paswoord: (\S+)", body(welcome))
    assert found
    login, password = found.groups()
    operator.logs_in(login, password)
    operator.changes_login(old=password, new=OWN)
    operator.sees("Duid een bewerking aan", NAME)

    # a registration is requested; its number is there at once
    requests_training(operator)
    operator.leaves()
    [receipt] = post(SIGN_UP)
    name, declaration = enclosed(receipt)
    assert name == f"verklaring-{REGISTRATION}.pdf"
    for words in ("Verklaring op eer", REGISTRATION, NAME, NUMBER, "Stationsstraat 1, 9000 Gent", "11/03/2016"):
        assert words in declaration

    # 21 March: a new case handler chooses a password, and notes what came in
    first, told = kmop(
        *("accounts", "add", HANDLER, "--role", "case_handler", "--email", "dossier@example.com"), KMOP_NOW=HANDED_IN
    )
    assert HANDLER in told

    def handles(day: str, *arguments: str, secret: str = HANDLERS_OWN, status: int = 0) -> str:
        terminal = start("registrations", *arguments, "--login", HANDLER, KMOP_NOW=day)
        return types_password(terminal, HANDLER, secret, status=status)

    received = ("receive", REGISTRATION, "declaration")
    handles(HANDED_IN, *received, secret=first.strip(), status=1)
    operator = Operator(start(KMOP_NOW=HANDED_IN))
    operator.logs_in(HANDLER, first.strip())
    operator.changes_login(old=first.strip(), new=HANDLERS_OWN)
    operator.sees("Duid een bewerking aan")
    operator.leaves()
    handles(HANDED_IN, *received)
    handles(
        HANDED_IN,
        *("receive", REGISTRATION, "audit", "--on", "18/03/2016", "--bureau", "Auditbureau", "--result", "positive"),
    )

    # 8 April, four weeks after the request: granted for five years, and the certificate arrives
    assert f"{REGISTRATION}: G " in handles(DECISION, "decide", REGISTRATION, "grant")
    [letter] = post(DECISION)
    assert REGISTRATION in letter["Subject"]
    assert letter["To"] == ADDRESS
    name, certificate = enclosed(letter)
    assert name == f"certificaat-{REGISTRATION}.pdf"
    for words in ("Certificaat", REGISTRATION, NAME, NUMBER, "Opleiding", "08/04/2016", "08/04/2021"):
        assert words in certificate
    assert NAME in kmop("providers", "find", "leren", "--municipality", "9000", KMOP_NOW=DECISION)[0]

    # 25 April: the back office's file comes in, but for the line that cannot be
    file = tmp_path / "projecten.csv"
    file.write_text("\r\n".join((PROJECT_COLUMNS, *PROJECTS, "")), encoding="utf-8-sig", newline="")
    told = kmop("import", "projects", file, status=3, KMOP_NOW=IMPORT)[1]
    assert "2 nieuw, 0 ongewijzigd, 1 geweigerd" in told

    # the provider sees its registration and its projects, and annuls one
    operator = Operator(start(KMOP_NOW=IMPORT))
    operator.logs_in(login, OWN)
    operator.chooses("Registraties beheren")
    operator.sees("Status*", "08/04/2021")
    assert operator.terminal.line(REGISTRATION).split()[-1] == "G"
    operator.goes_home()
    operator.chooses("Overzicht projecten")
    operator.finds(2)
    operator.opens("2016KMO050001")
    operator.sees("Bakkerij Élise bv", "€ 1.198,35", "Bevestigd")
    operator.reacts("annuleren", "te laat", "Aangevraagd na de eerste les.")
    operator.sees("ProjectGeannuleerd (sinds 25/04/2016")
    operator.presses("escape")
    operator.finds(2, 1)
    operator.clears_filters()
    operator.exports("CSV", tmp_path / "lijst.csv")
    assert sorted(exported(tmp_path / "lijst.csv")) == [
        ("2016KMO050001", "ProjectGeannuleerd"),
        ("2016KMO050002", "Bevestigd"),
    ]
    operator.leaves()
    [letter] = post(IMPORT)
    assert letter["To"] == "elise@example.com"
    assert "2016KMO050001" in letter["Subject"]
    assert "Aangevraagd na de eerste les." in body(letter)

    # 1 June: the other one was never paid, which the nightly job sees, once
    foretold = kmop("jobs", "run", "--dry-run", KMOP_NOW=NIGHT)[1]
    done = kmop("jobs", "run", KMOP_NOW=NIGHT)[1]
    assert done.startswith("1 ")
    assert done in foretold
    assert done not in kmop("jobs", "run", KMOP_NOW=NIGHT)[1]
    letters = post(NIGHT)
    assert [letter["To"] for letter in letters] == ["elise@example.com", ADDRESS]
    assert all("2016KMO050002" in letter["Subject"] for letter in letters)
    kmop(
        *("export", "projects", "--login", login, "--format", "csv", "-o", "daarna.csv", "--sort", "number"),
        KMOP_NOW=NIGHT,
    )
    assert exported(tmp_path / "daarna.csv") == [
        ("2016KMO050001", "ProjectGeannuleerd"),
        ("2016KMO050002", "ProjectGeannuleerd"),
    ]
    assert kmop("audit", "verify", KMOP_NOW=NIGHT)[0].split()[0].isdigit()
    kmop("db", "check", KMOP_NOW=NIGHT)
