"""The colours of the desk, dark and light."""

from textual.theme import Theme

# The dark background and the letters on its cursor have numbers among a terminal's 256 colours: that is shorter.
CALM = {"block-cursor-text-style": "bold", "input-cursor-text-style": "reverse"}
THEMES = (
    Theme(
        name="kmop-dark",
        primary="#5fafd7",
        secondary="#87afaf",
        accent="#ffd75f",
        warning="#ffaf5f",
        error="#ff8787",
        success="#87d787",
        foreground="#dadada",
        background="#121212",
        surface="#1b1e23",
        panel="#262a31",
        dark=True,
        variables=CALM
        | {"demo-mark": "#121212 on #ffd75f", "key-line-key": "#ffd75f", "block-cursor-foreground": "#121212"},
    ),
    Theme(
        name="kmop-light",
        primary="#005f87",
        secondary="#3a5f5f",
        accent="#875f00",
        warning="#875f00",
        error="#af0000",
        success="#005f00",
        foreground="#1c1c1c",
        background="#fafafa",
        surface="#f0f0f0",
        panel="#e0e4e8",
        dark=False,
        variables=CALM | {"demo-mark": "#fafafa on #875f00", "key-line-key": "#005f87"},
    ),
)
