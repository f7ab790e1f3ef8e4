"""Writes the pages that say what the code says: keys.md and command-line.md (`make docs`). A test compares them."""

import argparse
from collections.abc import Iterator
from importlib import import_module
from inspect import getmembers, isclass
from pathlib import Path
from pkgutil import walk_packages

from textual.binding import Binding
from textual.dom import DOMNode

import screens
from kmop_tui.cli import build_parser
from services.language import _, written_in

DOCS = Path(__file__).parent
CHARACTERS = {"question_mark": "?", "slash": "/", "colon": ":", "asterisk": "*"}

# What an id begins with, in the order of the page.
PLACES = {
    "app": "Everywhere",
    "screen": "Every screen",
    "entry": "The first screen",
    "choices": "Menus and other numbered lists",
    "table": "The rows of a list",
    "projects": "Overview of projects",
    "views": "Saved views",
    "project": "One project",
    "reaction": "Reacting to a project",
    "registrations": "Registrations: overview",
    "registration": "One registration",
    "providers": "Service providers: overview",
    "provider": "One service provider",
    "establishments": "Establishments: overview",
    "establishment": "One establishment",
    "provider_search": "Find a service provider",
    "sign_up": "Sign-up",
    "form": "Forms",
    "field": "Fields for a line of text",
    "search": "Choosing by typing a few letters",
    "confirm": "Questions before something is lost",
    "help": "Help",
    "trouble": "When the database cannot be used",
}

KEYS_HEAD = """\
<!-- Made by `make docs` from the bindings in the code: do not edit. -->

# Keys

`?` shows the keys of the screen you are on. These work as well, and cannot be moved: Tab and Shift+Tab go from field to
field, the arrows move in a list, a digit chooses in a menu, Enter goes on in a form, and Ctrl+P opens the palette
(colours, help, home, log out, quit). No function needs the mouse, which is left to your terminal: select and copy as
everywhere else.

## Moving a key

tmux and GNU screen keep some keys for themselves, and tastes differ. Put this in
`~/.config/kmop-tui/config.toml` (`kmop-tui info` shows the path that counts on your machine):

```toml
theme = "light"                 # dark unless you say so

[keys]
"app.home" = "ctrl+t"
"table.down" = "down,ctrl+n"    # a comma between several keys
"table.up" = "up,ctrl+r"
"projects.filter" = "f"
```

- The quotation marks round the id are needed: without them TOML takes `table.down` for something else.
- The keys you give take the place of all keys that the id had: `"table.down" = "ctrl+n"` gives up the arrow too.
- Write keys as below: a character (`f`, `G`, `?`), a name (`escape`, `pagedown`, `f2`) or `ctrl+` and a letter.
- One key does one thing: when you give a key that another id has, one of the two loses it. `?` shows what is left.
- `app.quit` and `reaction.confirm` work while you type in a field: give these a key with `ctrl+`.
- An id that does not exist is ignored, and an empty key changes nothing: no function can lose its last key that way.
- Changes count from the next start. Titles, messages and help go on naming some keys as they were.
"""

COMMANDS_HEAD = """\
<!-- Made by `make docs` from the command line's own parser: do not edit. -->

# Command line

What comes out is on stdout, what is said about it on stderr; `--json` is for programs. The options of `kmop-tui` itself
stand before the command: `kmop-tui --lang en mail list`. Exit statuses, environment and files are in
[administrator.md](administrator.md#exit-statuses).
"""


def _own_classes() -> Iterator[type[DOMNode]]:
    """The screens and widgets of our own, and the app."""
    for module in walk_packages(screens.__path__, "screens."):
        for _name, found in getmembers(import_module(module.name), isclass):
            if issubclass(found, DOMNode) and found.__module__ == module.name:
                yield found


def bindings() -> dict[str, Binding]:
    """All bindings with an id, by id; ValueError when two differ under one id, or a place has no title yet."""
    found: dict[str, Binding] = {}
    for owner in _own_classes():
        for binding in owner.__dict__.get("BINDINGS", ()):
            if found.setdefault(binding.id, binding) != binding:
                raise ValueError(f"{binding.id} is given twice")
            if binding.id.split(".")[0] not in PLACES:
                raise ValueError(f"PLACES needs a title for {binding.id}")
    return found


def _written(keys: str) -> str:
    """Keys as config.toml takes them, a character rather than its name."""
    return ", ".join(f"`{CHARACTERS.get(key, key)}`" for key in keys.split(","))


def _row(binding: Binding) -> str:
    with written_in("nl"):
        dutch = _(binding.description)
    return f"| `{binding.id}` | {_written(binding.key)} | {binding.description} | {dutch} |"


def keys_page() -> str:
    """docs/keys.md."""
    parts = [KEYS_HEAD]
    known = bindings().values()
    for place, title in PLACES.items():
        rows = [_row(binding) for binding in known if binding.id is not None and binding.id.split(".")[0] == place]
        parts.append("\n".join([f"\n## {title}\n", "| id | keys | does | Dutch |", "|---|---|---|---|", *rows, ""]))
    return "".join(parts)


def commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """The parsers below `parser` that something runs with, in the order of the help."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for under in action.choices.values():
                if under.get_default("run"):
                    yield under
                yield from commands(under)


def _shown(action: argparse.Action) -> str:
    """An option or argument as it is typed."""
    if action.choices is not None:
        value = "|".join(map(str, action.choices))
    else:
        value = str(action.metavar or action.dest.upper())
    if not action.option_strings:
        return value
    names = ", ".join(action.option_strings)
    return names if action.nargs == 0 else f"{names} {value}"


def _arguments(parser: argparse.ArgumentParser) -> list[str]:
    rows = []
    for action in parser._actions:
        if isinstance(action, (argparse._HelpAction, argparse._SubParsersAction)):
            continue
        needed = action.required and action.option_strings
        help_text = ((action.help or "") % {"prog": parser.prog}) + (" (required)" if needed else "")
        if not (help_text or action.option_strings):
            continue  # the heading says it all
        cells = (f"`{_shown(action)}`", help_text.strip())
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return ["", "| | |", "|---|---|", *rows] if rows else []


def _section(parser: argparse.ArgumentParser) -> list[str]:
    positionals = [
        _shown(action)
        for action in parser._actions
        if not action.option_strings and not isinstance(action, argparse._SubParsersAction)
    ]
    description = parser.description or ""
    sentence = description[:1].upper() + description[1:]
    return ["", f"## {' '.join([parser.prog, *positionals])}", "", sentence, *_arguments(parser)]


def command_line_page() -> str:
    """docs/command-line.md."""
    with written_in("en"):
        parser = build_parser()
        lines = [*_section(parser), "", parser.epilog or ""]
        for command in commands(parser):
            lines += _section(command)
    return COMMANDS_HEAD + "\n".join(lines) + "\n"


def pages() -> dict[Path, str]:
    """The generated pages: path and text."""
    return {DOCS / "keys.md": keys_page(), DOCS / "command-line.md": command_line_page()}


def main() -> None:
    """Write them."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
