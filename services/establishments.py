"""Establishments (vestigingen) of a headquarters. Number 1 is its own address: it moves, but never ends."""

from collections.abc import Sequence

from db import establishments
from db.establishments import Establishment
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.language import _
from services.provider_fields import ADDRESS, as_columns, changed_fields, parse_fields
from services.rules import Permission, why_not_end_establishment
from services.work import Actor, Record, reading, require, writing


class AddressRecord(Record):
    """A place, with the two lines in which the manual shows it."""

    street: str
    house_number: str
    box: str
    postcode: str
    municipality: str

    @property
    def street_line(self) -> str:
        """Street, number and box in a line (manual: 'Straat en nr./bus')."""
        return show_street(self)

    @property
    def place_line(self) -> str:
        """Postcode and municipality."""
        return show_place(self)


class EstablishmentRecord(AddressRecord):
    """One address. `why_not_end` says why it cannot be ended, '' when it can."""

    number: int
    version: int
    why_not_end: str


class AddEstablishment(Record):
    """A new address, as typed."""

    street: str
    house_number: str
    box: str = ""
    postcode: str
    municipality: str


class ChangeEstablishment(AddEstablishment):
    """An address as it should be; `version` is that of the record the user saw."""

    number: int
    version: int


def show_street(address: Establishment | AddressRecord) -> str:
    """`Koning Albert II-Laan 30 12`, as the manual writes street, number and box."""
    return " ".join(filter(None, (address.street, address.house_number, address.box)))


def show_place(address: Establishment | AddressRecord) -> str:
    """`1030 Schaarbeek`."""
    return f"{address.postcode} {address.municipality}"


def list_establishments(*, actor: Actor) -> Sequence[EstablishmentRecord]:
    """The addresses of the actor's headquarters, its own first."""
    with reading():
        require(actor, Permission.MANAGE_ESTABLISHMENTS)
        return [_record(row) for row in establishments.establishments_of(_headquarters(actor))]


def get_establishment(number: int, *, actor: Actor) -> EstablishmentRecord:
    """One address of the actor's headquarters; NotFound when there is none, or when it was ended."""
    with reading():
        require(actor, Permission.MANAGE_ESTABLISHMENTS)
        return _record(_find(number, actor))


def add_establishment(command: AddEstablishment, *, actor: Actor) -> EstablishmentRecord:
    """One more address, which the public search finds from now on; Invalid names what does not do."""
    with writing(actor) as work:
        require(actor, Permission.MANAGE_ESTABLISHMENTS)
        headquarters = _headquarters(actor)
        number = establishments.next_number(headquarters)
        values = parse_fields(typed_address(command))
        row: Establishment = Establishment.create(provider=headquarters, number=number, **as_columns(values))
        work.audit("establishment.add", f"establishment:{row.id}", number=number)
        return _record(row)


def change_establishment(command: ChangeEstablishment, *, actor: Actor) -> EstablishmentRecord:
    """The address as it is now; Invalid names what does not do, Conflict when it was changed since `version`."""
    with writing(actor) as work:
        require(actor, Permission.MANAGE_ESTABLISHMENTS)
        row = _find(command.number, actor)
        _require_unchanged(row, command.version)
        changes = changed_fields(kept_address(row), typed_address(command))
        if not changes:
            raise Invalid({"street": _("Nothing was changed yet. Change a field, or go back with Esc.")})
        establishments.change_establishment(row, as_columns(changes))
        work.audit("establishment.change", f"establishment:{row.id}", fields=list(changes))
        return _record(_find(command.number, actor))


def end_establishment(number: int, version: int, *, actor: Actor) -> None:
    """Give the address up; NotAllowed for the headquarters' own, Conflict when it was changed since `version`."""
    with writing(actor) as work:
        require(actor, Permission.MANAGE_ESTABLISHMENTS)
        row = _find(number, actor)
        if reason := why_not_end_establishment(row.number):
            raise NotAllowed(reason)
        _require_unchanged(row, version)
        establishments.change_establishment(row, {"ended_on": work.moment.date()})
        work.audit("establishment.end", f"establishment:{row.id}", number=number)


def kept_address(row: Establishment) -> dict[str, str]:
    """The address by the names of its fields."""
    return {field: getattr(row, field) for field in ADDRESS}


def typed_address(command: Record) -> dict[str, str]:
    """What was typed of an address, by the names of its fields."""
    return {field: getattr(command, field) for field in ADDRESS}


def _headquarters(actor: Actor) -> int:
    if actor.headquarters_id is None:
        raise RuntimeError("a headquarters without its provider")
    return actor.headquarters_id


def _find(number: int, actor: Actor) -> Establishment:
    for row in establishments.establishments_of(_headquarters(actor)):
        if row.number == number:
            return row
    raise NotFound(_("This establishment was ended, or is not yours. Go back to the list."))


def _require_unchanged(row: Establishment, version: int) -> None:
    if row.version != version:
        raise Conflict(_("This address was changed meanwhile, by somebody else of your organisation."))


def _record(row: Establishment) -> EstablishmentRecord:
    return EstablishmentRecord(
        number=row.number,
        version=row.version,
        why_not_end=why_not_end_establishment(row.number),
        **kept_address(row),
    )
