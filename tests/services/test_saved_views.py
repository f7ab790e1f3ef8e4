"""Saved views: nine places an account, each one's own, read and counted as the list is now."""

import json
from typing import Any

import pytest

from db import saved_views
from db.audit import AuditLine
from db.codes import ProjectStatus, Role
from db.database import transaction
from services.errors import Conflict, Invalid, NotAllowed, NotFound, SessionExpired
from services.projects import ProjectQuery, SortColumn, count_projects
from services.saved_views import SavedView, SaveView, drop_view, list_views, save_view
from services.work import Actor
from tests.making import (
    audit_trail,
    later,
    make_account,
    make_enterprise,
    make_project,
    make_provider,
    rows,
    sign_in,
)

RUNNING = ProjectQuery(status=ProjectStatus.RUNNING, sort=SortColumn.AMOUNT, descending=False, all_years=True)


@pytest.fixture
def anna(database: None) -> Actor:
    return sign_in(make_account("anna", Role.HEADQUARTERS, make_provider("Eerste", "0862010195")))


def keep(actor: Actor, number: int = 3, name: str = "Lopend", **fields: Any) -> SavedView:
    return save_view(SaveView(**({"number": number, "name": name, "query": RUNNING} | fields)), actor=actor)


def kept_text(text: str) -> None:
    """What stands in the table becomes this."""
    with transaction():
        saved_views.SavedView.update(query=text).execute()


def test_what_is_kept_is_there_again_by_number(anna: Actor) -> None:
    assert list_views(actor=anna) == ()
    nine = keep(anna, 9, "  Alles   hier ", query=ProjectQuery())
    one = keep(anna, 1, "É" * 40)
    assert list_views(actor=anna) == (one, nine)
    assert (one.query, nine.name, nine.query) == (RUNNING, "Alles hier", ProjectQuery())
    assert audit_trail() == [("view.save", "view:1"), ("view.save", "view:2")]


def test_only_what_differs_from_the_usual_list_is_kept(anna: Actor) -> None:
    keep(anna, query=ProjectQuery(enterprise="élise", status=ProjectStatus.RUNNING))
    [row] = rows(saved_views.SavedView)
    assert json.loads(row["query"]) == {"enterprise": "élise", "status": "Lopend"}


def test_the_audit_line_says_which_view_and_nothing_that_was_typed(anna: Actor) -> None:
    view = keep(anna, name="geheim", query=ProjectQuery(enterprise="geheim"))
    drop_view(view, actor=anna)
    lines = rows(AuditLine)
    assert [(line["action"], line["subject"], line["details"]) for line in lines] == [
        ("view.save", "view:1", '{"number": 3}'),
        ("view.drop", "view:1", '{"number": 3}'),
    ]


def test_everybody_has_views_of_their_own(anna: Actor) -> None:
    own = keep(anna)
    bert = sign_in(make_account("bert", Role.HELPDESK))
    assert list_views(actor=bert) == ()
    with pytest.raises(NotFound):
        drop_view(own, actor=bert)
    other = keep(bert, name="Van bert")
    assert list_views(actor=anna) == (own,)
    drop_view(other, actor=bert)
    assert (list_views(actor=anna), list_views(actor=bert)) == ((own,), ())


def test_a_view_is_counted_among_what_its_owner_may_see(anna: Actor) -> None:
    other, enterprise = make_provider("Tweede", "0403019261"), make_enterprise(1, "Klant")
    for number, provider in enumerate((anna.provider_id, other.id, other.id), 1):
        make_project(
            f"2016KMO{number:06}",
            other,
            enterprise,
            status=ProjectStatus.RUNNING,
            provider_id=provider,
            headquarters_id=provider,
        )
    bert = sign_in(make_account("bert", Role.HELPDESK))
    shown = []
    for actor in (anna, bert):
        query = keep(actor).query
        assert query is not None
        shown.append(count_projects(query, actor=actor).shown)
    assert shown == [1, 3]


