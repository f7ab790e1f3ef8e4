"""A person at a terminal: runs a program in a pseudo-terminal, reads its screen, presses keys.

A wait that fails raises an AssertionError that shows the screen.
"""

import codecs
import errno
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pyte

# A lone Esc is also how longer sequences start: Textual waits 0.1 s before it takes it for the key.
ESCAPE_SECONDS = 0.15
KEY_SECONDS = 0.02
HANG_UP_SECONDS = 3.0
UNREAD_SECONDS = 10.0

# Terminal modes the driver looks at: the alternate screen, and output held back until a whole frame is there.
ALTERNATE_SCREEN = 1049
SYNCHRONIZED = 2026

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "backspace": "\x7f",
    "space": " ",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "insert": "\x1b[2~",
    "delete": "\x1b[3~",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "f1": "\x1bOP",
} | {f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"}

# ECMA-48: a control sequence; a string (DCS, SOS, OSC, PM, APC) up to its end; any other escape.
SEQUENCE = re.compile(
    r"\x1b\[(?P<parameters>[0-?]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|(?P<string>\x1b[PX\]^_].*?(?:\x07|\x1b\\))"
    r"|\x1b[ -/]*[0-OQ-WYZ\\`-~]",
    re.DOTALL,
)


class Terminal:
    """A program in a pseudo-terminal of its own, and what it has drawn there.

    `arguments` is the command with its arguments, `size` columns and rows, `environment` the whole environment and
    `folder` where the program starts. The program's output is read while a method waits, never in between.
    """

    def __init__(
        self,
        arguments: Sequence[str | Path],
        *,
        size: tuple[int, int] = (80, 24),
        environment: Mapping[str, str],
        folder: Path | None = None,
    ) -> None:
        self.received = bytearray()
        self._outgoing = bytearray()
        self.modes: set[int] = set()
        self._pending = ""
        self._hung_up = False
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._main = pyte.Screen(*size)
        self._alternate = pyte.Screen(*size)
        self._screen = self._main
        self._stream = pyte.Stream(self._screen)
        self._master, slave = os.openpty()
        os.set_blocking(self._master, False)
        self._set_size(size)
        self.started = self.heard = time.perf_counter()
        try:
            self._process = subprocess.Popen(
                # setsid(1) makes it the controlling terminal, so that resizes and hang-ups arrive as signals; a
                # preexec_fn would fork this process, threads and all
                ["setsid", "--ctty", *(str(argument) for argument in arguments)],
                stdin=slave,
                stdout=slave,
                stderr=slave,
                env=dict(environment),
                cwd=folder,
            )
        finally:
            os.close(slave)

    # What the person sees

    @property
    def lines(self) -> list[str]:
        """The rows of the screen, without the blanks at their ends."""
        return [row.rstrip() for row in self._screen.display]

    @property
    def text(self) -> str:
        """The screen, row by row."""
        return "\n".join(self.lines)

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row of the cursor, from 0."""
        return self._screen.cursor.x, self._screen.cursor.y

    def line(self, text: str) -> str:
        """The first row that holds `text`."""
        for row in self.lines:
            if text in row:
                return row
        raise AssertionError(self._report(f"no line with {text!r}"))

    def disturb(self) -> None:
        """Something else has written over the whole screen, as `wall` does: the program knows nothing of it."""
        self._screen.erase_in_display(2)

    def look(self, text: str) -> pyte.screens.Char:
        """How the first letter of `text` is drawn, where it stands first: its colours, bold, reverse."""
        for number, row in enumerate(self._screen.display):
            if text in row:
                return self._screen.buffer[number][row.index(text)]
        raise AssertionError(self._report(f"nowhere {text!r}"))

    def wait_for(self, wanted: str | re.Pattern[str], limit: float = 10.0) -> None:
        """Wait until the screen shows `wanted`, at most `limit` seconds."""
        self._wait(lambda: self._shows(wanted), limit, f"{_named(wanted)} did not come within {limit:g} s")

    def wait_until_gone(self, unwanted: str | re.Pattern[str], limit: float = 10.0) -> None:
        """Wait until the screen no longer shows `unwanted`, at most `limit` seconds."""
        self._wait(lambda: not self._shows(unwanted), limit, f"{_named(unwanted)} did not go within {limit:g} s")

    def settle(self, quiet: float = 0.2, limit: float = 10.0) -> None:
        """Wait until the program has neither written nor computed for `quiet` seconds; draws only then.

        `heard` is afterwards the moment its last byte came: nothing that the driver does itself is in between.
        """
        if not self._rests(quiet, limit):
            raise AssertionError(self._report(f"not at rest within {limit:g} s"))

    # What the person does

    def press(self, *keys: str) -> None:
        """Press `keys` one after the other: a character, or a name such as `down`, `shift+tab`, `ctrl+o`."""
        for key in keys:
            if key not in KEYS and len(key) != 1:
                raise ValueError(f"no key is called {key!r}")
            self.send(KEYS.get(key, key).encode())
            # Textual runs a bound key before letters that still wait for their widget: no person is that fast
            self._rests(ESCAPE_SECONDS if key == "escape" else KEY_SECONDS, limit=1)

    def type(self, text: str) -> None:
        """Type `text` as it stands."""
        self.send(text.encode())
        self._rests(KEY_SECONDS, limit=1)

    def send(self, data: bytes) -> None:
        """Put `data` on the line, whatever it is; reads meanwhile, so that neither side waits for the other."""
        self._outgoing += data
        self._flush()

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size, as one does by pulling at the window."""
        for screen in (self._main, self._alternate):
            screen.resize(rows, columns)
        self._set_size((columns, rows))

    # The program itself

    @property
    def process_id(self) -> int:
        """The program's process."""
        return self._process.pid

    @property
    def cpu_seconds(self) -> float:
        """What the program has used of the processor up to now, all threads together; 0 once it has ended."""
        try:
            # Linux' clock of another process, as clock_getcpuclockid(3) makes it: finer than /proc's ticks of 10 ms
            return time.clock_gettime((~self.process_id << 3) | 2)
        except OSError:
            return 0.0

    @property
    def exit_status(self) -> int | None:
        """The exit status, minus the signal that killed it, or None while it runs."""
        return self._process.poll()

    def wait_for_exit(self, limit: float = 10.0) -> int:
        """Wait until the program has ended, at most `limit` seconds; returns its exit status."""
        deadline = time.perf_counter() + limit
        while (status := self.exit_status) is None and time.perf_counter() < deadline:
            if self._hung_up:
                time.sleep(0.01)
            else:
                self._draw(self._read(0.05))
        if status is None:
            raise AssertionError(self._report(f"still running after {limit:g} s"))
        while not self._hung_up and (chunk := self._read(0)):
            self._draw(chunk)
        return status

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send the program, and it alone, a signal."""
        self._process.send_signal(number)

    def hang_up(self, limit: float = 10.0) -> int:
        """Drop the line without a word, as a lost connection does; the exit status that the program ends with."""
        os.close(self._master)
        self._master = -1
        try:
            return self._process.wait(limit)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
            raise AssertionError(f"still running {limit:g} s after the line was dropped") from None

    @property
    def echoes(self) -> bool:
        """Whether the terminal shows what is typed, line by line, as it does for a shell."""
        local: int = termios.tcgetattr(self._master)[3]
        return bool(local & termios.ECHO and local & termios.ICANON)

    def close(self) -> None:
        """Hang up; a program that does not end by that is killed."""
        if self._master < 0:
            return
        self.kill(signal.SIGHUP)
        try:
            self.wait_for_exit(HANG_UP_SECONDS)
        except AssertionError:
            self.kill()
            self._process.wait()
        os.close(self._master)
        self._master = -1

    # The line between the two

    def _set_size(self, size: tuple[int, int]) -> None:
        columns, rows = size
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _wait(self, holds: Callable[[], bool], limit: float, complaint: str) -> None:
        deadline = time.perf_counter() + limit
        # half a frame is not what a person sees
        while SYNCHRONIZED in self.modes or not holds():
            left = deadline - time.perf_counter()
            if left <= 0 or self._hung_up:
                raise AssertionError(self._report(complaint))
            self._draw(self._read(left))
            self._flush()

    def _rests(self, quiet: float, limit: float) -> bool:
        deadline = time.perf_counter() + limit
        data = b""
        while not (resting := self._hung_up) and time.perf_counter() < deadline:
            before = self.cpu_seconds
            chunk = self._read(quiet)
            data += chunk
            # a program that waits for keys still wakes now and then: up to a tenth of the time counts as idle
            if resting := not chunk and self.cpu_seconds - before < quiet / 10:
                break
        self._draw(data)
        self._flush()
        return resting

    def _flush(self) -> None:
        while self._outgoing and not self._hung_up:
            readable, writable, _ = select.select([self._master], [self._master], [], UNREAD_SECONDS)
            if readable:
                self._draw(self._read(0))
            if writable:
                with suppress(BlockingIOError):
                    del self._outgoing[: os.write(self._master, self._outgoing)]
            if not readable and not writable:
                raise AssertionError(self._report(f"the program leaves {len(self._outgoing)} bytes of input unread"))

    def _read(self, seconds: float) -> bytes:
        """What the program has written, waiting at most `seconds` for it."""
        if not select.select([self._master], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self._master, 65_536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            # Linux: nobody holds the other end any more
            data = b""
        if data:
            self.heard = time.perf_counter()
            self.received += data
        else:
            self._hung_up = True
        return data

    def _draw(self, data: bytes) -> None:
        text = self._pending + self._decode(data)
        position = 0
        for sequence in SEQUENCE.finditer(text):
            self._stream.feed(text[position : sequence.start()])
            position = sequence.end()
            self._obey(sequence)
        rest = text[position:]
        # a sequence cut in two waits for its other half
        plain, escape, begun = rest.partition("\x1b")
        self._stream.feed(plain)
        self._pending = escape + begun

    def _obey(self, sequence: re.Match[str]) -> None:
        """Draw one escape sequence or answer it; what pyte would print as text, or stumble over, is dropped."""
        parameters, between, final = sequence.group("parameters", "between", "final")
        if final is None:
            if sequence["string"] is None:
                self._stream.feed(sequence[0])
        elif (final, between) == ("p", "$"):
            self._answer_mode(parameters)
        elif final == "n" and parameters == "6":
            column, row = self.cursor
            self._outgoing += f"\x1b[{row + 1};{column + 1}R".encode()
        elif final == "c" and parameters in {"", "0"}:
            self._outgoing += b"\x1b[?62;22c"
        elif final in "hl" and re.fullmatch(r"\?[0-9;]+", parameters):
            self._switch_modes([int(mode) for mode in parameters[1:].split(";") if mode], on=final == "h")
            self._stream.feed(sequence[0])
        elif not between and re.fullmatch(r"[0-9;]*", parameters):
            self._stream.feed(sequence[0])

    def _answer_mode(self, parameters: str) -> None:
        """Whole frames are known here (2026); the rest, reports of the size in the input (2048) too, is not."""
        state = 0
        if parameters == f"?{SYNCHRONIZED}":
            state = 1 if SYNCHRONIZED in self.modes else 2
        self._outgoing += f"\x1b[{parameters};{state}$y".encode()

    def _switch_modes(self, modes: list[int], *, on: bool) -> None:
        if on:
            self.modes.update(modes)
        else:
            self.modes.difference_update(modes)
        if ALTERNATE_SCREEN in modes:
            self._screen = self._alternate if on else self._main
            if on:
                self._alternate.reset()
            self._stream = pyte.Stream(self._screen)

    def _shows(self, wanted: str | re.Pattern[str]) -> bool:
        return wanted in self.text if isinstance(wanted, str) else wanted.search(self.text) is not None

    def _report(self, complaint: str) -> str:
        if self._hung_up:
            # the line goes dead a moment before the status is known
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
        status = self.exit_status
        state = "the program is running" if status is None else f"the program has ended with status {status}"
        width, height = self._screen.columns, self._screen.lines
        column, row = self.cursor
        edge = "+" + "-" * width + "+"
        drawn = "\n".join(f"|{line}|" for line in self._screen.display)
        return f"{complaint}; {state}; screen {width}x{height}, cursor at {column},{row}:\n{edge}\n{drawn}\n{edge}"


def _named(wanted: str | re.Pattern[str]) -> str:
    return repr(wanted if isinstance(wanted, str) else wanted.pattern)
