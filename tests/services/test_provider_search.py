"""Zoek een dienstverlener: who is found by whom, by what, and what never comes along."""

from datetime import date
from typing import Any

import pytest

from db.codes import Role
from db.database import transaction
from db.establishments import Establishment
from db.providers import Provider
from db.reference_tables import set_expertise
from services.errors import Invalid, NotFound
from services.provider_search import (
    ProviderQuery,
    count_providers,
    get_found_provider,
    search_providers,
)
from services.work import Actor
from tests.making import make_account, make_address, make_provider, register, sign_in

pytestmark = pytest.mark.usefixtures("database")


def make(name: str, number: str, *registrations: tuple[str, str], **columns: Any) -> Any:
    """A headquarters in Schaarbeek with these registrations (number, status)."""
    provider = make_provider(name, number)
    make_address(provider, **columns)
    for registration, status in registrations:
        register(provider, registration, status)
    return provider


@pytest.fixture
def providers(database: object) -> dict[str, Any]:
    """Four that are registered, by name, and some that are not."""
    elise = make("Élise Opleidingen", "0862010195", ("DV.O000001", "G"), ("DV.A000002", "G/V"))
    make_address(elise, 2, street="Veldstraat", house_number="1", box="", postcode="9000", municipality="Gent")
    made = {
        "elise": elise,
        "advies": make("Advies & Co", "0403019261", ("DV.A000003", "G"), postcode="8670", municipality="Koksijde"),
        "percent": make("100 % Les_bv", "0403201185", ("DV.O000004", "G"), postcode="8500", municipality="Kortrijk"),
        "dep": make_provider("Departement", "0862010195", elise, 2),
    }
    make_address(made["dep"], postcode="2000", municipality="Antwerpen")
    register(made["dep"], "DV.O000005", "G")
    with transaction():
        set_expertise(elise.id, ["Talen", "Boekhouding en fiscaliteit"])
        set_expertise(made["advies"].id, ["Strategisch advies"])
    return made


def names(actor: Actor | None = None, **query: Any) -> list[str]:
    """The names that a search finds, which it counts rightly."""
    found = search_providers(ProviderQuery(**query), actor=actor, offset=0, limit=100)
    assert count_providers(ProviderQuery(**query), actor=actor) == len(found)
    return [line.name for line in found]


def test_nobody_needs_a_login_and_no_login_sees_more(providers: dict[str, Any]) -> None:
    everybody = ["100 % Les_bv", "Advies & Co", "Departement", "Élise Opleidingen"]
    assert names() == everybody
    ended = sign_in(make_account("zetel", Role.HEADQUARTERS, providers["elise"]))
    assert names(ended.model_copy(update={"session_id": 99})) == everybody


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"name": " ELISE "}, ["Élise Opleidingen"]),
        ({"name": "%"}, ["100 % Les_bv"]),
        ({"name": "s_b"}, ["100 % Les_bv"]),
        ({"place": "gent"}, ["Élise Opleidingen"]),
        ({"place": "9000"}, ["Élise Opleidingen"]),
        ({"place": "8"}, ["100 % Les_bv", "Advies & Co"]),
        ({"place": "8670 koks"}, ["Advies & Co"]),
        ({"place": "8670 kortrijk"}, []),
        ({"place": "9000 schaarbeek"}, []),  # one establishment must fit as a whole
        ({"service": "A"}, ["Advies & Co", "Élise Opleidingen"]),
        ({"service": "O"}, ["100 % Les_bv", "Departement", "Élise Opleidingen"]),
        ({"expertise": "BOEK"}, ["Élise Opleidingen"]),
        ({"expertise": "a"}, ["Advies & Co", "Élise Opleidingen"]),
        ({"expertise": "toveren"}, []),
        ({"place": "Gent", "service": "A", "expertise": "talen", "name": "opl"}, ["Élise Opleidingen"]),
        ({"place": "Gent", "service": "A", "expertise": "strategisch"}, []),
    ],
)
def test_each_criterion_narrows_the_list(providers: dict[str, Any], query: dict[str, Any], found: list[str]) -> None:
    assert names(**query) == found


def test_a_line_shows_the_establishment_that_fits(providers: dict[str, Any]) -> None:
    def line(**query: Any) -> Any:
        [found] = search_providers(ProviderQuery(name="elise", **query), actor=None, offset=0, limit=9)
        return found

    assert (line().street, line().place) == ("Koning Albert II-Laan 30 12", "1030 Schaarbeek")
    assert (line(place="gent").street, line(place="gent").place) == ("Veldstraat 1", "9000 Gent")
    assert line().services == ("O", "A")
    assert line().expertise == ("Boekhouding en fiscaliteit", "Talen")
    # a second establishment there is no second line
    make_address(providers["elise"], 3, postcode="9050", municipality="Gentbrugge")
    assert line(place="gent").place == "9000 Gent"


