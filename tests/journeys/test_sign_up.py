"""Aanmelden: from no login at all to the menu, with what goes wrong on the way."""

import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from driver import Command, Operator, Start

OWN = "vier woorden onder de brug"


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """Where the program makes a database of its own: nobody is in it yet."""
    return tmp_path / "new.db"


def at_form(start: Start, database: Path) -> Operator:
    """Somebody at the empty form."""
    operator = Operator(start("--database", database))
    operator.sees("Login dienstverleners")
    operator.chooses("Aanmelden als dienstverlener")
    operator.sees("Maatschappelijke naam*")
    operator.terminal.settle()
    return operator


def fills_in(operator: Operator, *values: str) -> None:
    """Type into one field after the other; Enter goes on, from the last field to the next page."""
    for value in values:
        operator.types(value)
        operator.terminal.settle()
        operator.presses("enter")
        operator.terminal.settle()


def read_password(kmop: Command, database: Path, folder: Path) -> tuple[str, str]:
    """Let the mail go out, and read login and password in the one letter."""
    kmop("--database", database, "mail", "send", KMOP_MAIL_DIR=str(folder))
    [file] = (folder / "new").iterdir()
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert letter["To"] == "info@example.com"
    text = letter.get_content()
    found = re.search(r"Login: +(\S+)\s+Paswoord: (\S+)", text)
    assert found, text
    return found[1], found[2]


def test_signing_up(start: Start, empty: Path, kmop: Command, tmp_path: Path) -> None:
    operator = at_form(start, empty)
    # a wrong number is told when its field is left, and holds the page
    fills_in(operator, "Leren & Werken", "0403.227.516")
    operator.is_told("! Het ondernemingsnummer is niet juist: de laatste twee cijfers passen niet bij de andere.")
    fills_in(operator, "vzw")
    operator.sees("Maatschappelijke naam*")
    operator.is_told("! Het ondernemingsnummer is niet juist")
    operator.presses("ctrl+u")
    fills_in(operator, "be403227515", "")
    # the address: the postcode brings the municipality
    fills_in(operator, "Stationsstraat", "1", "", "9000")
    operator.sees("Gent")
    operator.presses("enter")
    # the pages before are as they were left
    operator.sees("Mailadres*")
    operator.presses("escape", "escape")
    operator.sees("0403.227.515", "VZW")
    operator.presses("tab", "tab", "enter")
    operator.sees("Stationsstraat")
    operator.presses("tab", "tab", "tab", "tab", "enter")
    operator.sees("Mailadres*")
    operator.terminal.settle()
    fills_in(operator, "info@example.com", "1700", "be68539007547034", "inform", "tal", "")
    operator.sees("Stel uw organisatie voor")
    operator.types("Wij geven les.")
    operator.presses("tab", "enter")
    operator.sees("Stationsstraat 1", "9000 Gent", "BE68 5390 0754 7034", "Informatica; Talen", "Wij geven les.")
    operator.terminal.settle()  # the same button is not pressed twice within a fifth of a second
    operator.presses("enter")
    operator.is_told("Een mail met uw login en een tijdelijk paswoord is onderweg naar info@example.com.")
    login, password = read_password(kmop, empty, tmp_path / "mail")
    operator.sees_not(password)
    # the first login asks for a password of one's own
    operator.chooses("Inloggen")
    operator.gives_login(login, password)
    operator.sees("Uw huidige login is: 0403227515")
    operator.changes_login(old=password, new=OWN)
    operator.sees("Duid een bewerking aan", "Leren & Werken")
    operator.logs_out()
    # and the enterprise is known from now on
    operator.chooses("Aanmelden als dienstverlener")
    operator.sees("Maatschappelijke naam*")
    operator.terminal.settle()
    fills_in(operator, "Nog eens", "0403227515", "nv")
    operator.is_told(
        "! Onderneming 0403.227.515 is al aangemeld. Ga terug en vraag op het eerste scherm een nieuw paswoord."
    )


def test_what_was_typed_is_kept_and_offered_again(start: Start, empty: Path) -> None:
    operator = at_form(start, empty)
    fills_in(operator, "Blijft staan", "0403.227.515")
    operator.types("vz")
    operator.terminal.settle()
    operator.presses("escape")
    operator.is_told("Wat u typte, wordt bewaard tot u het programma verlaat")
    operator.presses("ctrl+q")
    operator.is_told("Wat u hier invulde, is nog niet verstuurd. Wilt u het wissen?")
    operator.presses("enter")
    operator.chooses("Aanmelden als dienstverlener")
    operator.is_told("Wat u eerder typte, staat er weer.")
    operator.sees("Blijft staan", "0403.227.515")
    operator.presses("ctrl+n")
    operator.is_told("Wat u hier invulde, is nog niet verstuurd. Wilt u het wissen?")
    operator.presses("tab", "enter")
    operator.sees_not("Blijft staan")
    operator.sees("Maatschappelijke naam*")
    operator.presses("escape")
    operator.leaves()


def test_confirming_leads_to_the_first_field_that_is_wrong(start: Start, empty: Path) -> None:
    operator = at_form(start, empty)
    fills_in(operator, "Leren & Werken", "0403.227.515", "vzw", "Stationsstraat", "1", "", "9991", "Adegem")
    operator.is_told("Wij kennen 9991 Adegem niet. Klopt het? U mag het zo laten.")
    fills_in(operator, "info@example.com", "1700")
    operator.sees("Rekeningnummer*")
    operator.types("BE68 5390 0754 7035")
    operator.presses("ctrl+s")
    operator.is_told("! Het rekeningnummer is geen geldig IBAN, zoals BE68 5390 0754 7034.")
    operator.presses("ctrl+u")
    operator.types("BE68 5390 0754 7034")
    operator.presses("ctrl+s")
    # a page that was not filled in yet is no mistake; what is typed there by halves is
    operator.is_told("Nog in te vullen: Vakgebieden.")
    operator.sees("In welke vakgebieden bent u actief?")
    operator.types("zzz")
    operator.presses("tab")
    operator.is_told("! Kies een of meer vakgebieden.")
    operator.presses("ctrl+q")
    operator.is_told("Wilt u het wissen?")
    operator.presses("tab", "enter")
    assert operator.terminal.wait_for_exit() == 0


def test_a_sign_up_in_the_demo_reads_its_password_there_and_logs_in_with_it(start: Start) -> None:
    operator = Operator(start("demo"))
    operator.sees("Login dienstverleners")
    operator.chooses("Aanmelden als dienstverlener")
    operator.sees("Maatschappelijke naam*")
    operator.terminal.settle()
    fills_in(operator, "Leren & Werken", "0403.227.515", "vzw", "Stationsstraat", "1", "", "9000", "")
    fills_in(operator, "info@example.com", "1700", "be68539007547034", "inform", "tal", "")
    operator.sees("Stel uw organisatie voor")
    operator.types("Wij geven les.")
    operator.presses("ctrl+s")
    operator.sees("9000 Gent")
    operator.terminal.settle()
    operator.presses("ctrl+s")
    operator.chooses("Mails van de demo")
    operator.sees("Aan: info@example.com", "Paswoord:")
    found = re.search(r"Login: +(\S+)\s+Paswoord: (\S+)", operator.terminal.text)
    assert found
    operator.presses("escape")
    operator.chooses("Inloggen")
    operator.gives_login(found[1], found[2])
    operator.changes_login(old=found[2], new=OWN)
    operator.sees("Duid een bewerking aan")
