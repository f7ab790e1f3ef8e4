"""Login en paswoord vergeten: from the entry screen, by mail, to a password of one's own."""

import re
from email import message_from_bytes, policy
from pathlib import Path

from driver import DEMO_PASSWORD, Command, Operator, Start

OWN = "vier woorden onder de brug"
ALWAYS = "Als dit nummer en dit mailadres bij elkaar horen, is er een mail onderweg"


def asks(operator: Operator, number: str, email: str) -> None:
    """From the entry screen: fill in the form and send it."""
    operator.chooses("Nieuw paswoord vragen")
    operator.sees("Ondernemingsnummer*")
    operator.terminal.settle()
    operator.types(number)
    operator.presses("enter")
    operator.types(email)
    operator.presses("enter")


def letters(kmop: Command, database: Path, folder: Path) -> list[str]:
    """Let the mail go out; the text of each letter, the newest last."""
    kmop("--database", database, "mail", "send", KMOP_MAIL_DIR=str(folder))
    files = sorted((folder / "new").glob("*"), key=lambda path: path.stat().st_mtime_ns)
    return [message_from_bytes(path.read_bytes(), policy=policy.default).get_content() for path in files]


def test_a_new_password(start: Start, database: Path, kmop: Command, tmp_path: Path) -> None:
    operator = Operator(start("--database", database))
    operator.sees("Login dienstverleners")
    # what can be no number is told, what is not on record is not
    asks(operator, "0862.010.196", "info@example.com")
    operator.is_told("! Het ondernemingsnummer is niet juist")
    operator.presses("ctrl+u")
    operator.types("0862.010.195")
    operator.presses("tab", "ctrl+u")
    operator.types("iemand@example.com")
    operator.presses("enter")
    operator.is_told(ALWAYS)
    assert letters(kmop, database, tmp_path / "mail") == []
    operator.presses("escape")
    asks(operator, "0862.010.195", "info@example.com")
    operator.is_told(ALWAYS)
    [letter] = letters(kmop, database, tmp_path / "mail")
    assert "Login:    012345678" in letter
    found = re.search(r"Paswoord: (\S+)", letter)
    assert found
    # the old password is good until the new one is used
    operator.chooses("Inloggen")
    operator.gives_login("012345678", DEMO_PASSWORD)
    operator.sees("Duid een bewerking aan")
    operator.logs_out()
    operator.presses("1")
    operator.gives_login("012345678", found[1])
    operator.sees("Uw huidige login is: 012345678")
    operator.changes_login(old=found[1], new=OWN)
    operator.sees("Duid een bewerking aan")
    operator.logs_out()
    operator.presses("1")
    operator.gives_login("012345678", found[1])
    operator.is_told("! Login en paswoord horen niet bij elkaar.")
    operator.terminal.settle()
    operator.gives_login("012345678", OWN)
    operator.sees("Duid een bewerking aan")


def test_a_department_asks_with_its_own_number(start: Start, database: Path, kmop: Command, tmp_path: Path) -> None:
    operator = Operator(start("--database", database))
    operator.sees("Login dienstverleners")
    asks(operator, "0862.010.195/2", "departement@example.com")
    operator.is_told(ALWAYS)
    [letter] = letters(kmop, database, tmp_path / "mail")
    assert "Login:    departement" in letter
    found = re.search(r"Paswoord: (\S+)", letter)
    assert found
    operator.presses("escape")
    operator.chooses("Login individuele dienstverleners/departementen")
    operator.is_told("als individuele dienstverlener of departement")
    operator.gives_login("departement", found[1])
    operator.sees("Uw huidige login is: departement")


def test_the_login_screen_leads_to_both_forms(start: Start, database: Path) -> None:
    operator = Operator(start("--database", database))
    operator.sees("Login dienstverleners")
    for steps, heading in (("tab", "tab"), "Maatschappelijke naam*"), (("tab", "tab", "tab"), "Ondernemingsnummer*"):
        operator.presses("1")
        operator.is_told("Om toegang te krijgen")
        operator.terminal.settle()
        operator.presses(*steps, "enter")
        operator.sees(heading)
        operator.presses("escape")
        operator.sees("Login dienstverleners")