@pytest.mark.parametrize(
    ("status", "found"),
    [("A", 0), ("G", 1), ("G/V", 1), ("N", 0), ("L", 0), ("L/H", 0), ("S", 0), ("U", 0), ("T", 0)],
)
def test_only_a_valid_registration_counts(database: object, status: str, found: int) -> None:
    make("Een", "0862010195", ("DV.O000001", status))
    assert len(names()) == found
    assert len(names(service="O")) == found
    if not found:
        with pytest.raises(NotFound):
            get_found_provider("0862.010.195", actor=None)


def test_the_last_day_counts_and_the_day_after_does_not_even_before_the_nightly_job(database: object) -> None:
    provider = make("Een", "0862010195")
    register(provider, "DV.O000001", expires_on=date(2016, 3, 11))
    register(provider, "DV.A000002", expires_on=date(2016, 3, 10))
    assert names(service="O") == ["Een"]
    assert names(service="A") == []
    assert [row.number for row in get_found_provider("0862010195", actor=None).registrations] == ["DV.O000001"]


def test_what_was_ended_is_not_found(providers: dict[str, Any]) -> None:
    with transaction():
        Provider.update(ended_on=date(2016, 3, 1)).where(Provider.id == providers["advies"].id).execute()
        Establishment.update(ended_on=date(2016, 3, 1)).where(Establishment.number == 2).execute()
    assert names(name="advies") == []
    assert names(place="gent") == []
    with pytest.raises(NotFound):
        get_found_provider("0403.019.261", actor=None)
    assert get_found_provider("0862.010.195", actor=None).addresses == ("Koning Albert II-Laan 30 12, 1030 Schaarbeek",)


def test_a_page_continues_the_one_before(providers: dict[str, Any]) -> None:
    lines = [search_providers(ProviderQuery(), actor=None, offset=place, limit=1)[0].name for place in range(4)]
    assert lines == names()
    assert search_providers(ProviderQuery(), actor=None, offset=4, limit=1) == []


def test_one_provider_with_all_that_everybody_may_know(providers: dict[str, Any]) -> None:
    with transaction():
        Provider.update(presentation="Wij\x1b geven les.\nOok 's avonds.", phone="1700").where(
            Provider.id == providers["elise"].id
        ).execute()
    found = get_found_provider("BE 0862.010.195", actor=None)
    assert found.presentation == "Wij geven les.\nOok 's avonds."
    assert found.addresses == ("Koning Albert II-Laan 30 12, 1030 Schaarbeek", "Veldstraat 1, 9000 Gent")
    assert (found.email, found.phone, found.expertise) == (
        "info@example.com",
        "1700",
        ("Boekhouding en fiscaliteit", "Talen"),
    )
    assert [(row.service, row.number, row.expires_on) for row in found.registrations] == [
        ("A", "DV.A000002", date(2023, 3, 21)),
        ("O", "DV.O000001", date(2023, 3, 21)),
    ]
    # what the back office brought has no presentation and no fields
    brought = get_found_provider("0403.201.185", actor=None)
    assert (brought.expertise, brought.presentation) == ((), "")


def test_nothing_internal_ever_comes_along(providers: dict[str, Any]) -> None:
    make_account("geheime-login", Role.HEADQUARTERS, providers["elise"])
    shown = get_found_provider("0862.010.195", actor=None).model_dump_json()
    shown += "".join(
        line.model_dump_json() for line in search_providers(ProviderQuery(), actor=None, offset=0, limit=9)
    )
    assert "Élise" in shown
    for internal in ("BE68539007547034", "geheime-login", "account", "login", "private"):
        assert internal not in shown


@pytest.mark.parametrize("number", ["0862.010.195/9", "0400.378.485", "geen nummer", "x" * 1000])
def test_an_unknown_provider_is_said(providers: dict[str, Any], number: str) -> None:
    with pytest.raises(NotFound) as unknown:
        get_found_provider(number, actor=None)
    assert str(unknown.value).endswith(".")
    assert len(str(unknown.value)) < 500


@pytest.mark.parametrize(
    ("query", "field"),
    [({"name": "x" * 301}, "name"), ({"place": "12345"}, "place"), ({"expertise": "x" * 301}, "expertise")],
)
def test_a_filter_that_does_not_do_is_named(providers: dict[str, Any], query: dict[str, str], field: str) -> None:
    for call in (
        lambda: count_providers(ProviderQuery(**query), actor=None),
        lambda: search_providers(ProviderQuery(**query), actor=None, offset=0, limit=1),
    ):
        with pytest.raises(Invalid) as wrong:
            call()
        assert list(wrong.value.fields) == [field]
