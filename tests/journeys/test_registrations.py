"""Registraties: the overview, the request with its declaration, and the certificate that comes in the end."""

import re
from pathlib import Path

import pytest

from driver import DEMO_PASSWORD, Command, Operator, Start, types_password
from papers import body, enclosed, needs_pdftotext, new_letters, pdf_words

LOGIN = "012345678"
ADVICE, TRAINING = "DV.A218723", "DV.O218724"
TO_BE_DECIDED = "! Over de aanvraag moet eerst beslist worden"


@pytest.fixture
def at_overview(start: Start) -> Operator:
    """The manual's headquarters at its overview, in the demo."""
    operator = Operator(start("demo", "--as", LOGIN))
    operator.sees("Duid een bewerking aan")
    opens_overview(operator)
    return operator


def opens_overview(operator: Operator) -> None:
    """From the menu."""
    operator.chooses("Registraties beheren")
    operator.sees("Registraties: overzicht", "Status*")
    operator.terminal.settle()


def row(operator: Operator, number: str) -> list[str]:
    """The words in the row of a registration; type and status are the last two."""
    return operator.terminal.line(number).split()


def listed(operator: Operator) -> list[str]:
    """The numbers in the overview, from top to bottom."""
    operator.terminal.settle()
    return re.findall(r"^\w+ +(DV\.[AO]\d{6})", operator.terminal.text, re.MULTILINE)


def test_the_overview_is_the_manuals(at_overview: Operator) -> None:
    provider = ("Dienstverlener", "kmo-portef…")
    at_overview.sees("2 registraties", "Registratienr.", "Vervaldag", "Type")
    assert row(at_overview, ADVICE) == ["Advies", ADVICE, *provider, "MZ", "A"]
    assert row(at_overview, TRAINING) == ["Opleiding", TRAINING, "21/03/2023", *provider, "MZ", "G"]
    at_overview.is_told("G/V: Goedgekeurd (verlenging aangevraagd)")
    at_overview.is_told("L/H: Verlopen (hernieuwing aangevraagd)")
    for status in ("A: Aangevraagd", "N: Geweigerd", "L: Verlopen", "S: Geschorst", "U: Uitgesloten", "T: Gestopt"):
        at_overview.sees(status)

    # sorted on each column in turn, one way and the other
    assert listed(at_overview) == [ADVICE, TRAINING]
    at_overview.sees("Dienst▲")
    at_overview.presses("r")
    at_overview.sees("Dienst▼")
    assert listed(at_overview) == [TRAINING, ADVICE]
    for heading in ("Registratienr.", "Vervaldag", "Dienstverlener", "Type", "Status*"):
        at_overview.presses("s")
        at_overview.sees(f"{heading}▼")
    assert listed(at_overview) == [TRAINING, ADVICE]
    at_overview.presses("S", "r")
    at_overview.sees("Type▲")

    # what is not possible for this one, and why; nothing is asked then
    at_overview.presses("s", "g")
    at_overview.sees("A Aangevraagd")
    for key in ("v", "h"):
        at_overview.presses(key)
        at_overview.is_told(TO_BE_DECIDED)
    at_overview.sees_not("Wilt u")


