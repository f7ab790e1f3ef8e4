"""Keys that arrive together, as on a slow line: each finds the field and the screen that the one before it led to."""

import random
import re

from driver import DEMO_PASSWORD, Operator, Start

LOGIN = "012345678"


def test_a_login_typed_ahead_never_shows_its_password(start: Start) -> None:
    operator = Operator(start("demo"))
    operator.sees("Login dienstverleners")
    operator.terminal.send(b"1" + b"\x15" + LOGIN.encode() + b"\t" + DEMO_PASSWORD.encode())
    operator.sees("•" * len(DEMO_PASSWORD))
    assert re.search(rf"Login\W+{LOGIN}\s", operator.terminal.text)
    operator.presses("enter")
    operator.sees("Duid een bewerking aan")


def test_a_form_typed_ahead_has_each_text_in_its_field(start: Start) -> None:
    operator = Operator(start("demo"))
    operator.sees("Login dienstverleners")
    operator.terminal.send(b"3Leren\t0403.227.515\tvzw")
    operator.sees("Maatschappelijke naam*", "Leren", "0403.227.515", "VZW")
    for label, text in (("Maatschappelijke naam", "Leren"), ("Ondernemingsnummer", "0403.227.515")):
        assert re.search(rf"{label}\*? +{re.escape(text)}\s", operator.terminal.text)


def test_one_menu_after_the_other_typed_ahead(start: Start) -> None:
    operator = Operator(start("demo", "--as", LOGIN))
    operator.sees("Duid een bewerking aan")
    operator.terminal.send(b"44\r\x1b[24~")
    operator.sees("Project 2016KMO")
    operator.presses("escape")
    operator.sees("Overzicht projecten")
    operator.presses("escape")
    operator.sees("Duid een bewerking aan")


def test_two_hundred_keys_at_once_leave_the_desk_at_work(start: Start) -> None:
    operator = Operator(start("demo", "--as", LOGIN))
    operator.sees("Duid een bewerking aan")
    keys = ["1", "2", "3", "4", "\t", "\r", "j", "k", "g", "G", "/", "x", "s", "a", "n", "w", "\x0f", "?", "é"]
    hand = random.Random(2016)  # noqa: S311 (keys, no secrets)
    operator.terminal.send("".join(hand.choices(keys, k=200)).encode())
    operator.terminal.settle(quiet=1.0, limit=30.0)
    operator.presses("ctrl+o")
    operator.sees("Duid een bewerking aan")
