"""Enterprises (ondernemingen): the customers who ask for the aid."""

from peewee import Check, IntegerField, TextField

from db.fields import Table


class Enterprise(Table):
    """An enterprise as its newest application names it."""

    enterprise_number = TextField(unique=True)
    name = TextField()
    name_folded = TextField(index=True)
    email = TextField()
    version = IntegerField(default=1)

    class Meta:
        table_name = "enterprise"
        constraints = (Check("length(enterprise_number) = 10"),)
