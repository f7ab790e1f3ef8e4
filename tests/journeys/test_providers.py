"""Dienstverleners: a new department with its login, other data, a new account number, and the end of one."""

import pytest

from driver import DEMO_PASSWORD, Operator, Start

LOGIN = "012345678"


@pytest.fixture
def at_overview(start: Start) -> Operator:
    """The manual's headquarters at its overview, in the demo."""
    operator = Operator(start("demo", "--as", LOGIN))
    operator.sees("Duid een bewerking aan")
    operator.chooses("Dienstverleners aanmelden en beheren")
    operator.sees("Dienstverleners: overzicht", "1030 Schaarbeek", "Koning Albert II-Laan 30 12", "DEP")
    return operator


def fills(operator: Operator, *texts: str) -> None:
    """Type each text in its field, from the one that the cursor is in on; '' leaves one as it is."""
    for place, text in enumerate(texts):
        if place:
            operator.presses("tab")
        if text:
            operator.presses("ctrl+u")
            operator.types(text)


def test_a_department_is_signed_up_with_its_own_login(at_overview: Operator) -> None:
    at_overview.presses("n")
    at_overview.sees("Nieuw departement", "BE68 5390 0754 7034")
    fills(at_overview, "Afdeling Gent", "Veldstraat", "1", "", "900", "")
    at_overview.is_told("! De postcode moet vier cijfers hebben, van 1000 tot 9992.")
    at_overview.presses("shift+tab")
    fills(at_overview, "9000", "")
    at_overview.sees("Gent")
    fills(at_overview, "", "gent", "")
    at_overview.is_told("! 'gent' is geen mailadres")
    at_overview.presses("shift+tab")
    fills(at_overview, "gent@example.com", "02 553 00 00", "", "gent-login", "talen")
    at_overview.presses("enter")
    at_overview.sees("Gekozen: Talen")
    at_overview.presses("ctrl+s")
    at_overview.is_told("Afdeling Gent is aangemeld, met nummer 0862.010.195/3.")
    at_overview.is_told("De login komt per mail naar gent@example.com.")
    at_overview.sees("Afdeling Gent", "9000 Gent", "Veldstraat 1")


def test_what_was_typed_is_there_again_and_dropped_on_demand_only(at_overview: Operator) -> None:
    at_overview.presses("n")
    at_overview.sees("Nieuw departement")
    at_overview.types("Afdeling")
    at_overview.presses("escape")
    at_overview.is_told("Wat u invulde, is bewaard")
    at_overview.presses("n")
    at_overview.sees("Nieuw departement", "Afdeling")
    at_overview.presses("ctrl+s")
    at_overview.is_told("! Straat: vul dit in.")
    at_overview.presses("ctrl+n")
    at_overview.answers("Wat u hier invulde, is nog niet verstuurd. Wilt u het wissen?")
    at_overview.sees_not("Afdeling")


def test_a_new_account_number_is_confirmed_with_the_password_and_told_by_mail(at_overview: Operator) -> None:
    at_overview.presses("enter")
    at_overview.sees("Rekeningnummer", "BE68 5390 0754 7034", "Departement beëindigen: nu niet")
    at_overview.presses("b")
    at_overview.is_told("! Een maatschappelijke zetel kan hier niet beëindigd worden: bel 1700")
    at_overview.presses("w")
    at_overview.sees("0862.010.195 wijzigen")
    at_overview.sees_not("Uw paswoord*")
    at_overview.presses(*["tab"] * 8)
    fills(at_overview, "NL91 ABNA 0417 1643 01", "")
    at_overview.is_told("! Het rekeningnummer is geen geldig IBAN")
    at_overview.presses("shift+tab")
    fills(at_overview, "NL91 ABNA 0417 1643 00")
    at_overview.sees("Uw paswoord*")
    at_overview.presses("ctrl+s")
    at_overview.is_told("! Het rekeningnummer wijzigt: bevestig dat met uw eigen paswoord.")
    fills(at_overview, "niet het paswoord")
    at_overview.presses("ctrl+s")
    at_overview.is_told("! Het paswoord is niet juist.")
    fills(at_overview, DEMO_PASSWORD)
    at_overview.presses("ctrl+s")
    at_overview.is_told("De gegevens zijn gewijzigd; het nieuwe rekeningnummer wordt per mail gemeld.")
    at_overview.sees("NL91 ABNA 0417 1643 00")
    at_overview.goes_home()
    at_overview.chooses("Mails van de demo")
    at_overview.sees("Aan: info@example.com", "De gegevens van Dienstverlener kmo-portefeuille zijn gewijzigd")


def test_a_department_with_open_projects_stays_and_one_without_ends(at_overview: Operator) -> None:
    at_overview.presses("down", "enter")
    at_overview.sees("Dienstverlener 0862.010.195/2")
    at_overview.presses("b")
    at_overview.is_told("! Dit departement heeft nog")
    at_overview.presses("escape", "n")
    at_overview.sees("Nieuw departement")
    fills(at_overview, "Tijdelijk", "Veldstraat", "1", "", "9000", "", "tijdelijk@example.com")
    at_overview.presses("ctrl+s")
    at_overview.is_told("Tijdelijk is aangemeld, met nummer 0862.010.195/3.")
    at_overview.presses("G", "enter")
    at_overview.sees("Dienstverlener 0862.010.195/3")
    at_overview.presses("b")
    at_overview.is_told("Tijdelijk beëindigen, met de bijhorende logins?")
    at_overview.presses("right", "enter")
    at_overview.is_told("Tijdelijk is beëindigd.")
    at_overview.sees_not("9000 Gent")


def test_a_department_sees_itself_and_changes_how_it_is_reached(start: Start) -> None:
    operator = Operator(start("demo", "--as", "departement"))
    operator.sees("Duid een bewerking aan")
    operator.chooses("Vestigingen beheren")
    operator.is_told("Alleen uw maatschappelijke zetel kan dit.")
    operator.chooses("Dienstverleners aanmelden en beheren")
    operator.sees("DEP")
    operator.sees_not("1030 Schaarbeek")
    operator.presses("n")
    operator.is_told("! Alleen uw maatschappelijke zetel kan dit.")
    operator.presses("w")
    operator.sees("0862.010.195/2 wijzigen", "Al het andere wijzigt uw maatschappelijke zetel.")
    operator.sees_not("Rekeningnummer")
    fills(operator, "", "bel mij", "")
    operator.is_told("! Het telefoonnummer is niet juist")
    operator.presses("shift+tab")
    fills(operator, "+32 2 553 00 00")
    operator.presses("ctrl+s")
    operator.is_told("De gegevens zijn gewijzigd.")
    operator.presses("enter")
    operator.sees("+32 2 553 00 00")
