"""The indexes that a list of a million projects is read out of."""

from typing import Any

from peewee import Database

LISTED = (
    "number",
    "applied_on",
    "amount_cents",
    "service",
    "status",
    "enterprise_id",
    "headquarters_id",
    "provider_id",
)
INDEXES = {
    "project_by_number": ("number",),
    "project_by_enterprise": ("enterprise_id", "number"),
    "project_by_applied": ("applied_on", "number"),
    "project_by_amount": ("amount_cents", "number"),
    "project_by_service": ("service", "number"),
    "project_by_status": ("status", "number"),
    "project_by_headquarters": ("headquarters_id", "applied_on", "number"),
}
REPLACED = (
    "project_enterprise_id",
    "project_applied_on_number",
    "project_headquarters_id_applied_on_number",
    "project_provider_id_applied_on_number",
)


def up(migrator: Any, db: Database) -> None:
    """Make the new indexes in place of the old ones."""
    execute: Any = db.execute_sql
    for name in REPLACED:
        execute(f'DROP INDEX "{name}"')
    for name, leading in INDEXES.items():
        listed = ", ".join(f'"{column}"' for column in dict.fromkeys((*leading, *LISTED)))
        execute(f'CREATE INDEX "{name}" ON "project" ({listed})')
    for place in range(1, 5):
        execute(f'CREATE INDEX "project_by_digits_{place}" ON "project" (substr(number, {place + 7}, 3))')
