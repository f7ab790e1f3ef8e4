"""The filtered, sorted list to a file of one's own, or to the clipboard."""

from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input, Static

from screens.confirm import ConfirmScreen
from screens.desk_screen import DeskScreen
from screens.widgets.choices import Choice, Choices
from screens.widgets.clipboard import copy_projects
from screens.widgets.inputs import Labelled, TextField
from screens.widgets.paths import PathSuggester
from services import clock
from services.errors import Invalid, ServiceError
from services.exports import ExportFormat, ExportProjects, export_projects
from services.files import file_named
from services.language import _, ngettext, show_number
from services.projects import ProjectQuery

CLIPBOARD = "clipboard"


class ExportScreen(DeskScreen):
    """Exports the list of `query`, which has `rows` projects; None when nobody has counted them yet."""

    def __init__(self, query: ProjectQuery, rows: int | None) -> None:
        super().__init__()
        self._query, self._rows = query, rows
        self._format = ExportFormat.XLSX
        self._path: Path | None = None

    def heading(self) -> str:
        return _("Export projects")

    def explanation(self) -> str:
        return _(
            "Choose a format: it is written at once to the file named below; change the name first if you like (Tab). "
            "A file that exists is only overwritten after you say so. The clipboard takes the list through your "
            "terminal, also over SSH; it has a limit, and nothing is ever cut."
        )

    def body(self) -> ComposeResult:
        yield Static(Content(self._lead()), classes="lead")
        yield Choices(
            Choice(ExportFormat.XLSX, _("XLSX, for a spreadsheet, with typed cells")),
            Choice(ExportFormat.CSV, _("CSV, opens in a Belgian Excel")),
            Choice(ExportFormat.JSON, _("JSON, for programs")),
            Choice(CLIPBOARD, _("Copy to the clipboard")),
        )
        name = f"~/projecten-{clock.today():%Y-%m-%d}"
        yield Static()
        yield Labelled(_("File"), TextField(name, id="file", max_length=1000, suggester=PathSuggester()))
        with Horizontal(classes="buttons"):
            yield Button(Content(_("Back")), id="back")

    def _lead(self) -> str:
        if self._rows is None:
            return _("All projects of the list will be exported.")
        rows = ngettext("%(rows)s project will be exported.", "%(rows)s projects will be exported.", self._rows)
        return rows % {"rows": show_number(self._rows)}

    def on_button_pressed(self) -> None:
        """Back."""
        self.action_back()

    def on_input_submitted(self) -> None:
        """From the name back to the formats."""
        self.query_one(Choices).focus()

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """Write, or copy."""
        if event.choice.name == CLIPBOARD:
            self.run_worker(
                copy_projects(self, self._query), group="export", exclusive=True, description="copy projects"
            )
        else:
            self._export(ExportFormat(event.choice.name), overwrite=False)

    def _export(self, form: ExportFormat, *, overwrite: bool) -> None:
        self.say(_("Writing …"))
        self._format, self._path = form, None
        self.run_worker(self._write(form, overwrite), group="export", exclusive=True, description="export projects")

    async def _write(self, form: ExportFormat, overwrite: bool) -> None:
        actor, typed = self.app.acting, self.query_one("#file", Input).value
        path = await self.ask(lambda: file_named(typed, f".{form}"))
        if path is None:
            return
        self._path = path
        command = ExportProjects(query=self._query, format=form)
        result = await self.ask(lambda: export_projects(command, path, actor=actor, overwrite=overwrite))
        if result is not None:
            written = ngettext(
                "%(rows)s project written to %(file)s", "%(rows)s projects written to %(file)s", result.rows
            )
            self.say(written % {"rows": show_number(result.rows), "file": path})

    def refused(self, error: ServiceError) -> None:
        """An existing file is asked about; anything else is said."""
        super().refused(error)
        path = self._path
        if isinstance(error, Invalid) and "file" in error.fields and path is not None and path.is_file():
            self.app.push_screen(
                ConfirmScreen(
                    _("%(file)s exists already. Overwrite it?") % {"file": path}, yes=_("Overwrite"), no=_("Back")
                ),
                self._overwrite,
            )

    def _overwrite(self, agreed: bool | None) -> None:
        if agreed:
            self._export(self._format, overwrite=True)
