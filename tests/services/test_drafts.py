"""Drafts: one for each form of each account, without secrets, gone when they were sent."""

from typing import Any

import pytest

from db.codes import Role
from db.drafts import Draft
from services.drafts import MOST_CHARACTERS, draft_of, drop_draft, save_draft
from services.errors import NotAllowed, SessionExpired
from services.work import Actor
from tests.making import audit_trail, later, make_account, make_provider, rows, sign_in

FORM = "department"
TYPED: dict[str, Any] = {"name": "Élise [b]", "expertise": ["Talen"], "page": 2}


@pytest.fixture
def anna(database: None) -> Actor:
    return sign_in(make_account("anna", Role.HEADQUARTERS, make_provider("Eerste", "0862010195")))


def test_what_was_typed_is_there_again_for_the_same_account_and_form(anna: Actor) -> None:
    assert draft_of(FORM, actor=anna) is None
    save_draft(FORM, TYPED, actor=anna)
    found = draft_of(FORM, actor=anna)
    assert found is not None
    assert found.content == TYPED
    assert draft_of("registration", actor=anna) is None
    bert = sign_in(make_account("bert", Role.HELPDESK))
    assert draft_of(FORM, actor=bert) is None
    save_draft(FORM, {"name": "van Bert"}, actor=bert)
    assert draft_of(FORM, actor=anna) == found


def test_a_newer_draft_takes_the_place_of_the_older_one(anna: Actor) -> None:
    save_draft(FORM, TYPED, actor=anna)
    first = draft_of(FORM, actor=anna)
    later(minutes=1)
    save_draft(FORM, TYPED, actor=anna)  # nothing new: not written again
    assert draft_of(FORM, actor=anna) == first
    save_draft(FORM, TYPED | {"page": 3}, actor=anna)
    second = draft_of(FORM, actor=anna)
    assert first is not None
    assert second is not None
    assert (second.content["page"], len(rows(Draft))) == (3, 1)
    assert second.saved_at > first.saved_at
    assert audit_trail() == [("draft.save", "draft:1")] * 2


def test_a_draft_is_dropped_once_it_was_sent(anna: Actor) -> None:
    save_draft(FORM, TYPED, actor=anna)
    drop_draft(FORM, actor=anna)
    drop_draft(FORM, actor=anna)
    assert draft_of(FORM, actor=anna) is None
    assert [action for action, _subject in audit_trail()] == ["draft.save", "draft.drop"]


@pytest.mark.parametrize("content", [{"old_password": "x"}, {"paswoord": ""}], ids=["en", "nl"])
def test_secrets_are_not_kept(anna: Actor, content: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="draft"):
        save_draft(FORM, content, actor=anna)
    assert rows(Draft) == []


def test_a_draft_takes_a_session_that_is_open(anna: Actor, system: Actor) -> None:
    with pytest.raises(NotAllowed):
        save_draft(FORM, TYPED, actor=system)
    save_draft(FORM, TYPED, actor=anna)
    later(minutes=31)
    with pytest.raises(SessionExpired):
        draft_of(FORM, actor=anna)
    with pytest.raises(SessionExpired):
        save_draft(FORM, TYPED | {"page": 9}, actor=anna)
    assert len(rows(Draft)) == 1  # it outlives the session


def test_a_text_that_is_too_long_is_refused_in_words_and_the_last_draft_stays(anna: Actor) -> None:
    save_draft("f", {"name": "short"}, actor=anna)
    with pytest.raises(NotAllowed):
        save_draft("f", {"name": "x" * MOST_CHARACTERS}, actor=anna)
    kept = draft_of("f", actor=anna)
    assert kept is not None
    assert kept.content == {"name": "short"}
