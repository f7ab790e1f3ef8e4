"""What the peers show: the rows of kmop-tui's list, in its order and its words. Needs nothing but Python."""

import sqlite3
from contextlib import closing
from pathlib import Path

# An organisation's projects of two calendar years (the demo's clock says 2016), or everything for an operator.
ROWS = """
    SELECT project.number, enterprise.name, project.applied_on, project.amount_cents, project.service, project.status
    FROM project
    JOIN enterprise ON enterprise.id = project.enterprise_id
    WHERE instr(project.number, ?) {scope}
    ORDER BY project.applied_on DESC, project.number DESC
"""
OF_PROVIDER = "AND project.headquarters_id = ? AND project.applied_on >= '2015-01-01'"
HEADINGS = ("Projectnr", "Onderneming", "Aanvraag", "Bedrag", "Dienst", "Status")
SERVICES = {"O": "Opleiding", "A": "Advies"}

Cells = tuple[str, str, str, str, str, str]


def rows_of(database: Path, login: str, number: str = "") -> list[Cells]:
    """The projects that this login sees and whose number contains `number`, as they are shown."""
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        [provider] = connection.execute("SELECT provider_id FROM account WHERE login = ?", (login,)).fetchone()
        if provider is None:
            found = connection.execute(ROWS.format(scope=""), (number,))
        else:
            found = connection.execute(ROWS.format(scope=OF_PROVIDER), (number, provider))
        return [_cells(*row) for row in found]


def _cells(number: str, name: str, applied_on: str, cents: int, service: str, status: str) -> Cells:
    euros = f"{cents // 100:,}".replace(",", ".")
    applied = "/".join(reversed(applied_on.split("-")))
    return number, name, applied, f"€ {euros},{cents % 100:02}", SERVICES[service], status
