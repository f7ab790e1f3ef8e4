"""The documentation: pages made from the code are up to date, links lead somewhere, examples can be typed in."""

import argparse
import re
import runpy
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from driver import PROGRAM, clean_environment
from kmop_tui.cli import build_parser
from terminal import Terminal

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
PICTURE = DOCS / "pictures" / "projects.svg"
BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.DOTALL | re.MULTILINE)
GENERATED: dict[Path, str] = runpy.run_path(str(DOCS / "generate.py"))["pages"]()


@pytest.mark.parametrize("page", GENERATED, ids=lambda page: page.name)
def test_the_generated_pages_are_those_of_the_code(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == GENERATED[page], "make docs"


def commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """`parser` and all below it that take no further command."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield parser
    for group in groups:
        for under in group.choices.values():
            yield from commands(under)


def test_every_command_and_option_is_on_its_page() -> None:
    page = (DOCS / "command-line.md").read_text(encoding="utf-8")
    sections = {section.splitlines()[0]: section for section in page.split("\n## ")}
    all_commands = list(commands(build_parser()))
    assert len(all_commands) > 10
    for command in all_commands:
        [section] = [text for title, text in sections.items() if f"{title} ".startswith(f"{command.prog} ")]
        options = {option for action in command._actions for option in action.option_strings} - {"-h", "--help"}
        assert not {option for option in options if not re.search(rf"{option}[ ,`]", section)}, command.prog


def test_every_binding_of_the_code_is_on_its_page() -> None:
    page = (DOCS / "keys.md").read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "screens").rglob("*.py"))
    calls = re.findall(r"\bbind\(\s*\"", sources)
    ids = re.findall(r"\bbind\(\s*(?:\"[^\"]*\",\s*){3}\"([a-z_.]+)\"", sources)
    assert len(ids) == len(calls) > 20
    assert not {identity for identity in ids if f"| `{identity}` |" not in page}


def anchors(page: Path) -> set[str]:
    """The headings of a page as GitHub names them in links."""
    text = BLOCK.sub("", page.read_text(encoding="utf-8"))
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_resolve(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", BLOCK.sub("", page.read_text(encoding="utf-8")))
    for link in links:
        if link.startswith(("https://", "mailto:")):
            continue
        file, _hash, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.is_file(), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    todo = [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        seen.add(page)
        files = re.findall(r"\]\(([^)\s#:]+\.md)", page.read_text(encoding="utf-8"))
        todo += [path for file in files if (path := (page.parent / file).resolve()) not in seen]
    assert set(PAGES) == seen


def test_the_readme_opens_with_commands_that_exist() -> None:
    opening = BLOCK.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert opening
    first = [shlex.split(line, comments=True) for line in opening[1].splitlines()]
    assert first == [["make", "demo"], ["make", "test"]]
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = {name for page in PAGES for name in re.findall(r"`make ([a-z]+)`", page.read_text(encoding="utf-8"))}
    assert {"demo", "test"} | named <= set(targets)


def examples() -> list[str]:
    """The lines of code blocks that begin with kmop-tui."""
    return [
        f"{page.name}: {line.strip()}"
        for page in PAGES
        for line in re.findall(r"^(?: {4})?(kmop-tui\b.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    ]


@pytest.mark.parametrize("example", examples())
def test_the_commands_in_the_pages_are_understood(example: str) -> None:
    _page, _colon, line = example.partition(": ")
    words = shlex.split(line, comments=True)[1:]
    assert build_parser().parse_args(words[: words.index(">")] if ">" in words else words).run


def test_there_are_examples() -> None:
    assert {example.partition(":")[0] for example in examples()} >= {"administrator.md", "exporteren.md", "mail.md"}


def test_the_picture_shows_the_list_and_fetches_nothing() -> None:
    text = " ".join(ElementTree.parse(PICTURE).getroot().itertext()).replace("\N{NO-BREAK SPACE}", " ")  # noqa: S314
    assert "Overzicht projecten" in text
    assert "2016KMO044855" in text
    assert "url(http" not in PICTURE.read_text(encoding="utf-8")


@pytest.mark.xdist_group("terminal")
def test_the_example_of_keys_md_moves_the_keys(tmp_path: Path) -> None:
    blocks = BLOCK.findall((DOCS / "keys.md").read_text(encoding="utf-8"))
    example = next(block for block in blocks if "[keys]" in block)
    moved = tomllib.loads(example)["keys"]
    assert moved.keys() == {"app.home", "table.down", "table.up", "projects.filter"}

    environment = clean_environment(tmp_path / "home")
    config = Path(environment["XDG_CONFIG_HOME"], "kmop-tui", "config.toml")
    config.parent.mkdir()
    config.write_text(example, encoding="utf-8")
    terminal = Terminal([PROGRAM, "demo", "--as", "012345678"], environment=environment)
    try:
        terminal.wait_for("Duid een bewerking aan", limit=30)
        terminal.press("4")
        terminal.wait_for(" 1/203")
        terminal.press("j")  # no longer a key of the table
        terminal.settle()
        assert terminal.line(" 1/203")
        terminal.press(moved["table.down"].split(",")[1])
        terminal.wait_for(" 2/203")
        terminal.press(moved["table.down"].split(",")[0])
        terminal.wait_for(" 3/203")
        terminal.press(moved["table.up"].split(",")[1])
        terminal.wait_for(" 2/203")
        terminal.press(moved["projects.filter"])
        terminal.type("44443")
        terminal.wait_for("(waarvan 1 getoond)")
        terminal.press("escape", moved["app.home"])
        terminal.wait_for("Duid een bewerking aan")
    finally:
        terminal.close()