def test_a_view_takes_the_place_of_the_one_that_was_seen_there(anna: Actor) -> None:
    first = keep(anna)
    second = keep(anna, name="Anders", query=ProjectQuery(), replaces=first)
    assert list_views(actor=anna) == (second,)
    assert audit_trail() == [("view.save", "view:1")] * 2


def test_what_somebody_else_with_the_same_login_kept_meanwhile_is_not_lost(anna: Actor) -> None:
    first = keep(anna)
    with pytest.raises(Conflict):
        keep(anna, name="Anders")  # saw an empty place
    second = keep(anna, name="Nieuwer", replaces=first)
    with pytest.raises(Conflict):
        keep(anna, name="Anders", replaces=first)
    with pytest.raises(Conflict):
        drop_view(first, actor=anna)
    assert list_views(actor=anna) == (second,)
    drop_view(second, actor=anna)
    with pytest.raises(NotFound):
        drop_view(second, actor=anna)
    with pytest.raises(Conflict):
        keep(anna, name="Anders", replaces=second)  # the user was told that it would replace something
    assert list_views(actor=anna) == ()
    assert [action for action, _subject in audit_trail()] == ["view.save", "view.save", "view.drop"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": 0}, "number"),
        ({"number": 10}, "number"),
        ({"number": -1}, "number"),
        ({"name": ""}, "name"),
        ({"name": " \N{NO-BREAK SPACE} "}, "name"),
        ({"name": "x" * 41}, "name"),
        ({"name": "Lo\x1b[31mpend"}, "name"),
        ({"name": "Lo\npend"}, "name"),
        ({"name": "Lo\N{RIGHT-TO-LEFT OVERRIDE}pend"}, "name"),
        ({"query": ProjectQuery(applied="x")}, "applied"),
        ({"query": ProjectQuery(amount=">")}, "amount"),
        ({"query": ProjectQuery(number="9" * 301)}, "number"),
    ],
)
def test_what_does_not_do_is_said_by_field_and_nothing_is_kept(anna: Actor, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        keep(anna, **wrong)
    assert refusal.value.fields.keys() == {field}
    assert refusal.value.fields[field].endswith(".")
    assert (list_views(actor=anna), audit_trail()) == ((), [])


def test_all_that_is_wrong_is_said_at_once_with_the_filters_own_sentence(anna: Actor) -> None:
    query = ProjectQuery(applied="x")
    with pytest.raises(Invalid) as of_the_list:
        count_projects(query, actor=anna)
    with pytest.raises(Invalid) as refusal:
        keep(anna, number=12, name="", query=query)
    assert refusal.value.fields.keys() == {"number", "name", "applied"}
    assert refusal.value.fields["applied"] == of_the_list.value.fields["applied"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"status": "Verdwenen"}', '{"colour": "red"}', '{"all_years": []}']
)
def test_a_query_that_cannot_be_read_any_more_can_be_replaced_or_removed(anna: Actor, text: str) -> None:
    keep(anna)
    kept_text(text)
    [broken] = list_views(actor=anna)
    assert (broken.number, broken.name, broken.query) == (3, "Lopend", None)
    whole = keep(anna, replaces=broken)
    assert list_views(actor=anna) == (whole,)
    kept_text(text)
    drop_view(broken, actor=anna)
    assert list_views(actor=anna) == ()


def test_a_name_is_kept_as_it_is_however_it_looks(anna: Actor) -> None:
    for number, name in enumerate(("[/x]", "[@click=app.quit]x", "'; DROP TABLE saved_view; --"), 1):
        keep(anna, number, name)
    assert [view.name for view in list_views(actor=anna)] == [
        "[/x]",
        "[@click=app.quit]x",
        "'; DROP TABLE saved_view; --",
    ]


def test_views_take_a_session_that_is_open_and_outlive_it(anna: Actor, system: Actor) -> None:
    with pytest.raises(NotAllowed):
        keep(system)
    view = keep(anna)
    later(minutes=31)
    for call in (
        lambda: list_views(actor=anna),
        lambda: keep(anna, name="Anders", replaces=view),
        lambda: drop_view(view, actor=anna),
    ):
        with pytest.raises(SessionExpired):
            call()
    assert len(rows(saved_views.SavedView)) == 1
