"""Vestigingen: the headquarters' own address moves, others come and go, and the search finds each of them."""

from driver import Operator, Start


def test_an_establishment_comes_is_found_moves_and_goes(start: Start) -> None:
    operator = Operator(start("demo", "--as", "012345678"))
    operator.sees("Duid een bewerking aan")
    operator.chooses("Vestigingen beheren")
    operator.sees("Vestigingen: overzicht", "1030 Schaarbeek", "Koning Albert II-Laan 30 12")

    operator.presses("n")
    operator.sees("Nieuwe vestiging")
    operator.types("Zeelaan")
    operator.presses("tab")
    operator.types("7")
    operator.presses("tab", "tab")
    operator.types("867")
    operator.presses("tab")
    operator.is_told("! De postcode moet vier cijfers hebben, van 1000 tot 9992.")
    operator.presses("shift+tab")
    operator.types("0")  # behind what stands there
    operator.presses("tab")
    operator.sees("Koksijde")
    operator.sees_not("vier cijfers")
    operator.presses("ctrl+s")
    operator.is_told("De vestiging in Koksijde is toegevoegd.")
    operator.sees("8670 Koksijde", "Zeelaan 7")

    # the first one can be changed, not ended
    operator.presses("g", "enter")
    operator.sees("Vestiging beëindigen: nu niet")
    operator.presses("b")
    operator.is_told("! De eerste vestiging is uw maatschappelijke zetel zelf: u kunt ze wijzigen, niet beëindigen.")
    operator.presses("w")
    operator.sees("Vestiging wijzigen")
    operator.presses("ctrl+s")
    operator.is_told("! Er is nog niets gewijzigd.")
    operator.presses("tab", "tab", "ctrl+u")
    operator.types("15")
    operator.presses("ctrl+s")
    operator.is_told("Het adres is gewijzigd.")
    operator.presses("escape")
    operator.sees("Koning Albert II-Laan 30 15", "8670 Koksijde")

    operator.presses("G", "w")
    operator.sees("Vestiging wijzigen", "Zeelaan")
    operator.presses("ctrl+u")
    operator.types("Strandlaan")
    operator.presses("ctrl+s")
    operator.is_told("Het adres is gewijzigd.")
    operator.sees("Strandlaan 7")

    operator.presses("enter")
    operator.sees("Strandlaan")
    operator.presses("b")
    operator.is_told("De vestiging Strandlaan 7, 8670 Koksijde beëindigen?")
    operator.presses("enter")  # the harmless answer has the focus
    operator.sees_not("Ze wordt dan niet meer gevonden")
    operator.presses("b", "right", "enter")
    operator.is_told("De vestiging is beëindigd.")
    operator.sees_not("8670 Koksijde")
