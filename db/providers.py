"""Service providers (dienstverleners): headquarters and their departments."""

from collections.abc import Mapping, Sequence

from peewee import Check, ForeignKeyField, IntegerField, TextField, fn

from db.codes import ProviderKind
from db.fields import CodeField, DateField, Table


class Provider(Table):
    """A headquarters (MZ, department number 0) or one of its departments (DEP, numbered from 1)."""

    name = TextField()
    name_folded = TextField(index=True)
    kind = CodeField(ProviderKind)
    enterprise_number = TextField()
    department_number = IntegerField(default=0)
    headquarters = ForeignKeyField("self", null=True, on_delete="RESTRICT", backref="departments")
    legal_form = TextField()
    email = TextField()
    phone = TextField(default="")
    account_number = TextField()
    presentation = TextField(default="")
    ended_on = DateField(null=True)
    source_digest = TextField(null=True)
    version = IntegerField(default=1)

    headquarters_id: int | None

    class Meta:
        table_name = "provider"
        indexes = ((("enterprise_number", "department_number"), True),)
        constraints = (
            Check("length(enterprise_number) = 10"),
            Check("(kind = 'MZ') = (headquarters_id IS NULL)"),
            Check("(kind = 'MZ') = (department_number = 0)"),
            Check("department_number >= 0"),
        )

    @property
    def organisation_id(self) -> int:
        """The headquarters that this provider is, or belongs to."""
        return self.headquarters_id or self.id


def find_provider(enterprise_number: str, department_number: int = 0) -> Provider | None:
    """The provider with that number; department 0 is the headquarters."""
    found: Provider | None = Provider.get_or_none(
        (Provider.enterprise_number == enterprise_number) & (Provider.department_number == department_number)
    )
    return found


def organisation(headquarters_id: int) -> Sequence[Provider]:
    """A headquarters and its departments that were not ended, by number."""
    belongs = (Provider.id == headquarters_id) | (Provider.headquarters == headquarters_id)
    return list(Provider.select().where(belongs & Provider.ended_on.is_null()).order_by(Provider.department_number))


def next_department_number(headquarters: Provider) -> int:
    """The number of the next department; those that were ended keep theirs."""
    numbers = Provider.select(fn.MAX(Provider.department_number))
    return int(numbers.where(Provider.enterprise_number == headquarters.enterprise_number).scalar()) + 1


def change_provider(provider: Provider, changes: Mapping[str, object]) -> bool:
    """Change these columns; False when somebody else changed the provider since it was read."""
    changed = (
        Provider.update(**changes, version=Provider.version + 1)
        .where((Provider.id == provider.id) & (Provider.version == provider.version))
        .execute()
    )
    return bool(changed == 1)
