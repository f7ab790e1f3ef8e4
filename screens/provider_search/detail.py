"""One provider as everybody may see it: what it offers, and how to reach it."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from screens.desk_screen import DeskScreen
from screens.widgets.facts import Facts
from services.language import _, show_date
from services.provider_fields import field_name
from services.provider_search import FoundProvider, get_found_provider
from services.words import word


class FoundProviderScreen(DeskScreen):
    """Shows the provider with that number."""

    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, number: str) -> None:
        super().__init__()
        self._number = number

    def heading(self) -> str:
        return _("Service provider %(number)s") % {"number": self._number}

    def explanation(self) -> str:
        return _(
            "What this provider offers and how to reach it. Give its registration number when you apply for aid. Esc "
            "goes back to the list."
        )

    def body(self) -> ComposeResult:
        with VerticalScroll():
            yield Facts()

    def on_mount(self) -> None:
        super().on_mount()
        self.run_worker(self._load(), description="read provider")

    async def _load(self) -> None:
        number, actor = self._number, self.app.actor
        record = await self.ask(lambda: get_found_provider(number, actor=actor))
        if record is not None:
            self.query_one(Facts).show(_facts(record))


def _facts(record: FoundProvider) -> list[tuple[str, str]]:
    valid = _("%(service)s · %(number)s · valid until %(expires)s")
    services = (
        valid % {"service": word(row.service), "number": row.number, "expires": show_date(row.expires_on)}
        for row in record.registrations
    )
    facts = [
        (field_name("name"), record.name),
        (_("Services"), "\n".join(services)),
        (_("Address"), record.addresses[0]),
        (_("Also in"), "\n".join(record.addresses[1:])),
        (field_name("email"), record.email),
        (field_name("phone"), record.phone),
        (field_name("expertise"), ", ".join(record.expertise)),
        (field_name("presentation"), record.presentation),
    ]
    return [(name, value) for name, value in facts if value]
