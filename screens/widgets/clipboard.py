"""Copying through the terminal (OSC 52), which works over SSH too: the text lands on the user's own machine."""

from screens.desk_screen import DeskScreen
from services.exports import projects_as_text
from services.language import _, ngettext, show_number
from services.projects import ProjectQuery

# hterm's osc52.sh, and the many that follow it, send and take sequences of 100,000 bytes. 8 of these frame the text
# (App.copy_to_clipboard writes ESC ] 52 ; c ; and BEL); 74,994 bytes of text are 99,992 of base64.
LIMIT_BYTES = 74_994


async def copy_projects(screen: DeskScreen, query: ProjectQuery) -> None:
    """Copy the whole list as tab-separated lines, or nothing when it is too long; `screen` says which.

    A terminal does not answer: whether it took the text shows only when the user pastes it.
    """
    actor = screen.app.acting
    copied = await screen.ask(lambda: projects_as_text(query, actor=actor, limit_bytes=LIMIT_BYTES))
    if copied is None:
        return
    screen.app.copy_to_clipboard(copied.text)
    sent = ngettext(
        "%(rows)s project was sent to your clipboard.", "%(rows)s projects were sent to your clipboard.", copied.rows
    ) % {"rows": show_number(copied.rows)}
    screen.say(f"{sent} {_('If pasting gives nothing, your terminal does not allow it: export to a file instead.')}")
