"""Drafts: what somebody who is logged in has typed and not sent yet. They outlive a lock, a lost line and a crash.

A form that is filled in before anybody is logged in (Aanmelden) is kept by the desk alone, for as long as it runs.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from db import drafts
from db.drafts import Draft
from services.errors import NotAllowed
from services.language import _
from services.rules import Permission
from services.work import Actor, Record, reading, require, writing

MOST_CHARACTERS = 64_000
SECRETS = ("password", "paswoord", "secret")


class DraftRecord(Record):
    """What was typed, by the names of the form's fields, and when it was kept."""

    content: dict[str, Any]
    saved_at: datetime


def save_draft(form: str, content: Mapping[str, Any], *, actor: Actor) -> None:
    """Keep `content` (what JSON can hold) as the actor's draft of `form`, in the place of an earlier one.

    A form keeps no secrets: ValueError when it would. NotAllowed for more than 64,000 characters: the last draft stays.
    """
    if secret := next((name for name in content if any(word in name for word in SECRETS)), None):
        raise ValueError(f"{secret} must not be kept in a draft")
    written = json.dumps(content, ensure_ascii=False, sort_keys=True)
    if len(written) > MOST_CHARACTERS:
        raise NotAllowed(_("This is too long to be kept as a draft: shorten it, or send it before you leave."))
    with reading():
        require(actor, Permission.KEEP_DRAFT)
        known = drafts.find_draft(actor.account_id, form)
        if known is not None and known.content == written:
            return
    with writing(actor) as work:
        require(actor, Permission.KEEP_DRAFT)
        draft_id = drafts.keep_draft(actor.account_id, form, written, work.moment)
        work.audit("draft.save", f"draft:{draft_id}", form=form)


def draft_of(form: str, *, actor: Actor) -> DraftRecord | None:
    """The actor's own draft of `form`, None when there is none."""
    with reading():
        require(actor, Permission.KEEP_DRAFT)
        found = drafts.find_draft(actor.account_id, form)
        return None if found is None else DraftRecord(content=json.loads(found.content), saved_at=found.saved_at)


def drop_draft(form: str, *, actor: Actor) -> None:
    """Forget the actor's draft of `form`, when it was sent or is no longer wanted; nothing to forget is fine."""
    with reading():
        require(actor, Permission.KEEP_DRAFT)
        found = drafts.find_draft(actor.account_id, form)
    if found is not None:
        with writing(actor) as work:
            require(actor, Permission.KEEP_DRAFT)
            Draft.delete().where(Draft.id == found.id).execute()
            work.audit("draft.drop", f"draft:{found.id}", form=form)
