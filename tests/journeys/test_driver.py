"""The driver itself, proven on a small application: what the journeys say about kmop-tui is worth no more than this."""

import re
import signal
import sys
import time
from pathlib import Path

import pytest

from driver import Operator, Start, clean_environment
from terminal import Terminal

APPLICATION = """
import time
from textual.app import App
from textual.binding import Binding
from textual.widgets import Input, Static

class Small(App):
    CSS = "Input { border: none; height: 1; }"
    BINDINGS = [
        ("ctrl+o", "later", "Later"),
        ("ctrl+t", "work", "Work"),
        ("ctrl+q", "leave", "Leave"),
        Binding("shift+tab", "say('backwards')", priority=True),
    ]

    def compose(self):
        yield Static("Café 数 ready", id="greeting", markup=False)
        yield Input(id="field")
        yield Static("", id="said", markup=False)

    def on_mount(self):
        self.query_one(Input).cursor_blink = False

    def on_key(self, event):
        if event.key in ("up", "pagedown", "end", "f1", "escape"):
            self.action_say(event.key)

    def on_input_submitted(self, event):
        self.action_say(f"[{event.value}]")

    def on_resize(self, event):
        self.action_say(f"size {event.size.width}x{event.size.height}")

    def action_say(self, text):
        self.query_one("#said", Static).update(text)

    def action_later(self):
        self.set_timer(0.3, lambda: self.query_one("#greeting").remove())

    async def action_work(self):
        # computes before it says anything
        end = time.process_time() + 0.5
        while time.process_time() < end:
            pass
        self.action_say("worked")

    def action_leave(self):
        self.exit(return_code=7, message="[saved] bye")

app = Small()
app.run()
raise SystemExit(app.return_code)
"""


@pytest.fixture
def small(start: Start, tmp_path: Path) -> Terminal:
    """The small application, ready for keys."""
    file = tmp_path / "small.py"
    file.write_text(APPLICATION, encoding="utf-8")
    terminal = start(file, program=Path(sys.executable))
    terminal.wait_for("ready")
    return terminal


def runs(start: Start, code: str) -> Terminal:
    """A Python program of a few lines in a terminal."""
    return start("-c", code, program=Path(sys.executable))


def test_the_screen_is_text_in_rows(small: Terminal) -> None:
    assert small.lines[0] == "Café 数 ready"
    assert small.line("ready") == "Café 数 ready"
    assert len(small.lines) == 24
    with pytest.raises(AssertionError, match="no line with 'gone'"):
        small.line("gone")


def test_waits_for_text_and_for_patterns(small: Terminal) -> None:
    small.type("é数x")
    small.press("enter")
    small.wait_for("[é数x]")
    small.wait_for(re.compile(r"^\[.+x\]$", re.MULTILINE))


def test_waits_until_text_is_gone(small: Terminal) -> None:
    small.press("ctrl+o")
    assert "ready" in small.text
    small.wait_until_gone("ready")
    assert "ready" not in small.text


def test_a_wait_that_fails_shows_the_screen(small: Terminal) -> None:
    began = time.monotonic()
    with pytest.raises(AssertionError) as raised:
        small.wait_for("never", limit=0.3)
    assert 0.3 <= time.monotonic() - began < 2
    told = str(raised.value)
    assert "'never' did not come within 0.3 s; the program is running; screen 80x24" in told
    assert "|Café 数 ready" in told
    with pytest.raises(AssertionError, match="'ready' did not go"):
        small.wait_until_gone("ready", limit=0.3)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("up", "up"),
        ("pagedown", "pagedown"),
        ("f1", "f1"),
        ("escape", "escape"),
        ("shift+tab", "backwards"),
    ],
)
def test_keys_arrive_under_their_names(small: Terminal, key: str, said: str) -> None:
    small.press(key)
    small.wait_for(re.compile(rf"^{said}$", re.MULTILINE))


def test_escape_does_not_swallow_the_next_key(small: Terminal) -> None:
    small.press("escape", "x", "left", "y", "backspace", "z", "enter")
    small.wait_for("[zx]")


def test_an_unknown_key_is_refused(small: Terminal) -> None:
    with pytest.raises(ValueError, match="no key is called 'hyper'"):
        small.press("hyper")


