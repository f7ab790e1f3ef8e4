"""Addresses (vestigingen). Number 1 is the provider's own address, made with it; a headquarters may have more."""

from collections.abc import Collection, Mapping, Sequence

from peewee import Check, IntegerField, TextField, fn

from db.fields import DateField, Table, reference
from db.providers import Provider


class Establishment(Table):
    """One address of a provider."""

    provider = reference(Provider, backref="establishments", index=False)
    number = IntegerField(default=1)
    street = TextField()
    house_number = TextField()
    box = TextField(default="")
    postcode = TextField()
    municipality = TextField()
    municipality_folded = TextField(index=True)
    ended_on = DateField(null=True)
    version = IntegerField(default=1)

    provider_id: int

    class Meta:
        table_name = "establishment"
        indexes = ((("provider", "number"), True),)
        constraints = (Check("number >= 1"),)


def establishments_of(provider_id: int) -> Sequence[Establishment]:
    """The addresses of a provider that were not ended, its own first."""
    open_ones = (Establishment.provider == provider_id) & Establishment.ended_on.is_null()
    return list(Establishment.select().where(open_ones).order_by(Establishment.number))


def own_addresses(providers: Collection[int]) -> dict[int, Establishment]:
    """The own address (number 1) of each of these providers."""
    found = Establishment.select().where(Establishment.provider.in_(providers) & (Establishment.number == 1))
    return {establishment.provider_id: establishment for establishment in found}


def next_number(provider_id: int) -> int:
    """The number of the provider's next establishment; those that were ended keep theirs."""
    last = Establishment.select(fn.MAX(Establishment.number)).where(Establishment.provider == provider_id).scalar()
    return int(last or 0) + 1


def change_establishment(establishment: Establishment, changes: Mapping[str, object]) -> bool:
    """Change these columns; False when somebody else changed the establishment since it was read."""
    changed = (
        Establishment.update(**changes, version=Establishment.version + 1)
        .where((Establishment.id == establishment.id) & (Establishment.version == establishment.version))
        .execute()
    )
    return bool(changed == 1)
