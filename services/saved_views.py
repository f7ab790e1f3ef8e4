"""Saved views: lists of projects that somebody keeps under a number from 1 to 9 and a name, to come back to."""

import unicodedata

from pydantic import ValidationError

from db import saved_views
from services.checks import REFUSED, require_line
from services.errors import Conflict, Invalid, NotFound
from services.language import _
from services.projects import ProjectQuery, chosen_projects
from services.rules import Permission
from services.work import Actor, Record, reading, require, writing

NUMBERS = range(1, 10)
LONGEST_NAME = 40


class SavedView(Record):
    """One kept list. `query` is None when it cannot be read any more: it can be replaced or removed."""

    number: int
    name: str
    query: ProjectQuery | None


class SaveView(Record):
    """A list to keep; `replaces` is what the user saw under that number, None for nothing."""

    number: int
    name: str
    query: ProjectQuery
    replaces: SavedView | None = None


def list_views(*, actor: Actor) -> tuple[SavedView, ...]:
    """What the actor keeps, by number."""
    with reading():
        require(actor, Permission.KEEP_VIEW)
        return tuple(_record(row) for row in saved_views.views_of(actor.account_id))


def save_view(command: SaveView, *, actor: Actor) -> SavedView:
    """The view as it is kept now.

    Invalid names what does not do, filters that cannot be read included; Conflict when something else than `replaces`
    stands under that number.
    """
    with writing(actor) as work:
        require(actor, Permission.KEEP_VIEW)
        name = _checked_name(command, actor)
        _require_unchanged(command.number, saved_views.find_view(actor.account_id, command.number), command.replaces)
        # what is left out follows the program, should the usual list ever change
        query = command.query.model_dump_json(exclude_defaults=True)
        row = saved_views.keep_view(actor.account_id, command.number, name, query)
        work.audit("view.save", f"view:{row.id}", number=row.number)
        return _record(row)


def drop_view(view: SavedView, *, actor: Actor) -> None:
    """Forget the view that the user saw; NotFound when it is gone, Conflict when another has taken its place."""
    with writing(actor) as work:
        require(actor, Permission.KEEP_VIEW)
        row = saved_views.find_view(actor.account_id, view.number)
        if row is None:
            raise NotFound(_("View %(number)s was removed already.") % {"number": view.number})
        _require_unchanged(view.number, row, view)
        saved_views.drop_view(row.id)
        work.audit("view.drop", f"view:{row.id}", number=row.number)


def _checked_name(command: SaveView, actor: Actor) -> str:
    """The name as it is kept; Invalid names all that is wrong with the command."""
    wrong, name = {}, ""
    if command.number not in NUMBERS:
        wrong["number"] = _("A view has a number from 1 to 9.")
    try:
        if any(unicodedata.category(letter) in REFUSED for letter in command.name):
            raise ValueError(_("The name has characters that cannot be shown. Type it anew."))
        name = require_line(command.name, _("Name"), LONGEST_NAME)
    except ValueError as error:
        wrong["name"] = str(error)
    try:
        chosen_projects(command.query, actor)
    except Invalid as error:
        wrong |= error.fields
    if wrong:
        raise Invalid(wrong)
    return name


def _require_unchanged(number: int, row: saved_views.SavedView | None, seen: SavedView | None) -> None:
    if (None if row is None else _record(row)) != seen:
        raise Conflict(
            _("View %(number)s was changed meanwhile with this login. Go back and look what it is now.")
            % {"number": number}
        )


def _record(row: saved_views.SavedView) -> SavedView:
    try:
        query = ProjectQuery.model_validate_json(row.query)
    except ValidationError:
        query = None
    return SavedView(number=row.number, name=row.name, query=query)