def test_a_registration_is_extended_and_a_request_withdrawn(at_overview: Operator) -> None:
    at_overview.presses("G", "enter")
    at_overview.sees(f"Registratie {TRAINING}", "G Goedgekeurd", "0862.010.195", "private dienstverlener", "positief")
    at_overview.presses("h")
    at_overview.is_told("! De registratie is niet verlopen: u kunt ze verlengen.")
    at_overview.presses("i")
    at_overview.is_told("! Over de aanvraag is al beslist: er valt niets in te trekken. U kunt de registratie")
    at_overview.presses("escape")
    at_overview.sees("Registraties: overzicht")
    # asked first, and No is no
    question = f"Wilt u de verlenging aanvragen van registratie {TRAINING}"
    at_overview.presses("v")
    at_overview.is_told("21/03/2023?")
    at_overview.answers(question, yes=False)
    at_overview.sees_not("Wilt u")
    assert row(at_overview, TRAINING)[-1] == "G"
    at_overview.presses("v")
    at_overview.answers(question)
    at_overview.is_told(f"De verlenging van {TRAINING} is aangevraagd; u ontvangt een mail.")
    assert row(at_overview, TRAINING)[-1] == "G/V"
    at_overview.presses("v")
    at_overview.is_told("! De verlenging is al aangevraagd.")

    # what is no longer alive is left out of the active services
    at_overview.presses("g", "enter")
    at_overview.sees(f"Registratie {ADVICE}", "nog niet ontvangen")
    at_overview.presses("i")
    at_overview.answers(f"Wilt u de aanvraag van registratie {ADVICE} intrekken?")
    at_overview.sees("T Gestopt")
    at_overview.presses("escape")
    at_overview.sees("2 registraties")
    assert row(at_overview, ADVICE)[-1] == "T"
    at_overview.presses("a")
    at_overview.is_told("1 registratie · actieve diensten")
    assert listed(at_overview) == [TRAINING]
    at_overview.presses("a")
    at_overview.is_told("2 registraties · alle diensten")
    at_overview.goes_home()
    at_overview.chooses("Mails van de demo")
    at_overview.sees("Aan: info@example.com", ADVICE)
    at_overview.presses("down")
    at_overview.sees("Aan: info@example.com", TRAINING)


def test_what_has_expired_is_renewed(start: Start, kmop: Command, database: Path) -> None:
    the_day_after = "2023-03-22T09:00:00"
    kmop("--database", database, "jobs", "run", KMOP_NOW=the_day_after)
    operator = Operator(start("--database", database, KMOP_NOW=the_day_after))
    operator.logs_in(LOGIN)
    opens_overview(operator)
    assert row(operator, TRAINING)[-1] == "L"
    operator.presses("G", "v")
    operator.is_told("! De registratie is verlopen: u kunt ze")
    operator.presses("h")
    operator.answers(f"Wilt u de hernieuwing aanvragen van registratie {TRAINING}, met vervaldag 21/03/2023?")
    operator.is_told(f"De hernieuwing van {TRAINING} is aangevraagd")
    assert row(operator, TRAINING)[-1] == "L/H"


@needs_pdftotext
def test_a_registration_is_requested_for_the_department(
    start: Start, kmop: Command, database: Path, home: Path, tmp_path: Path
) -> None:
    operator = Operator(start("--database", database))
    operator.logs_in(LOGIN)
    opens_overview(operator)
    operator.presses("n")
    operator.sees("1. Dienstverlener", "2. Dienst", "3. Registratiebasis", "4. Verklaring op eer", "Geef aan voor wie")
    # the headquarters has both services
    operator.chooses("Maatschappelijke zetel")
    operator.is_told("! Er is geen dienst meer om aan te vragen")
    operator.chooses("Departement")
    operator.sees("Duid aan voor welke dienst")
    operator.chooses("Advies")
    operator.sees("Mijn organisatie is een:", "private dienstverlener", "kennisinstelling")
    operator.sees_not("sectorfonds")
    # back, where what was chosen is chosen still, and forth again
    operator.presses("escape")
    operator.sees("Duid aan voor welke dienst")
    operator.presses("escape")
    operator.sees("Geef aan voor wie")
    operator.sees_not("! Er is geen dienst meer")
    operator.presses("enter")
    operator.sees("Duid aan voor welke dienst")
    operator.terminal.settle()
    operator.presses("enter")
    operator.sees("Mijn organisatie is een:")
    operator.sees_not("sectorfonds")
    operator.presses("escape")
    operator.sees("Duid aan voor welke dienst")
    operator.chooses("Opleiding")
    operator.chooses("sectorfonds")
    # the summary; its harmless answer leads back to the basis
    summary = "voor de dienst Opleiding, als sectorfonds."
    operator.is_told("departement,")
    operator.answers("Wilt u deze aanvraag versturen?", yes=False)
    operator.sees_not("Wilt u")
    operator.presses("enter")
    operator.is_told("Opleiding,")
    operator.sees(*summary.split(", "), "Bevestig")
    operator.answers("Wilt u deze aanvraag versturen?")
    operator.is_told("Uw aanvraag tot registratie voor de dienst Opleiding werd goed ontvangen.")
    operator.sees("DV.O218725", "kmo-portefeuille@vlaanderen.be", "02/553 37 41")

    # the declaration to keep; what is there already stays as it is
    file = home / "verklaring-DV.O218725.pdf"
    operator.chooses("De verklaring als PDF bewaren")
    operator.sees("De verklaring staat in")
    told = pdf_words(file.read_bytes())
    for words in (
        "Verklaring op eer",
        "Registratienummer DV.O218725",
        "Aangevraagd op 11/03/2016",
        "Registratiebasis sectorfonds",
        "Ondernemingsnummer 0862.010.195/2",
        "Naam + Functie",
    ):
        assert words in told
    file.write_bytes(b"mine")
    operator.presses("1")
    operator.is_told("bestaat al")
    assert file.read_bytes() == b"mine"
    operator.presses("ctrl+u")
    operator.types(str(tmp_path / "no folder" / "verklaring.pdf"))
    operator.presses("enter")
    operator.sees("! ", "no folder")
    # one is still in the name
    operator.presses("ctrl+u")
    operator.types("~/tweede.pdf")
    operator.presses("enter")
    operator.sees("De verklaring staat in")
    assert pdf_words((home / "tweede.pdf").read_bytes()) == told
    operator.chooses("De verklaring naar mij mailen")
    operator.is_told("De verklaring gaat naar departement@example.com.")
    operator.chooses("OK, terug")
    operator.sees("3 registraties")
    assert row(operator, "DV.O218725")[-2:] == ["DEP", "A"]
    # once asked for, it cannot be asked for again
    operator.presses("n")
    operator.chooses("Departement")
    operator.chooses("Opleiding")
    operator.is_told("! Voor deze dienst is al een registratie aangevraagd")

    # the receipt and the declaration asked for, each with the same page
    kmop("--database", database, "mail", "send", KMOP_MAIL_DIR=str(tmp_path / "post"))
    received = new_letters(tmp_path / "post")
    assert len(received) == 2
    for letter in received:
        assert "DV.O218725" in letter["Subject"]
        assert letter["To"] == "departement@example.com"
        assert enclosed(letter) == ("verklaring-DV.O218725.pdf", told)


