"""Tables that people choose from: legal forms (rechtsvormen) and fields of expertise (vakgebieden)."""

from peewee import CompositeKey, TextField

from db.fields import Table, reference
from db.providers import Provider


class LegalForm(Table):
    """A legal form, by its usual abbreviation."""

    name = TextField(unique=True)

    class Meta:
        table_name = "legal_form"


class FieldOfExpertise(Table):
    """A subject in which a provider is active."""

    name = TextField(unique=True)

    class Meta:
        table_name = "field_of_expertise"


class ProviderExpertise(Table):
    """Which provider is active in which field."""

    provider = reference(Provider, backref="expertise", index=False)
    field = reference(FieldOfExpertise)

    provider_id: int
    field_id: int

    class Meta:
        table_name = "provider_expertise"
        primary_key = CompositeKey("provider", "field")
