"""The installed `kmop-tui` as scripts see it: exit statuses, what goes to stdout and what to stderr, both languages."""

import argparse
import inspect
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest

from driver import PROGRAM, clean_environment
from kmop_tui.cli import build_parser

Result = subprocess.CompletedProcess[str]
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs kmop-tui, away from any terminal, for somebody whose folders are new; keywords go to the environment."""

    def runs(*arguments: str | Path, **environment: str) -> Result:
        return subprocess.run(
            [PROGRAM, *arguments],
            env=clean_environment(tmp_path / "home") | {"TMPDIR": str(tmp_path)} | environment,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=60,
        )

    return runs


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where the database is when nothing else is said; not made yet."""
    return tmp_path / "home" / "data" / "kmop-tui" / "kmop.db"


def one_sentence(result: Result, status: int) -> str:
    """What went wrong: one line on stderr, nothing on stdout, no traceback."""
    assert (result.returncode, result.stdout) == (status, ""), result
    [line] = result.stderr.splitlines()
    assert "Traceback" not in line
    return line


def commands_of(parser: argparse.ArgumentParser, name: str = "kmop-tui") -> Iterator[tuple[str, str]]:
    """Each command with the function that answers it."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    run = parser.get_default("run")
    if run is not None:
        yield name, run
    for group in groups:
        for word, under in group.choices.items():
            yield from commands_of(under, f"{name} {word}")


@pytest.mark.parametrize(("command", "function"), list(commands_of(build_parser())))
def test_every_command_has_its_function(command: str, function: str) -> None:
    module, name = function.split(":")
    found = getattr(import_module(module), name)
    assert list(inspect.signature(found).parameters.values())[1].name.endswith("settings"), command


def test_all_commands_were_looked_at() -> None:
    names = {command.removeprefix("kmop-tui").strip() for command, _function in commands_of(build_parser())}
    assert {"", "demo", "import projects", "export projects", "find", "mail send", "db restore", "info"} < names


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["db", "--help"], ["--nonsense"]])
def test_help_and_errors_import_nothing_heavy(tmp_path: Path, arguments: list[str]) -> None:
    code = (
        "import sys\n"
        "from kmop_tui.cli import main\n"
        f"try: main({arguments!r})\n"
        "except SystemExit: pass\n"
        "print([name for name in ('textual', 'rich', 'peewee', 'pydantic', 'sqlite3', 'babel') if name in sys.modules],"
        " file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=clean_environment(tmp_path),
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    assert result.stderr.splitlines()[-1] == "[]"


def test_the_demo_starts_without_what_its_first_screen_does_not_need(tmp_path: Path) -> None:
    code = (
        "import sys, kmop_tui.commands.demo\n"
        "print([name for name in ('textual', 'peewee', 'pydantic', 'argon2') if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=clean_environment(tmp_path),
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    assert (result.stdout, result.stderr) == ("[]\n", "")


def test_version(run: Run) -> None:
    result = run("--version")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("kmop-tui ")


def test_help_in_both_languages(run: Run) -> None:
    dutch, english = run("--help"), run("--lang", "en", "--help")
    assert (dutch.returncode, dutch.stderr) == (english.returncode, english.stderr) == (0, "")
    assert "gebruik: kmop-tui" in dutch.stdout
    assert "usage: kmop-tui" in english.stdout
    assert "the audit trail" in english.stdout
    assert "the audit trail" not in dutch.stdout
    assert run("--help", KMOP_LANG="en").stdout == english.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"],
        ["nonsense"],
        ["db"],
        ["db", "backup"],
        ["--lang", "fr"],
        ["info", "--js"],
        ["demo", "--rows", "1000001"],
        ["demo", "--rows", "-1"],
        ["accounts", "add", "somebody", "--role", "system"],
        ["--database", "mysql://server/kmop", "info"],
        ["accounts", "add", "somebody", "--provider", "0862.010.196"],
        ["accounts", "add", "somebody", "--role", "admin", "--email", "nowhere"],
    ],
)
def test_wrong_usage(run: Run, database: Path, arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr
    assert "Traceback" not in result.stderr
    assert not database.exists()


def test_wrong_variables(run: Run) -> None:
    assert "KMOP_NOW" in one_sentence(run("info", KMOP_NOW="yesterday"), 2)
    assert "KMOP_LANG" in one_sentence(run("info", KMOP_LANG="fr"), 2)


def test_the_screens_need_a_terminal(run: Run) -> None:
    one_sentence(run(), 2)
    one_sentence(run("demo"), 2)


def test_the_demo_knows_its_logins_and_leaves_nothing(run: Run, tmp_path: Path) -> None:
    assert "012345678" in one_sentence(run("demo", "--as", "nobody"), 2)
    assert run("demo", "--as", "Groot").returncode == 2  # a terminal is missing, the login is not
    assert list(tmp_path.glob("kmop-tui-demo-*")) == []


def test_the_demo_removes_what_a_killed_one_left(run: Run, tmp_path: Path) -> None:
    left = tmp_path / "kmop-tui-demo-left"
    left.mkdir()
    (left / "owner").write_text("1 2016-03-11T08:00:00+00:00\n")
    (left / "demo.db").write_text("")
    (tmp_path / "kmop-tui-demo-link").symlink_to(tmp_path / "home")
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from kmop_tui.commands.demo import private_folder\n"
            "with private_folder() as folder: print(folder, flush=True); input()",
        ],
        env=clean_environment(tmp_path / "home") | {"TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    held = Path(holder.stdout.readline().strip())
    assert not left.exists()
    assert held.stat().st_mode & 0o777 == 0o700
    assert (held / "owner").read_text().split()[0] == str(holder.pid)
    run("demo")
    assert held.exists()
    assert (tmp_path / "home").exists()
    holder.kill()
    holder.communicate()
    assert held.exists()
    run("demo")
    assert not held.exists()


def test_the_databases_life(run: Run, database: Path, tmp_path: Path) -> None:
    made = run("db", "migrate")
    assert (made.returncode, made.stdout.splitlines()[0], made.stderr) == (0, "0001_initial", "")
    assert database.stat().st_mode & 0o777 == 0o600
    assert database.parent.stat().st_mode & 0o777 == 0o700
    again = run("db", "migrate")
    assert (again.returncode, again.stdout) == (0, "")
    assert again.stderr

    added = run("accounts", "add", "helpdesk-1", "--role", "helpdesk")
    assert added.returncode == 0
    [password] = added.stdout.splitlines()
    assert len(password) == 23
    assert password not in added.stderr
    assert one_sentence(run("accounts", "add", "HELPDESK-1", "--role", "helpdesk"), 1)

    backup = tmp_path / "backup.db"
    assert (run("db", "check").returncode, run("db", "backup", backup).returncode) == (0, 0)
    one_sentence(run("db", "backup", backup), 1)

    verified = run("audit", "verify")
    lines, head = verified.stdout.split()
    assert (verified.returncode, int(lines) > 1, len(head)) == (0, True, 64)

    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit_line SET actor = 'somebody else' WHERE id = 2")
    assert "2" in one_sentence(run("audit", "verify"), 1)
    assert "2" in one_sentence(run("db", "check"), 1)

    restored = run("db", "restore", backup)
    assert restored.returncode == 0
    assert Path(restored.stdout.strip()).exists()
    assert run("audit", "verify").returncode == 0


def test_a_password_that_goes_by_mail_is_not_shown(run: Run, database: Path) -> None:
    result = run("accounts", "add", "dossier-1", "--role", "case_handler", "--email", "dossier@example.com", "--mail")
    assert (result.returncode, result.stdout) == (0, "")
    assert "dossier@example.com" in result.stderr
    with closing(sqlite3.connect(database)) as connection:
        [body] = connection.execute("SELECT body FROM mail").fetchone()
    password = next(word for word in body.split() if len(word) == 23)
    assert password not in result.stderr


def test_info_with_and_without_a_database(run: Run, database: Path) -> None:
    before = json.loads(run("info", "--json").stdout)
    assert before["problem"]
    assert not database.exists()
    run("db", "migrate")
    after = json.loads(run("info", "--json").stdout)
    assert (after["problem"], after["database"], after["projects"]) == (None, str(database), 0)
    assert after["bytes"] == database.stat().st_size
    assert after.keys() >= {"kmop-tui", "python", "textual", "peewee", "sqlite", "migrations", "language", "TERM"}
    told = run("info")
    assert (told.returncode, told.stderr) == (0, "")
    assert str(database) in told.stdout


COMMANDS = (["db", "migrate"], ["accounts", "add", "helpdesk-2", "--role", "helpdesk"], ["audit", "verify"])


@pytest.mark.parametrize("arguments", [*COMMANDS, ["db", "check"], ["mail", "list"], ["find", "x"]])
@pytest.mark.parametrize(("fault", "word"), [("damaged", "damaged"), ("newer", "newer")])
def test_a_database_that_cannot_be_used(run: Run, database: Path, arguments: list[str], fault: str, word: str) -> None:
    run("db", "migrate")
    if fault == "newer":
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute("INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2099-01-01')")
    else:
        database.write_text("no database at all\n" * 1000)
    assert word in one_sentence(run("--lang", "en", *arguments), 1)
    assert word in json.loads(run("--lang", "en", "info", "--json").stdout)["problem"]


@pytest.mark.parametrize("arguments", [["audit", "verify"], ["db", "check"], ["db", "backup", "x.db"]])
def test_asking_after_a_database_does_not_make_one(run: Run, database: Path, arguments: list[str]) -> None:
    assert str(database) in one_sentence(run(*arguments), 1)
    assert not database.exists()


# The superuser may write what is read-only: takes that right away (prctl with PR_CAPBSET_DROP, CAP_DAC_OVERRIDE).
HEEDING_PERMISSIONS = """
import ctypes, os, sys
if os.geteuid() == 0 and ctypes.CDLL(None).prctl(24, 1, 0, 0, 0) != 0:
    sys.exit("the superuser cannot be held back")
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.fixture
def read_only(database: Path, run: Run) -> Iterator[Path]:
    """A database that may only be read, in a folder where nothing can be made."""
    run("db", "migrate")
    run("accounts", "add", "helpdesk-1", "--role", "helpdesk")
    database.chmod(0o400)
    database.parent.chmod(0o500)
    yield database
    database.parent.chmod(0o700)


@pytest.mark.parametrize("arguments", [*COMMANDS[1:], ["mail", "send"]])
def test_a_read_only_database(read_only: Path, tmp_path: Path, arguments: list[str]) -> None:
    result = subprocess.run(
        [sys.executable, "-c", HEEDING_PERMISSIONS, PROGRAM, "--lang", "en", *arguments],
        env=clean_environment(tmp_path / "home"),
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    sentence = one_sentence(result, 1)
    assert "read-only" in sentence or "cannot be opened" in sentence


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_completion(run: Run, shell: str) -> None:
    result = run("completion", shell)
    assert (result.returncode, result.stderr) == (0, "")
    assert "restore" in result.stdout


def test_completion_for_bash_is_a_script(run: Run) -> None:
    script = run("completion", "bash").stdout
    assert subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, check=False).stderr == ""


@pytest.mark.parametrize("arguments", [["info"], ["completion", "bash"]])
def test_a_reader_who_leaves_is_no_error(tmp_path: Path, arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        result = subprocess.run(
            [PROGRAM, *arguments],
            env=clean_environment(tmp_path / "home"),
            check=False,
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    finally:
        os.close(writing)
    assert (result.returncode, result.stderr) == (1, "")
