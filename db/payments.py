"""Money that moved for a project, as the back office reports it."""

from typing import Any

from peewee import Check, IntegerField, fn

from db.codes import PaymentKind
from db.fields import CodeField, DateField, Table, reference
from db.projects import Project


class Payment(Table):
    """A deposit of the own share or a payout; `occurrence` tells equal ones of one day apart, from 1."""

    project = reference(Project, backref="payments", index=False)
    paid_on = DateField()
    kind = CodeField(PaymentKind)
    amount_cents = IntegerField()
    occurrence = IntegerField()

    project_id: int

    class Meta:
        table_name = "payment"
        indexes = ((("project", "paid_on", "kind", "amount_cents", "occurrence"), True),)
        constraints = (Check("amount_cents > 0"), Check("occurrence >= 1"))


def paid(kind: PaymentKind) -> Any:
    """What was paid of that kind, in cents: a column of a query about projects."""
    sums = Payment.select(fn.SUM(Payment.amount_cents)).where((Payment.project == Project.id) & (Payment.kind == kind))
    return fn.COALESCE(sums, 0)


def paid_cents(project_id: int) -> dict[PaymentKind, int]:
    """What was deposited and what was paid out for a project, in cents."""
    sums: Any = (
        Payment.select(Payment.kind, fn.SUM(Payment.amount_cents))
        .where(Payment.project == project_id)
        .group_by(Payment.kind)
        .tuples()
    )
    return dict.fromkeys(PaymentKind, 0) | {PaymentKind(kind): cents for kind, cents in sums}


def payments_of(project_id: int) -> list[Payment]:
    """The project's payments, the oldest first."""
    return list(Payment.select().where(Payment.project == project_id).order_by(Payment.paid_on, Payment.id))
