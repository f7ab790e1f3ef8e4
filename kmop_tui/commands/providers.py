"""`kmop-tui providers find`: the public search; it needs no login, and shows nothing that everybody may not know."""

import json
from argparse import Namespace
from collections.abc import Iterator

from kmop_tui.settings import Settings
from services.checks import clean_line
from services.databases import open_existing
from services.errors import NotFound
from services.language import _
from services.provider_search import FoundLine, ProviderQuery, ServiceType, search_providers
from services.words import word

SERVICES = {"opleiding": ServiceType.TRAINING, "advies": ServiceType.ADVICE}
AT_ONCE = 500  # providers in memory


def find(options: Namespace, settings: Settings) -> int:
    """What was found on stdout, by name; NotFound when there is none (with `--json`, after an empty list)."""
    open_existing(settings.database)
    query = ProviderQuery(
        name=options.text,
        place=options.municipality,
        service=SERVICES.get(options.service),
        expertise=options.expertise,
    )
    found = list(_found(query))
    if options.json:
        print(json.dumps([line.model_dump(mode="json") for line in found], ensure_ascii=False, indent=2))
    elif found:
        print("\n\n".join(map(_text, found)))
    if not found:
        raise NotFound(_("No provider with a valid registration was found. Ask for less, or for another place."))
    return 0


def _found(query: ProviderQuery) -> Iterator[FoundLine]:
    offset = 0
    while lines := search_providers(query, actor=None, offset=offset, limit=AT_ONCE):
        yield from lines
        offset += len(lines)


def _text(line: FoundLine) -> str:
    facts = (
        f"{line.street}, {line.place}",
        " · ".join(map(word, line.services)),
        ", ".join(line.expertise),
        " · ".join(filter(None, (line.email, line.phone))),
    )
    rows = (f"  {clean_line(fact)}" for fact in facts if fact)
    return "\n".join([clean_line(f"{line.name} ({line.number})"), *rows])
