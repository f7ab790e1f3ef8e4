"""The command line: what can be asked, and which module answers. Nothing heavy is imported until a command runs."""

import argparse
import gettext
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Any

from kmop_tui.settings import PROGRAM, Settings, WrongUsage, prepare_process, read_settings, say
from services.language import DOMAIN, LANGUAGES, LOCALE_FOLDER, _, use_language

ROLES = ("headquarters", "department", "helpdesk", "case_handler", "admin")
SORTS = ("number", "enterprise", "applied", "amount", "service", "status")
STATUSES = ("Bevestigd", "Lopend", "Afgewerkt", "StopzettingAangevraagd", "ProjectGeannuleerd", "Stopgezet")
SERVICES = ("opleiding", "advies")
DECISIONS = ("grant", "refuse", "suspend", "resume", "exclude", "stop", "confirm")
MOST_DEMO_ROWS = 1_000_000


def _rows(text: str) -> int:
    rows = int(text)
    if not 0 <= rows <= MOST_DEMO_ROWS:
        raise ValueError
    return rows


_rows.__name__ = "0..1000000"


def build_parser() -> argparse.ArgumentParser:
    """The whole command line, its help in the user's language."""
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description=_(
            "The provider's desk of the kmo-portefeuille in a terminal. Without a command it opens the screens."
        ),
        epilog=_("Environment: KMOP_DATABASE, KMOP_LANG, KMOP_SMTP_URL, KMOP_MAIL_DIR, KMOP_NOW, NO_COLOR."),
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"{PROGRAM} {version(PROGRAM)}",
        help=_("show program's version number and exit"),
    )
    _add_common(parser, None)
    # the same two behind a command; what was given before it stays unless it is given again
    common = argparse.ArgumentParser(add_help=False)
    _add_common(common, argparse.SUPPRESS)
    parser.set_defaults(run="kmop_tui.commands.screens:run")
    commands = parser.add_subparsers(metavar=_("COMMAND"), title=_("commands"))

    def command(name: str, help_text: str, module: str, under: Any = commands) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = under.add_parser(
            name, help=help_text, description=help_text, allow_abbrev=False, parents=[common]
        )
        added.set_defaults(run=f"kmop_tui.commands.{module}")
        return added

    def group(name: str, help_text: str) -> Any:
        added = commands.add_parser(name, help=help_text, description=help_text, allow_abbrev=False)
        return added.add_subparsers(metavar=_("COMMAND"), title=_("commands"), required=True)

    demo = command("demo", _("open the screens on a throw-away database with example rows"), "demo:run")
    demo.add_argument("--as", dest="login", metavar="LOGIN", help=_("log in at once as this demo login"))
    demo.add_argument("--rows", type=_rows, default=0, metavar="N", help=_("add N projects of other providers"))
    demo.add_argument("--seed", type=int, default=2016, metavar="N", help=_("seed of the added rows"))

    imports = group("import", _("take in files of the back office (CSV)"))
    for kind, help_text in (
        ("providers", _("service providers and their addresses")),
        ("projects", _("projects and their enterprises")),
        ("payments", _("deposits and payouts")),
    ):
        importing = command(kind, help_text, "imports:run", imports)
        importing.set_defaults(kind=kind)
        importing.add_argument("file", metavar="FILE")

    exports = group("export", _("write a list to a file"))
    projects = command("projects", _("the project list of a login, filtered and sorted"), "exports:run", exports)
    projects.add_argument("--login", required=True, metavar="LOGIN", help=_("whose list"))
    projects.add_argument("--format", required=True, choices=("csv", "xlsx", "json"))
    projects.add_argument("-o", "--output", metavar="FILE", help=_("the file to write; without it, stdout"))
    projects.add_argument("--force", action="store_true", help=_("overwrite the file if it exists"))
    projects.add_argument("--number", default="", metavar="TEXT", help=_("part of the project number"))
    projects.add_argument("--enterprise", default="", metavar="TEXT", help=_("part of the enterprise's name"))
    projects.add_argument("--applied", default="", metavar="RANGE", help=_("2016, 2016-02.., 01/03/2016..15/03/2016"))
    projects.add_argument("--amount", default="", metavar="RANGE", help=_("728,93, '>1000', ..500, 100..500"))
    projects.add_argument("--service", choices=SERVICES)
    projects.add_argument("--status", choices=STATUSES)
    projects.add_argument("--sort", default="-applied", metavar="COLUMN", type=_sort, help=_sort_help())
    projects.add_argument("--all-years", action="store_true", help=_("not only the last two calendar years"))

    find = command("find", _("the record behind a project number, enterprise number, login or name"), "find:run")
    find.add_argument("text", metavar="TEXT")
    find.add_argument("--json", action="store_true", help=_("as JSON"))

    providers = group("providers", _("service providers"))
    search = command("find", _("who has a valid registration, for what and where"), "providers:find", providers)
    search.add_argument("text", metavar="TEXT", nargs="?", default="", help=_("part of the name"))
    search.add_argument(
        "--municipality", default="", metavar="TEXT", help=_("part of a municipality's name, or a postcode")
    )
    search.add_argument("--service", choices=SERVICES)
    search.add_argument("--expertise", default="", metavar="TEXT", help=_("part of a field of expertise"))
    search.add_argument("--json", action="store_true", help=_("as JSON"))

    mails = group("mail", _("the outbox"))
    listing = command("list", _("the letters of the outbox, the newest first"), "mail:list_mail", mails)
    listing.add_argument("--json", action="store_true", help=_("as JSON"))
    command("send", _("deliver what is due (KMOP_SMTP_URL, else KMOP_MAIL_DIR)"), "mail:send_mail", mails)

    registrations = group("registrations", _("registrations of providers, for case handlers"))
    receiving = command("receive", _("note what came in for a request"), "registrations:receive", registrations)
    receiving.add_argument("number", metavar="NUMBER")
    receiving.add_argument("what", choices=("declaration", "audit"))
    receiving.add_argument("--on", metavar="DATE", help=_("the day, if not today"))
    receiving.add_argument("--bureau", default="", metavar="NAME", help=_("who did the audit"))
    receiving.add_argument("--result", choices=("positive", "negative"), help=_("of the audit"))
    deciding = command("decide", _("decide on a registration"), "registrations:decide", registrations)
    deciding.add_argument("number", metavar="NUMBER")
    deciding.add_argument("decision", choices=DECISIONS)
    deciding.add_argument("--reason", default="", metavar="TEXT", help=_("what the provider reads in the letter"))
    deciding.add_argument("--until", metavar="DATE", help=_("the last day of a suspension"))
    deciding.add_argument(
        "--confirmed", action="store_true", help=_("you have read what is told without this option, and agree")
    )
    for acting in (receiving, deciding):
        acting.add_argument(
            "--login",
            required=True,
            metavar="LOGIN",
            help=_("who does this; the password is asked, or read from the standard input's first line"),
        )

    jobs = group("jobs", _("what happens because time passes"))
    running = command("run", _("do what is due today; meant for a timer, once a night"), "jobs:run", jobs)
    running.add_argument("--dry-run", action="store_true", help=_("change nothing, only tell what is due"))

    databases = group("db", _("the database file"))
    command("migrate", _("bring the database up to date"), "databases:migrate", databases)
    command("check", _("look for damage"), "databases:check", databases)
    for name, help_text in (
        ("backup", _("copy the database while it is in use")),
        ("restore", _("put a backup in the database's place")),
    ):
        copying = command(name, help_text, f"databases:{name}", databases)
        copying.add_argument("file", metavar="FILE")

    accounts = group("accounts", _("who may log in"))
    adding = command("add", _("make a login with a temporary password"), "accounts:add", accounts)
    adding.add_argument("login", metavar="LOGIN")
    adding.add_argument("--role", choices=ROLES)
    adding.add_argument("--provider", metavar="NUMBER", help=_("0862.010.195, or 0862.010.195/2 for a department"))
    adding.add_argument("--email", metavar="ADDRESS", help=_("the address on record, if not the provider's"))
    adding.add_argument("--mail", action="store_true", help=_("send the password by mail instead of showing it"))

    audits = group("audit", _("the audit trail"))
    command("verify", _("check that no line was changed or removed"), "audit:verify", audits)

    information = command("info", _("version, paths, database and terminal"), "info:run")
    information.add_argument("--json", action="store_true", help=_("as JSON"))
    completion = command("completion", _("a completion script for your shell"), "completion:run")
    completion.add_argument("shell", choices=("bash", "zsh", "tcsh"))
    return parser


