"""Vestigingen: the first is the headquarters itself, others come and go."""

import json
from typing import Any

import pytest

from db.audit import AuditLine
from db.codes import Role
from db.establishments import Establishment
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.establishments import (
    AddEstablishment,
    ChangeEstablishment,
    EstablishmentRecord,
    add_establishment,
    change_establishment,
    end_establishment,
    get_establishment,
    list_establishments,
)
from services.providers import get_provider
from services.work import Actor
from tests.making import audit_trail, make_account, make_address, make_provider, rows, sign_in

pytestmark = pytest.mark.usefixtures("database")
GHENT = AddEstablishment(street=" Veld\x1bstraat ", house_number="1", box="", postcode="9000", municipality="Gent")


@pytest.fixture
def actor(database: object) -> Actor:
    """A headquarters with the manual's address; a second organisation has two."""
    own, other = make_provider("Eerste", "0862010195"), make_provider("Tweede", "0403019261")
    make_address(own)
    for number in (1, 2):
        make_address(other, number)
    return sign_in(make_account("zetel", Role.HEADQUARTERS, own))


def changed(record: EstablishmentRecord, **changes: Any) -> ChangeEstablishment:
    """What the form sends when these fields are changed in it."""
    sent = {field: getattr(record, field) for field in ChangeEstablishment.model_fields}
    return ChangeEstablishment(**(sent | changes))


def test_the_first_is_the_headquarters_and_others_are_added(actor: Actor) -> None:
    [own] = list_establishments(actor=actor)
    assert (own.number, own.street_line, own.place_line) == (1, "Koning Albert II-Laan 30 12", "1030 Schaarbeek")
    made = add_establishment(GHENT, actor=actor)
    assert (made.number, made.street_line, made.place_line, made.why_not_end) == (2, "Veldstraat 1", "9000 Gent", "")
    assert list_establishments(actor=actor) == [own, made]
    [line] = rows(AuditLine)
    assert line["action"] == "establishment.add"
    assert "Veldstraat" not in line["details"]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("street", "\x1b", "Straat"),
        ("street", "x" * 201, "200"),
        ("house_number", "", "Nummer"),
        ("box", "x" * 21, "Bus"),
        ("postcode", "0999", "1000 tot 9992"),
        ("postcode", "9993", "1000 tot 9992"),
        ("municipality", " ", "Gemeente"),
    ],
)
def test_what_does_not_do_is_named_and_nothing_is_kept(actor: Actor, field: str, typed: str, sentence: str) -> None:
    before = rows(Establishment)
    with pytest.raises(Invalid, match=sentence) as wrong:
        add_establishment(GHENT.model_copy(update={field: typed}), actor=actor)
    assert list(wrong.value.fields) == [field]
    with pytest.raises(Invalid, match=sentence):
        change_establishment(changed(get_establishment(1, actor=actor), **{field: typed}), actor=actor)
    assert rows(Establishment) == before
    assert audit_trail() == []


def test_the_first_one_moves_but_never_ends(actor: Actor) -> None:
    own = get_establishment(1, actor=actor)
    moved = change_establishment(changed(own, postcode="8670", municipality="Kokšijde"), actor=actor)
    assert (moved.place_line, moved.version) == ("8670 Kokšijde", 2)
    assert get_provider("0862.010.195", actor=actor).place_line == "8670 Kokšijde"
    assert rows(Establishment)[0]["municipality_folded"] == "koksijde"
    [line] = rows(AuditLine)
    assert json.loads(line["details"]) == {"fields": ["postcode", "municipality"]}
    with pytest.raises(NotAllowed, match="maatschappelijke zetel") as refusal:
        end_establishment(1, 2, actor=actor)
    assert moved.why_not_end == str(refusal.value)
    assert len(rows(AuditLine)) == 1


def test_nothing_changed_is_said_and_nothing_written(actor: Actor) -> None:
    with pytest.raises(Invalid, match="nog niets gewijzigd"):
        change_establishment(changed(get_establishment(1, actor=actor), street="Koning  Albert II-Laan"), actor=actor)
    assert audit_trail() == []
    assert rows(Establishment)[0]["version"] == 1


def test_an_ended_one_is_gone_and_its_number_is_not_given_out_again(actor: Actor) -> None:
    second = add_establishment(GHENT, actor=actor)
    end_establishment(second.number, second.version, actor=actor)
    assert [line.number for line in list_establishments(actor=actor)] == [1]
    for call in (
        lambda: get_establishment(2, actor=actor),
        lambda: change_establishment(changed(second, box="1"), actor=actor),
        lambda: end_establishment(2, 2, actor=actor),
    ):
        with pytest.raises(NotFound):
            call()
    assert add_establishment(GHENT, actor=actor).number == 3


def test_what_changed_meanwhile_is_a_conflict(actor: Actor) -> None:
    seen = add_establishment(GHENT, actor=actor)
    change_establishment(changed(seen, box="A"), actor=actor)
    with pytest.raises(Conflict):
        change_establishment(changed(seen, box="B"), actor=actor)
    with pytest.raises(Conflict):
        end_establishment(2, seen.version, actor=actor)
    assert get_establishment(2, actor=actor).box == "A"


def test_anothers_is_as_unknown_as_none(actor: Actor) -> None:
    # the other organisation has a number 2, this one has not
    before = rows(Establishment)
    stranger = changed(get_establishment(1, actor=actor), number=2, box="9")
    with pytest.raises(NotFound) as foreign:
        change_establishment(stranger, actor=actor)
    with pytest.raises(NotFound) as none:
        change_establishment(stranger.model_copy(update={"number": 99}), actor=actor)
    assert str(foreign.value) == str(none.value)
    with pytest.raises(NotFound):
        end_establishment(2, 1, actor=actor)
    assert rows(Establishment) == before
