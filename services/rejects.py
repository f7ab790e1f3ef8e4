"""The rows that an import refused, in a file beside the one they came from: `FILE.rejects.csv`."""

import csv
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from services.errors import Invalid
from services.language import _
from services.spreadsheets import guarded


class RejectsFile:
    """Written aside and put in place by `publish`, so that there is never half a file; readable by its owner alone."""

    def __init__(self, imported: Path, header: Sequence[str]) -> None:
        """Raises Invalid when the folder of the imported file cannot be written to."""
        self.path = imported.with_name(f"{imported.name}.rejects.csv")
        self.count = 0
        try:
            handle, name = tempfile.mkstemp(prefix=f".{imported.name}.", suffix=".tmp", dir=imported.parent)
        except OSError:
            raise self._not_writable() from None
        self._aside = Path(name)
        self._file = os.fdopen(handle, "w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._file, delimiter=";", quoting=csv.QUOTE_ALL)
        self._csv.writerow([_("Line"), _("Field"), _("Reason"), *map(guarded, header)])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing behind of what was not published."""
        with suppress(OSError):
            self._file.close()
        self._aside.unlink(missing_ok=True)

    def add(self, line: int, problems: Mapping[str, str], cells: Sequence[str]) -> None:
        """One refused row: its physical line, what is wrong by column ('' is the row itself), its cells as they were.

        Raises Invalid when it cannot be written.
        """
        fields = ", ".join(column or _("row") for column in problems)
        reasons = " ".join(dict.fromkeys(problems.values()))
        try:
            self._csv.writerow([line, *map(guarded, (fields, reasons, *cells))])
        except OSError:
            raise self._not_writable() from None
        self.count += 1

    def publish(self) -> None:
        """Put the file in the place of an earlier run's; with nothing refused there is none. Raises Invalid."""
        try:
            self._file.close()
            if self.count:
                self._aside.replace(self.path)
            else:
                self.path.unlink(missing_ok=True)
        except OSError:
            raise self._not_writable() from None

    def _not_writable(self) -> Invalid:
        return Invalid(
            {
                "file": _("%(file)s cannot be written. Import from a folder that is yours and has room.")
                % {"file": self.path}
            }
        )