def test_the_terminal_can_be_resized(small: Terminal) -> None:
    small.wait_for("size 80x24")
    small.resize(132, 43)
    small.wait_for("size 132x43")
    assert len(small.lines) == 43


def test_settle_outlasts_silent_work(small: Terminal) -> None:
    small.press("ctrl+t")
    small.settle(quiet=0.1)
    assert "worked" in small.text


def test_settle_gives_up_on_a_program_that_never_rests(start: Start) -> None:
    terminal = runs(start, "while True: pass")
    with pytest.raises(AssertionError, match=re.escape("not at rest within 0.5 s")):
        terminal.settle(limit=0.5)


def test_counts_bytes_and_processor_time(small: Terminal) -> None:
    small.settle()
    before, used = len(small.received), small.cpu_seconds
    small.press("ctrl+t")
    small.settle()
    assert b"worked" in small.received[before:]
    assert 0.5 <= small.cpu_seconds - used < 1.0
    assert small.started < small.heard


def test_the_exit_status_and_what_is_left_on_the_terminal(small: Terminal) -> None:
    assert {1049, 1000, 2004} <= small.modes
    assert small.exit_status is None
    small.press("ctrl+q")
    assert small.wait_for_exit() == 7
    assert small.exit_status == 7
    assert not {1049, 1000, 2004} & small.modes
    assert small.line("bye") == "[saved] bye"
    assert "ready" not in small.text


def test_a_killed_program_is_told_at_once(small: Terminal) -> None:
    small.kill()
    began = time.monotonic()
    with pytest.raises(AssertionError, match="the program has ended with status -9"):
        small.wait_for("never")
    assert time.monotonic() - began < 5
    assert small.wait_for_exit() == -signal.SIGKILL


def test_a_program_that_goes_on_is_no_exit(small: Terminal) -> None:
    with pytest.raises(AssertionError, match=re.escape("still running after 0.2 s")):
        small.wait_for_exit(0.2)


def test_close_hangs_up(start: Start) -> None:
    terminal = runs(start, "import time; print('up', flush=True); time.sleep(60)")
    terminal.wait_for("up")
    terminal.close()
    assert terminal.exit_status == -signal.SIGHUP


def test_close_kills_what_ignores_a_hang_up(start: Start) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGHUP, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    terminal = runs(start, deaf)
    terminal.wait_for("up")
    terminal.close()
    assert terminal.exit_status == -signal.SIGKILL
    terminal.close()


def test_a_program_that_is_not_there_is_said_at_once(start: Start, tmp_path: Path) -> None:
    terminal = start(program=tmp_path / "missing")
    with pytest.raises(AssertionError, match=r"ended with status 127(.|\n)+No such file"):
        terminal.wait_for("Login")


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        (r"\x1b[6n", r"\x1b[1;1R"),
        (r"\x1b[3;5H\x1b[6n", r"\x1b[3;5R"),
        (r"\x1b[c", r"\x1b[?62;22c"),
        (r"\x1b[?2026$p", r"\x1b[?2026;2$y"),
        (r"\x1b[?2026h\x1b[?2026$p", r"\x1b[?2026;1$y"),
        (r"\x1b[?2048$p", r"\x1b[?2048;0$y"),
    ],
)
def test_queries_are_answered(start: Start, query: str, answer: str) -> None:
    code = f"""
import os, tty
tty.setraw(0)
os.write(1, b"{query}")
got = b""
while len(got) < len(b"{answer}"):
    got += os.read(0, 99)
os.write(1, b"\\x1b[?2026l\\x1b[10;1H<" + repr(got).encode() + b">")
os.read(0, 1)
"""
    terminal = runs(start, code)
    expected = answer.encode().decode("unicode_escape").encode()
    terminal.wait_for(f"<{expected!r}>")


