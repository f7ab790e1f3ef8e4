"""Service providers from the back office, each with its own address (establishment 1)."""

import re
from collections.abc import Sequence

from db import imports
from db.codes import ProviderKind
from db.establishments import Establishment
from db.fields import folded
from db.imports import KnownProvider
from db.providers import Provider
from services.backoffice_files import Cells
from services.checks import parse_account_number, parse_postcode
from services.import_rows import Outcome, Problems, email, fingerprint, known_otherwise, provider_number
from services.language import _
from services.work import Work

PHONE = re.compile(r"\+?[0-9][0-9 ./()\-]{2,}")


def _kind(text: str) -> ProviderKind:
    try:
        return ProviderKind(text.upper())
    except ValueError:
        raise ValueError(_("'%(text)s' is no type; write MZ or DEP.") % {"text": text}) from None


class ProviderImport:
    """The rows of a file of providers: headquarters first, so that a department may stand before its own."""

    columns = (
        "Naam",
        "Ondernemingsnummer",
        "Type",
        "Rechtsvorm",
        "Straat",
        "Nr",
        "Bus",
        "Postcode",
        "Gemeente",
        "E-mail",
        "Telefoon",
        "Rekeningnummer",
    )
    turns = 2

    def read(self, cells: Cells) -> KnownProvider:
        """The row as a provider; Invalid names the columns that do not do."""
        row = KnownProvider(
            name=cells.read("Naam", str),
            number=cells.read("Ondernemingsnummer", provider_number),
            kind=cells.read("Type", _kind),
            legal_form=cells.text("Rechtsvorm"),
            street=cells.read("Straat", str),
            house_number=cells.read("Nr", str),
            box=cells.text("Bus"),
            postcode=cells.read("Postcode", parse_postcode),
            municipality=cells.read("Gemeente", str),
            email=cells.read("E-mail", email),
            phone=cells.text("Telefoon"),
            account_number=cells.read("Rekeningnummer", parse_account_number),
        )
        if not cells.problems.keys() & {"Ondernemingsnummer", "Type"}:
            department = row.number[1]
            if row.kind == ProviderKind.HEADQUARTERS and department:
                cells.problems["Ondernemingsnummer"] = _("A headquarters (MZ) has no department after its number.")
            if row.kind == ProviderKind.DEPARTMENT and not department:
                cells.problems["Ondernemingsnummer"] = _(
                    "A department (DEP) has its number after a slash, as in 0862.010.195/2."
                )
        if row.kind == ProviderKind.HEADQUARTERS and not row.legal_form:
            cells.problems["Rechtsvorm"] = _("This is required.")
        if row.phone and not PHONE.fullmatch(row.phone):
            cells.problems["Telefoon"] = _("The telephone number may hold digits, spaces and + . / ( ) - only.")
        cells.finish()
        return row

    def turn(self, row: KnownProvider) -> int:
        """Headquarters in the first, departments in the second."""
        return int(row.kind == ProviderKind.DEPARTMENT)

    def record(self, rows: Sequence[KnownProvider], work: Work) -> Sequence[Outcome | Problems]:
        """Add the providers that are new; the others stay as they are."""
        known = imports.known_providers(row.number[0] for row in rows)
        organisations = imports.provider_ids(row.number[0] for row in rows)
        added: list[tuple[KnownProvider, str]] = []
        outcomes: list[Outcome | Problems] = []
        for row in rows:
            digest = fingerprint(row)
            headquarters = (row.number[0], 0)
            if row.number in known:
                provider, known_digest = known[row.number]
                outcomes.append(self._compared(provider, row, digest == known_digest))
            elif row.kind == ProviderKind.DEPARTMENT and headquarters not in organisations:
                outcomes.append({"Ondernemingsnummer": _("The headquarters of this department is not known.")})
            else:
                known[row.number] = (row, digest)
                added.append((row, digest))
                outcomes.append(Outcome.NEW)
        _add(added)
        return outcomes

    def _compared(self, provider: KnownProvider, row: KnownProvider, same_source: bool) -> Outcome | Problems:
        differing = [column for column, left, right in zip(self.columns, provider, row, strict=True) if left != right]
        # a record that was changed here to just what the file says now needs nothing either
        return known_otherwise(differing) if differing and not same_source else Outcome.UNCHANGED


def _add(added: Sequence[tuple[KnownProvider, str]]) -> None:
    numbers = [row.number[0] for row, _digest in added]
    organisations = imports.provider_ids(numbers)
    imports.insert_rows(
        Provider,
        [
            {
                "name": row.name,
                "name_folded": folded(row.name),
                "kind": row.kind,
                "enterprise_number": row.number[0],
                "department_number": row.number[1],
                "headquarters": organisations[row.number[0], 0][0] if row.number[1] else None,
                "legal_form": row.legal_form,
                "email": row.email,
                "phone": row.phone,
                "account_number": row.account_number,
                "source_digest": digest,
            }
            for row, digest in added
        ],
    )
    ids = imports.provider_ids(numbers)
    imports.insert_rows(
        Establishment,
        [
            {
                "provider": ids[row.number][0],
                "number": 1,
                "street": row.street,
                "house_number": row.house_number,
                "box": row.box,
                "postcode": row.postcode,
                "municipality": row.municipality,
                "municipality_folded": folded(row.municipality),
            }
            for row, _digest in added
        ],
    )
