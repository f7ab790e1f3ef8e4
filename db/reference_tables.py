"""Tables that people choose from: legal forms (rechtsvormen) and fields of expertise (vakgebieden)."""

from collections.abc import Iterable

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


def legal_form_names() -> list[str]:
    """All legal forms, by name."""
    return [form.name for form in LegalForm.select().order_by(LegalForm.name.collate("NOCASE"))]


def expertise_names() -> list[str]:
    """All fields of expertise, by name."""
    return [field.name for field in FieldOfExpertise.select().order_by(FieldOfExpertise.name.collate("NOCASE"))]


def expertise_of(provider_id: int) -> list[str]:
    """The fields in which a provider is active, by name."""
    own = ProviderExpertise.select(ProviderExpertise.field).where(ProviderExpertise.provider == provider_id)
    fields = FieldOfExpertise.select().where(FieldOfExpertise.id.in_(own))
    return [field.name for field in fields.order_by(FieldOfExpertise.name.collate("NOCASE"))]


def set_expertise(provider_id: int, names: Iterable[str]) -> None:
    """Let the provider be active in just the fields with these names; names that are no field's are left out."""
    ProviderExpertise.delete().where(ProviderExpertise.provider == provider_id).execute()
    for field in FieldOfExpertise.select().where(FieldOfExpertise.name.in_(list(names))):
        ProviderExpertise.create(provider=provider_id, field=field)
