"""`kmop-tui mail`: what is in the outbox, and sending it."""

import json
import shutil
import sys
import unicodedata
from argparse import Namespace
from collections.abc import Iterator

from kmop_tui.settings import Settings, WrongUsage, say
from services import mail
from services.databases import command_line_actor, open_existing
from services.language import _, ngettext, show_moment
from services.mail_transports import MaildirTransport, SmtpTransport, Transport
from services.words import word
from services.work import Actor

PAGE = 500


def list_mail(options: Namespace, settings: Settings) -> int:
    """The outbox on stdout, the newest letter first."""
    open_existing(settings.database)
    letters = _letters(command_line_actor())
    if options.json:
        print(json.dumps([letter.model_dump(mode="json") for letter in letters], ensure_ascii=False, indent=2))
        return 0
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for letter in letters:
        cells = (show_moment(letter.created_at), word(letter.status), letter.recipient, letter.subject)
        if columns is None:
            print("\t".join(cells))
        else:
            print(_cut(f"{cells[0]}  {cells[1]:<9}  {cells[2]:<28}  {cells[3]}", columns))
    return 0


def _letters(actor: Actor) -> Iterator[mail.MailRecord]:
    """All letters, a page at a time; one that arrives meanwhile shifts the pages but is not told twice."""
    offset, last = 0, sys.maxsize
    while page := mail.list_mail(actor=actor, limit=PAGE, offset=offset):
        yield from (letter for letter in page if letter.id < last)
        offset, last = offset + PAGE, page[-1].id


def _cut(line: str, columns: int) -> str:
    """`line` if it fits, else as much of it as does and an ellipsis; at most two marks are stacked on a letter."""
    kept, width, marks, fitting = "", 0, 0, ""
    for letter in line:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks > 2:
            continue
        kept += letter
        width += 0 if marks else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if width < columns:
            fitting = kept
    return kept if width <= columns else fitting + "…"


def send_mail(options: Namespace, settings: Settings) -> int:
    """Send what is due; 1 when some of it did not leave."""
    transport = _transport(settings)
    open_existing(settings.database)
    result = mail.send_mail(transport, actor=command_line_actor())
    told = _("%(sent)s sent, %(failed)s failed") % {"sent": result.sent, "failed": result.failed}
    if result.problems:
        told += f": {result.problems[0]}"
    if (others := len(result.problems) - 1) > 0:
        told += " " + ngettext(
            "(and %(number)s other reason: kmop-tui mail list --json)",
            "(and %(number)s other reasons: kmop-tui mail list --json)",
            others,
        ) % {"number": others}
    say(told)
    return 1 if result.failed else 0


def _transport(settings: Settings) -> Transport:
    if settings.smtp_url is None:
        return MaildirTransport(settings.mail_folder or settings.database.parent / "mail")
    try:
        return SmtpTransport(settings.smtp_url)
    except ValueError as error:
        raise WrongUsage(str(error)) from None
