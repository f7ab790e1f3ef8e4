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
    operator.presses(*["pagedown"] * 5)
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


def test_what_lies_behind_the_menu_explains_itself_too(operator: Operator) -> None:
    operator.sees("Login dienstverleners")
    operator.logs_in("012345678")
    operator.chooses("Registraties beheren")
    operator.sees("DV.A218723")
    operator.presses("enter")
    operator.sees("Registratie DV.A218723")
    reads_help(operator, "Registratie DV.A218723", "Intrekken", "Verklaring")
    operator.presses("d")
    operator.sees("Verklaring op eer", "OK, terug")
    reads_help(operator, "met 2 laat u ze mailen", "drukt u op Enter")
    operator.goes_home()
    operator.chooses("Dienstverleners aanmelden en beheren")
    operator.sees("Dienstverleners: overzicht", "DEP")
    reads_help(operator, "Dienstverleners: overzicht", "Nieuw")
    operator.presses("enter")
    operator.sees("Dienstverlener 0862.010.195")
    reads_help(operator, "Dienstverlener 0862.010.195", "w wijzigt de gegevens")
    operator.presses("w")
    operator.sees("Rekeningnummer*")
    reads_help(operator, "0862.010.195 wijzigen", key="f1")
    operator.goes_home()
    operator.chooses("Vestigingen beheren")
    operator.sees("Vestigingen: overzicht", "1030 Schaarbeek")
    reads_help(operator, "Vestigingen: overzicht")
    operator.presses("enter")
    operator.sees("Vestiging 1")
    reads_help(operator, "Vestiging 1", "De eerste is uw maatschappelijke zetel zelf en blijft.")
    operator.presses("w")
    operator.sees("Vestiging wijzigen")
    reads_help(operator, "Vestiging wijzigen", key="f1")
    operator.goes_home()
    operator.chooses("Overzicht projecten")
    operator.finds(203)
    operator.presses("e")
    operator.sees("XLSX")
    reads_help(operator, "Projecten exporteren", "er wordt nooit iets afgekapt")
    operator.goes_home()
    operator.chooses("Login en paswoord wijzigen")
    operator.sees("Oud paswoord*")
    reads_help(operator, "Wijzig login", key="f1")
    operator.goes_home()
    operator.chooses("Mails van de demo")
    operator.sees("Nog geen mails")
    reads_help(operator, "Mails van de demo", "Tab gaat naar de brief")


def test_so_does_what_needs_no_login(operator: Operator) -> None:
    operator.sees("Login dienstverleners")
    # no item has this number: nothing happens, and the help says how one chooses
    operator.presses("0")
    operator.sees_not("!")
    operator.sees("Login dienstverleners")
    operator.chooses("Aanmelden als dienstverlener")
    operator.sees("Maatschappelijke naam*")
    reads_help(operator, "Aanmelden als dienstverlener", "Ctrl+S brengt u er meteen", key="f1")
    operator.presses("escape")
    operator.chooses("Nieuw paswoord vragen")
    operator.sees("Mailadres*")
    # what is wrong stays said, whatever one reads meanwhile
    operator.types("0862.010.19")
    operator.presses("tab")
    operator.is_told("! Het ondernemingsnummer")
    reads_help(operator, "Login en paswoord vergeten", key="f1")
    operator.presses("escape")
    operator.chooses("Zoek een dienstverlener")
    operator.sees("dienstverleners met een geldige registratie")
    reads_help(operator, "Zoek een dienstverlener", key="f1")
    operator.presses("escape", "enter")
    operator.sees("Voorstelling")
    reads_help(operator, "Dienstverlener")


def test_a_department_reads_why_something_is_not_for_it(operator: Operator) -> None:
    operator.sees("Login dienstverleners")
    operator.chooses("Login individuele dienstverleners/departementen")
    operator.sees("Om toegang te krijgen")
    operator.gives_login("departement", DEMO_PASSWORD)
    operator.sees("Duid een bewerking aan")
    operator.chooses("Vestigingen beheren")
    operator.is_told("Alleen uw maatschappelijke zetel kan dit.")
    operator.presses("down", "9")  # no item has this number
    operator.sees("Duid een bewerking aan")
    reads_help(operator, "Dienstverlener: menu", "kies het om te lezen waarom")
    # what it may do is not barred by that
    operator.chooses("Registraties beheren")
    operator.sees("Registraties: overzicht")


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
