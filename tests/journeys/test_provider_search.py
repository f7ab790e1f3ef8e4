"""Zoek een dienstverlener: by anybody, by name, place, service and field of expertise; and at the command line."""

import json
from pathlib import Path

from driver import Command, Operator


def test_anybody_finds_a_provider_and_how_to_reach_it(operator: Operator) -> None:
    operator.sees("Login dienstverleners")
    operator.chooses("Zoek een dienstverlener")
    operator.sees("dienstverleners met een geldige registratie", "Dienstverlener kmo-po")

    # the cursor is in the first filter; the next one is the place
    operator.types("KMO-PORTEF")
    operator.presses("tab")
    operator.types("12345")
    operator.is_told("! Een postcode heeft vier cijfers")
    operator.presses("ctrl+u")
    operator.types("9000")
    operator.sees("1 dienstverlener met een geldige registratie", "9000 Gent")  # not its headquarters' address
    operator.presses("tab", "enter")
    operator.types("adv")
    operator.presses("enter")
    operator.is_told("Geen enkele dienstverlener voldoet aan deze filters. Druk op x om ze te wissen.")
    operator.presses("escape", "x")
    operator.sees_not("Geen enkele dienstverlener")

    operator.presses("/")
    operator.types("kmo-portef")
    operator.presses("enter")
    operator.sees("1 dienstverlener met een geldige registratie", "1030 Schaarbeek")
    operator.presses("enter")
    operator.sees("Dienstverlener 0862.010.195", "DV.O218724", "21/03/2023", "Ook in", "9000 Gent")
    operator.sees("info@example.com", "1700", "Voorstelling")
    operator.sees_not("BE68", "012345678")
    operator.presses("escape", "escape")
    operator.sees("Login dienstverleners")


def test_the_same_search_at_the_command_line(kmop: Command, database: Path) -> None:
    words = kmop("--database", database, "providers", "find", "kmo-portefeuille", "--municipality", "Gent")[0]
    assert words.splitlines()[:2] == ["Dienstverlener kmo-portefeuille (0862.010.195)", "  Veldstraat 12, 9000 Gent"]
    assert "info@example.com · 1700" in words
    everybody = json.loads(kmop("--database", database, "providers", "find", "--json")[0])
    some = json.loads(kmop("--database", database, "providers", "find", "--service", "advies", "--json")[0])
    assert 0 < len(some) < len(everybody)
    assert all("A" in line["services"] for line in some)
    assert "account" not in json.dumps(everybody)
    said, told = kmop("--database", database, "providers", "find", "niemand zo", "--json", status=1)
    assert json.loads(said) == []
    assert told.startswith("kmop-tui: Er is geen dienstverlener met een geldige registratie gevonden.")
    assert "postcode" in kmop("--database", database, "providers", "find", "--municipality", "12345", status=1)[1]
    kmop("--database", database.with_name("geen.db"), "providers", "find", status=1)
