"""Key bindings: each has an id, so that config.toml can move it, and a description that is translated when drawn."""

from textual.binding import Binding


def bind(
    keys: str, action: str, description: str, identity: str, *, show: bool = True, priority: bool = False
) -> Binding:
    """A binding with the id `identity`; `show` puts it on the key line."""
    return Binding(keys, action, description, id=identity, show=show, priority=priority)


KEY_NAMES = {
    "escape": "Esc",
    "enter": "Enter",
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "asterisk": "*",
    "space": "␣",
    "delete": "Del",
    "minus": "-",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "tab": "Tab",
    "shift+tab": "⇧Tab",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
}


def key_name(key: str) -> str:
    """How a key is written where there is little room: `^o`, `Esc`, `/`."""
    if key.startswith("ctrl+") and len(key) == len("ctrl+") + 1:
        return "^" + key[-1]
    return KEY_NAMES.get(key, key.upper() if key[:1] == "f" and key[1:].isdigit() else key)


def key_in_words(key: str) -> str:
    """How a sentence calls a key: `Ctrl+O`, `Esc`, `/`."""
    name = key_name(key)
    return f"Ctrl+{name[1:].upper()}" if name.startswith("^") else name
