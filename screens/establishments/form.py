"""A new establishment, or another address for one."""

from collections.abc import Callable, Iterator, Mapping

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.record_form import RecordForm
from services.establishments import (
    AddEstablishment,
    ChangeEstablishment,
    EstablishmentRecord,
    add_establishment,
    change_establishment,
    get_establishment,
)
from services.language import _
from services.provider_fields import ADDRESS
from services.work import Actor


def _address(record: EstablishmentRecord | None) -> dict[str, str]:
    return {field: "" if record is None else getattr(record, field) for field in ADDRESS}


class EstablishmentFormScreen(RecordForm):
    """Changes `record`, or makes a new establishment when it is None."""

    def __init__(self, record: EstablishmentRecord | None, done: Callable[[str], None]) -> None:
        super().__init__(_address(record), done)
        self._record = record

    def heading(self) -> str:
        return _("New establishment") if self._record is None else _("Change establishment")

    def explanation(self) -> str:
        return _(
            "The address of an establishment. Enter goes to the next field; a postcode that we know fills in the "
            "municipality. Ctrl+S or the button confirms. Esc goes back; what you typed is kept for when you come back."
        )

    def draft_name(self) -> str:
        return f"establishment:{'new' if self._record is None else self._record.number}"

    def rows(self) -> Iterator[Widget]:
        for field in ADDRESS:
            yield self.line(field)
        note = _("* required. Enterprises find you by the place of each of your establishments.")
        yield Static(Content(note), classes="note")

    def keep(self, values: Mapping[str, str], actor: Actor) -> str:
        if self._record is None:
            made = add_establishment(AddEstablishment(**values), actor=actor)
            return _("The establishment in %(place)s was added.") % {"place": made.municipality}
        change = ChangeEstablishment(number=self._record.number, version=self._record.version, **values)
        change_establishment(change, actor=actor)
        return _("The address was changed.")

    def read_again(self, actor: Actor) -> Mapping[str, str]:
        if self._record is not None:
            self._record = get_establishment(self._record.number, actor=actor)
        return _address(self._record)
