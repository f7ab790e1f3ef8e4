"""Logging in, getting about and getting out; what holds on every screen."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from driver import DEMO_PASSWORD, Operator, Start

LOGIN = "012345678"
NEW_PASSWORD = "vier woorden onder de brug"
NOT_TOGETHER = "! Login en paswoord horen niet bij elkaar."
NOT_SENT = "Wat u hier invulde, is nog niet verstuurd. Wilt u het wissen?"


def at_menu(start: Start, login: str = LOGIN, **environment: Any) -> Operator:
    """Somebody at the menu of the demo."""
    operator = Operator(start("demo", "--as", login, **environment))
    operator.sees("Duid een bewerking aan")
    return operator


def at_form(operator: Operator, text: str) -> None:
    """From the menu to the form of an annulation, with `text` typed."""
    operator.chooses("Overzicht projecten")
    operator.finds(203)
    operator.opens("2016KMO044443")
    operator.starts_reaction("annuleren", "te laat", text)
    operator.sees(text)


def test_what_is_missing_or_wrong_is_said(operator: Operator) -> None:
    operator.sees("Login dienstverleners")
    operator.presses("1")
    operator.gives_login("", "")
    operator.is_told("! Vul uw login in.")
    operator.gives_login(LOGIN, "")
    operator.is_told("! Vul uw paswoord in.")
    operator.gives_login(LOGIN, "niet het paswoord")
    operator.is_told(NOT_TOGETHER)
    operator.sees_not("•")  # the wrong one is gone
    operator.gives_login("onbekende", DEMO_PASSWORD)
    operator.is_told(NOT_TOGETHER)
    operator.presses("escape")
    operator.logs_in(LOGIN)
    operator.sees("Dienstverlener: menu")
    assert DEMO_PASSWORD not in operator.terminal.text


def test_after_five_failures_even_the_right_password_waits(operator: Operator) -> None:
    operator.sees("Login dienstverleners")
    operator.presses("1")
    for attempt in range(5):
        operator.gives_login("groot", f"poging {attempt}")
        operator.is_told(NOT_TOGETHER)
        operator.gives_login("groot", "")  # the next sentence is a new one
        operator.is_told("! Vul uw paswoord in.")
    operator.gives_login("groot", DEMO_PASSWORD)
    operator.is_told("! Te veel mislukte pogingen. Wacht")
    # two seconds later it is good again; somebody else never had to wait
    operator.terminal.settle(quiet=2)
    operator.gives_login("groot", DEMO_PASSWORD)
    operator.sees("Grote dienstverlen…")


def test_home_and_log_out_are_everywhere(start: Start) -> None:
    operator = at_menu(start)

    def the_list() -> None:
        operator.chooses("Overzicht projecten")
        operator.finds(203)

    def a_filter() -> None:
        the_list()
        operator.presses("/")
        operator.terminal.settle()

    def a_project() -> None:
        the_list()
        operator.opens("2016KMO044443")

    def a_reaction() -> None:
        a_project()
        operator.presses("a")
        operator.sees("Reden*")

    def an_export() -> None:
        the_list()
        operator.presses("e")
        operator.sees("Bestand")

    def change_login() -> None:
        operator.chooses("Login en paswoord wijzigen")
        operator.sees("Uw huidige login is")

    def the_outbox() -> None:
        operator.chooses("Mails van de demo")
        operator.sees("Nog geen mail")

    for goes_there in (the_list, a_filter, a_project, a_reaction, an_export, change_login, the_outbox):
        goes_there()
        operator.sees("^o Home  ^l Uitloggen")
        operator.goes_home()
        goes_there()
        operator.logs_out()
        operator.sees_not("Uitloggen")
        operator.logs_in(LOGIN)


def test_escape_goes_back_and_never_quits(start: Start) -> None:
    operator = at_menu(start)
    operator.chooses("Overzicht projecten")
    operator.finds(203)
    operator.presses("/", "escape", "escape")
    operator.sees("Duid een bewerking aan")
    operator.presses("escape", "escape")
    operator.is_told("Druk op Ctrl+L om uit te loggen.")
    operator.logs_out()
    operator.presses("escape", "escape", "escape")
    operator.is_told("Druk op Ctrl+Q om kmop-tui te verlaten.")
    operator.chooses("Hoe registreren en aanmelden?")
    operator.is_told("U heeft nog geen login.")
    operator.presses("escape")
    operator.chooses("Bekijk uw ondernemingsfoto")
    operator.is_told("Dit is voor ondernemingen: ga met uw browser naar www.kmo-portefeuille.be.")
    operator.leaves()


def test_what_cannot_be_kept_is_not_dropped_unasked(start: Start) -> None:
    operator = at_menu(start)
    operator.chooses("Login en paswoord wijzigen")
    operator.sees("Uw huidige login is: 012345678")
    operator.terminal.settle()
    operator.presses("shift+tab", "ctrl+u")
    operator.types("Nog niet verstuurd werk")
    operator.sees("Nog niet verstuurd werk")
    for way_out in ("ctrl+q", "escape", "ctrl+o", "ctrl+l"):
        operator.presses(way_out)
        operator.is_told(NOT_SENT)
        operator.presses("enter")  # the harmless answer has the focus
        operator.sees_not("Wissen")
        operator.sees("Nog niet verstuurd werk")
    operator.presses("ctrl+q")
    operator.is_told(NOT_SENT)
    operator.presses("escape")
    operator.sees_not("Wissen")
    operator.presses("ctrl+q")
    operator.is_told(NOT_SENT)
    operator.presses("tab", "enter")
    assert operator.terminal.wait_for_exit() == 0


def test_changing_the_login(start: Start) -> None:
    operator = at_menu(start)
    operator.chooses("Login en paswoord wijzigen")
    operator.sees("Uw huidige login is: 012345678")
    for old, new, again, login, sentence in (
        (DEMO_PASSWORD, NEW_PASSWORD, NEW_PASSWORD, "", "Vul de nieuwe login in."),
        ("", NEW_PASSWORD, NEW_PASSWORD, "nieuwe", "Vul het oude paswoord in."),
        (DEMO_PASSWORD, "", NEW_PASSWORD, "nieuwe", "Vul het nieuwe paswoord in."),
        (DEMO_PASSWORD, NEW_PASSWORD, "", "nieuwe", "Vul het nieuwe paswoord een tweede keer in."),
        ("helemaal fout", NEW_PASSWORD, NEW_PASSWORD, "nieuwe", "Het oude paswoord is niet juist."),
        (DEMO_PASSWORD, "te kort", "te kort", "nieuwe", "minstens 15 tekens"),
        (DEMO_PASSWORD, NEW_PASSWORD, "vijf woorden in de kast", "nieuwe", "De twee nieuwe paswoorden verschillen."),
        (DEMO_PASSWORD, DEMO_PASSWORD, DEMO_PASSWORD, "nieuwe", "Het nieuwe paswoord is het oude."),
        (DEMO_PASSWORD, NEW_PASSWORD, NEW_PASSWORD, "groot", "Deze login is al"),
    ):
        operator.changes_login(old=old, new=new, again=again, login=login)
        operator.terminal.wait_for(re.compile(r"^ ! .*" + sentence.replace(" ", r"\s+"), re.MULTILINE))
    operator.changes_login(old=DEMO_PASSWORD, new=NEW_PASSWORD, login="nieuwe")
    operator.is_told("Uw login en paswoord zijn gewijzigd.")
    operator.logs_out()
    operator.presses("1")
    operator.gives_login(LOGIN, DEMO_PASSWORD)
    operator.is_told(NOT_TOGETHER)
    operator.presses("escape")
    operator.logs_in("nieuwe", NEW_PASSWORD)
    operator.sees("Duid een bewerking aan")


def test_a_department_sees_its_own_projects(start: Start) -> None:
    operator = Operator(start("demo"))
    operator.sees("Login dienstverleners")
    operator.chooses("Login individuele dienstverleners/departementen")
    operator.gives_login("departement", DEMO_PASSWORD)
    operator.chooses("Overzicht projecten")
    operator.sees("gevonden")
    [own] = re.findall(r"(\d+) project(?:en)? gevonden", operator.terminal.text)
    assert 0 < int(own) < 203


@pytest.mark.parametrize("login", ["helpdesk", "dossier", "beheer"])
def test_operators_see_all_and_leave_reacting_to_the_provider(start: Start, login: str) -> None:
    operator = at_menu(start, login=login)
    operator.chooses("Overzicht projecten")
    operator.sees("gevonden")
    [everything] = re.findall(r"(\d+) projecten gevonden", operator.terminal.text)
    assert int(everything) > 203
    operator.opens("2016KMO044443")
    operator.presses("a")
    operator.is_told("! Alleen de dienstverlener reageert op een project; met uw login kunt u het bekijken.")
    operator.sees_not("Reden*")


@pytest.mark.parametrize("column", ["last_used_at", "ended_at"])
def test_an_expired_session_asks_for_the_password_and_loses_nothing(start: Start, database: Path, column: str) -> None:
    operator = Operator(start("--database", database))
    operator.logs_in(LOGIN)
    at_form(operator, "Getypt voor de sessie verliep")
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(f"UPDATE session SET {column} = '2016-03-11T07:00:00.000000+00:00'")  # noqa: S608
    operator.confirms()
    operator.is_told("Log opnieuw in; u gaat verder waar u was.")
    operator.types("verkeerd")
    operator.presses("enter")
    operator.is_told(NOT_TOGETHER)
    operator.types(DEMO_PASSWORD)
    operator.presses("enter")
    operator.sees("Getypt voor de sessie verliep", "te laat ingediend")
    operator.confirms()
    operator.sees("ProjectGeannuleerd (sinds")
    operator.is_told("Getypt voor de sessie verliep · 012345678")


def test_in_english(start: Start) -> None:
    operator = Operator(start("--lang", "en", "demo", "--as", LOGIN))
    operator.sees("Choose a task", "Log out")
    operator.chooses("Overview of projects")
    operator.sees("203 projects found (203 shown)", "ProjectCancelled")
    assert not re.search(r"\b(projecten|Bevestigd|Terug)\b", operator.terminal.text)


def test_a_light_theme_by_the_palette(start: Start) -> None:
    operator = at_menu(start)
    dark = operator.terminal.look("Duid een").bg
    operator.presses("ctrl+p")
    operator.sees("Licht of donker")
    operator.types("licht")
    operator.terminal.settle()
    operator.presses("enter")
    operator.sees_not("Licht of donker")
    light = operator.terminal.look("Duid een").bg
    assert int(dark[:2], 16) < 0x40 < 0xC0 < int(light[:2], 16)


def test_a_window_that_is_too_small_says_so_and_loses_nothing(start: Start) -> None:
    operator = at_menu(start)
    at_form(operator, "Blijft staan")
    for size in ((59, 24), (80, 14), (30, 9)):
        operator.terminal.resize(*size)
        operator.is_told(f"Dit venster is {size[0]}x{size[1]}. Maak het minstens 60x15; er gaat niets verloren.")
    operator.terminal.resize(60, 15)
    operator.sees_not("Dit venster is")
    operator.terminal.resize(80, 24)
    operator.sees("Blijft staan")
    operator.terminal.resize(132, 43)
    operator.sees("Blijft staan")


def test_without_colour_the_cursor_is_still_seen(start: Start) -> None:
    operator = at_menu(start, NO_COLOR="1")
    operator.chooses("Overzicht projecten")
    operator.finds(203)
    operator.terminal.settle()
    assert operator.terminal.look("2016KMO044855").reverse
    assert not operator.terminal.look("2016KMO044443").reverse
    operator.presses("down")
    operator.sees("2/203")
    assert operator.terminal.look("2016KMO044443").reverse
    operator.presses("enter")
    operator.sees("Project annuleren", "Project stopzetten: nu niet")
    operator.goes_home()
    menu = {operator.terminal.look(item)[3:] for item in ("Overzicht projecten", "Login en paswoord wijzigen")}
    assert len(menu) == 2, "the chosen line of the menu looks like the others"
    colours = re.findall(
        rb"\x1b\[[0-9;]*\b(?:38|48|3[0-7]|4[0-7]|9[0-7]|10[0-7])(?:;[0-9;]*)?m", operator.terminal.received
    )
    # equal parts of red, green and blue, or the number of such a grey
    grey = rb"[34]8;(?:2;(\d+);\1;\1|5;(?:16|59|102|145|188|23[1-9]|24\d|25[0-5]))m"
    coloured = [colour for colour in colours if not re.search(grey, colour)]
    assert not coloured, coloured[:5]
