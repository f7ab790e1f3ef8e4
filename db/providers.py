"""Service providers (dienstverleners): headquarters and their departments."""

from peewee import Check, ForeignKeyField, IntegerField, TextField

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