def _add_common(parser: argparse.ArgumentParser, default: str | None) -> None:
    parser.add_argument("--database", metavar="PATH", default=default, help=_("the database file (or KMOP_DATABASE)"))
    parser.add_argument(
        "--lang", choices=LANGUAGES, default=default, help=_("language of screens and messages (or KMOP_LANG)")
    )


def _sort(text: str) -> str:
    if text.removeprefix("-") not in SORTS:
        raise argparse.ArgumentTypeError(_sort_help())
    return text


def _sort_help() -> str:
    return _("one of %(columns)s; with - in front, the highest first") % {"columns": ", ".join(SORTS)}


def _language_asked_for(arguments: Sequence[str]) -> str:
    """The language before the arguments are understood, so that even a wrong one is told in it."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    early.add_argument("--lang", choices=LANGUAGES)
    try:
        asked = early.parse_known_args(arguments)[0].lang
    except argparse.ArgumentError:
        asked = None
    asked = asked or os.environ.get("KMOP_LANG")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def _speak(language: str) -> None:
    use_language(language)
    # argparse asks the standard library's gettext for its own words
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(DOMAIN, str(LOCALE_FOLDER))
    gettext.textdomain(DOMAIN)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status: 0 done, 1 failed, 2 wrong usage, 3 some rows rejected, 130 interrupted."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    prepare_process()
    _speak(_language_asked_for(given))
    options = build_parser().parse_args(_joined(given))
    try:
        settings = read_settings(os.environ, options.database, options.lang)
    except WrongUsage as error:
        say(f"{PROGRAM}: {error}")
        return 2
    module, function = options.run.split(":")
    return _run(getattr(import_module(module), function), options, settings)


def _joined(arguments: Sequence[str]) -> list[str]:
    """`--sort -applied` as `--sort=-applied`: argparse takes what begins with a dash for an option."""
    joined: list[str] = []
    for argument in arguments:
        if joined and joined[-1] == "--sort" and argument.removeprefix("-") in SORTS:
            joined[-1] = f"--sort={argument}"
        else:
            joined.append(argument)
    return joined


def _run(function: Any, options: argparse.Namespace, settings: Settings) -> int:
    from services import clock
    from services.errors import ServiceError

    if settings.starts_at:
        clock.start_at(settings.starts_at)
    try:
        status: int = function(options, settings)
        sys.stdout.flush()  # here, where a reader who has left is understood
    except WrongUsage as error:
        say(f"{PROGRAM}: {error}")
        return 2
    except ServiceError as error:
        say(f"{PROGRAM}: {error}")
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # whoever read our output has gone, such as `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status
