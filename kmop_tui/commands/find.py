"""`kmop-tui find`: the record behind a number, login or name."""

import json
from argparse import Namespace
from collections.abc import Iterator

from kmop_tui.settings import Settings, say
from services.checks import clean_line
from services.databases import command_line_actor, open_existing
from services.find import FindResult, find_records
from services.language import _, ngettext, show_amount, show_date, show_moment
from services.words import word

Block = tuple[str, str, dict[str, str]]


def run(options: Namespace, settings: Settings) -> int:
    """What was found on stdout; on stderr how much there is beyond what is shown."""
    open_existing(settings.database)
    result = find_records(options.text, actor=command_line_actor())
    if options.json:
        print(json.dumps(result.model_dump(mode="json"), ensure_ascii=False, indent=2))
    else:
        print("\n\n".join(_text(block) for block in _blocks(result)))
    more_providers = result.provider_count - len(result.providers)
    more_enterprises = result.enterprise_count - len(result.enterprises)
    if more_providers:
        say(
            ngettext(
                "%(number)s more provider is not shown; give more of the name.",
                "%(number)s more providers are not shown; give more of the name.",
                more_providers,
            )
            % {"number": more_providers}
        )
    if more_enterprises:
        say(
            ngettext(
                "%(number)s more enterprise is not shown; give more of the name.",
                "%(number)s more enterprises are not shown; give more of the name.",
                more_enterprises,
            )
            % {"number": more_enterprises}
        )
    return 0


def _blocks(result: FindResult) -> Iterator[Block]:
    for project in result.projects:
        facts = {
            _("Title"): project.title,
            _("Status"): word(project.status),
            _("Enterprise"): f"{project.enterprise} ({project.enterprise_number})",
            _("Provider"): f"{project.provider} ({project.provider_number})",
            _("Service"): word(project.service),
            _("Application"): show_date(project.applied_on),
            _("Amount"): show_amount(project.amount_cents),
        }
        yield _("Project"), project.number, facts
    for provider in result.providers:
        facts = {
            _("Name"): provider.name,
            _("Type"): provider.kind,
            _("Legal form"): provider.legal_form,
            _("Mail address"): provider.email,
            _("Telephone"): provider.phone,
            _("Ended"): show_date(provider.ended_on),
        }
        yield _("Provider"), provider.number, facts
    for enterprise in result.enterprises:
        facts = {_("Name"): enterprise.name, _("Mail address"): enterprise.email}
        yield _("Enterprise"), enterprise.number, facts
    for account in result.accounts:
        facts = {
            _("Role"): word(account.role),
            _("Provider"): account.provider and f"{account.provider} ({account.provider_number})",
            _("Mail address"): account.email or "",
            _("Last login"): show_moment(account.last_login_at),
            _("Ended"): show_moment(account.ended_at),
        }
        yield _("Login"), account.login, facts


def _text(block: Block) -> str:
    """A heading with its facts below it, one a line; what is not known is left out."""
    kind, name, facts = block
    widest = max(len(label) for label in facts)
    lines = [f"  {label:<{widest}}  {clean_line(value)}" for label, value in facts.items() if value]
    return "\n".join([clean_line(f"{kind} {name}"), *lines])