@pytest.mark.parametrize(
    "sequence",
    [
        r"\x1b[>25u",
        r"\x1b[<u",
        r"\x1b[>4;2m",
        r"\x1b[4:3m",
        r"\x1b[?1;2u",
        r"\x1b[2 q",
        r"\x1bP1$r0m\x1b\\",
        r"\x1b_Gi=1;AAAA\x1b\\",
        r"\x1b]52;c;aGFjaw==\x07",
        r"\x1b]0;title\x1b\\",
        r"\x1b(B",
    ],
)
@pytest.mark.parametrize("cut", [False, True])
def test_what_a_terminal_does_not_print_is_not_on_the_screen(start: Start, sequence: str, cut: bool) -> None:
    """Whole, and arriving byte by byte."""
    code = f"""
import os, time
data = b"<{sequence}>"
for part in ([bytes([byte]) for byte in data] if {cut} else [data]):
    os.write(1, part)
    time.sleep(0.005 if {cut} else 0)
"""
    terminal = runs(start, code)
    assert terminal.wait_for_exit() == 0
    assert terminal.lines[0] == "<>"
    assert sequence.encode().decode("unicode_escape").encode() in terminal.received


def test_half_a_frame_is_not_seen(start: Start) -> None:
    code = "import os, time; os.write(1, b'\\x1b[?2026hhalf'); time.sleep(0.4); os.write(1, b' whole\\x1b[?2026l')"
    terminal = runs(start, code)
    terminal.wait_for("half")
    assert terminal.lines[0] == "half whole"


def test_much_input_and_much_output_do_not_wait_for_each_other(start: Start) -> None:
    """The program writes 20 bytes for each one that it reads, far beyond what the line holds."""
    code = """
import os, tty
tty.setraw(0)
os.write(1, b"ready")
total = 0
while total < 100_000:
    total += (count := len(os.read(0, 1024)))
    os.write(1, b"\\x1b[1;1H0123456789ABCD" * count)
os.write(1, b"\\x1b[2;1Hdone %d" % total)
"""
    terminal = runs(start, code)
    terminal.wait_for("ready")
    terminal.send(b"x" * 100_000)
    terminal.wait_for("done 100000", limit=30)
    assert len(terminal.received) > 2_000_000


def test_input_that_nobody_reads_is_an_error(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("terminal.UNREAD_SECONDS", 0.2)
    terminal = runs(start, "import time, tty; tty.setraw(0); print('up', flush=True); time.sleep(60)")
    terminal.wait_for("up")
    with pytest.raises(AssertionError, match="bytes of input unread"):
        terminal.send(b"x" * 1_000_000)


def test_the_environment_is_the_persons_own(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONINSPECT", "TEXTUAL_DEBUG", "NO_COLOR", "COLUMNS"):
        monkeypatch.setenv(name, "1")
    code = """
import os, pathlib
print(sorted(name for name in os.environ if name.startswith(("PYTHON", "TEXTUAL", "NO_", "COLUMNS"))))
print(os.environ["KMOP_MAIL_DIR"], os.getcwd() == str(pathlib.Path.home().parent), os.get_terminal_size()[:])
"""
    terminal = start("-c", code, program=Path(sys.executable), KMOP_MAIL_DIR="mails")
    assert terminal.wait_for_exit() == 0
    assert terminal.lines[:2] == ["[]", "mails True (80, 24)"]
    environment = clean_environment(tmp_path / "other")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        folder = Path(environment[name])
        assert folder.is_relative_to(tmp_path / "other")
        assert folder.stat().st_mode & 0o777 == 0o700


def test_the_operator_chooses_by_the_digit_that_is_shown(start: Start) -> None:
    code = """
import os, tty
tty.setraw(0)
os.write(1, b"Overzicht projecten\\r\\n 1  Registraties beheren   4  Overzicht projecten")
os.write(1, b"\\r\\npressed " + os.read(0, 1))
os.read(0, 1)
"""
    operator = Operator(runs(start, code))
    operator.chooses("Overzicht projecten")
    operator.sees("pressed 4", "Registraties beheren")


def test_the_operator_does_not_look_too_early(start: Start) -> None:
    """What is not there yet, but is on its way, is seen."""
    code = """
import os, time, tty
tty.setraw(0)
os.write(1, b"ready")
os.read(0, 1)
end = time.monotonic() + 0.5
while time.monotonic() < end:
    pass
os.write(1, b" failed")
os.read(0, 1)
"""
    operator = Operator(runs(start, code))
    operator.sees("ready")
    operator.sees_not("failed")
    operator.presses("x")
    with pytest.raises(AssertionError, match="'failed' did not go"):
        operator.sees_not("failed")