@needs_pdftotext
def test_the_certificate_arrives(start: Start, kmop: Command, database: Path, tmp_path: Path) -> None:
    def handler(*arguments: str, status: int = 0, password: str = DEMO_PASSWORD) -> str:
        command = ("registrations", *arguments, "--login", "dossier", "--database", str(database))
        return types_password(start(*command), "dossier", password, status=status)

    grant = ("decide", ADVICE, "grant")
    assert "Login en paswoord horen niet bij elkaar." in handler(*grant, status=1, password="iets anders")
    assert "De verklaring op eer is nog niet ontvangen" in handler(*grant, status=1)
    assert "! " not in handler("receive", "dv a218 723", "declaration", "--on", "10/03/2016")
    assert "heeft een positieve audit nodig" in handler(*grant, status=1)
    kmop("registrations", "receive", ADVICE, "audit", "--login", "dossier", "--database", database, status=2)
    handler("receive", "218723", "audit", "--bureau", "Auditbureau", "--result", "positive", "--on", "09/03/2016")
    assert f"{ADVICE}: G Goedgekeurd, geldig tot en met 11/03/2021" in handler(*grant)
    assert "Er wacht geen aanvraag op een beslissing." in handler(*grant, status=1)

    kmop("--database", database, "mail", "send", KMOP_MAIL_DIR=str(tmp_path / "post"))
    [letter] = new_letters(tmp_path / "post")
    assert letter["Subject"] == f"Certificaat: registratie {ADVICE} is goedgekeurd"
    assert letter["To"] == "info@example.com"
    assert "geldig tot en met 11/03/2021" in body(letter)
    name, told = enclosed(letter)
    assert name == f"certificaat-{ADVICE}.pdf"
    for words in ("Certificaat", ADVICE, "Advies", "Dienstverlener kmo-portefeuille", "0862.010.195", "11/03/2021"):
        assert words in told

    operator = Operator(start("--database", database))
    operator.logs_in(LOGIN)
    opens_overview(operator)
    assert row(operator, ADVICE)[2] == "11/03/2021"
    assert row(operator, ADVICE)[-1] == "G"
    operator.presses("g", "enter")
    operator.sees("10/03/2016", "09/03/2016 · Auditbureau · positief")
    operator.presses("d")
    operator.is_told("hoort bij een aanvraag")
