"""Addresses (vestigingen). Number 1 is the provider's own address, made with it; a headquarters may have more."""

from peewee import Check, IntegerField, TextField

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
