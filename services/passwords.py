"""Passwords: argon2id hashes, at most two computed at once on this machine, and what makes a password good enough."""

import fcntl
import os
import re
import secrets
import string
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from db.database import database_path
from services.errors import Unavailable
from services.language import _

MOST_BYTES = 1024
FEWEST_CHARACTERS = 15
AT_ONCE = 2
WEAKEST_SCORE = 3  # of zxcvbn's 0 to 4
ZXCVBN_LIMIT = 72  # it raises above
TEMPORARY_LETTERS = "".join(sorted(set(string.ascii_lowercase + string.digits) - set("01ilo")))
TEMPORARY = re.compile(f"(?:[{TEMPORARY_LETTERS}]{{5}}-){{3}}[{TEMPORARY_LETTERS}]{{5}}")

# RFC 9106, second recommendation
_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)


@contextmanager
def _slot() -> Iterator[None]:
    """One of the two places for hashing; 64 MiB each would otherwise let a crowd of logins eat the machine."""
    path = database_path()
    handles: list[int] = []
    try:
        for n in range(AT_ONCE):
            place = path.with_name(f"{path.name}.hashing-{n}.lock")
            try:
                handles.append(os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            except OSError as error:
                raise Unavailable(
                    _("The folder of the database cannot be written (%(reason)s). Ask your administrator for help.")
                    % {"reason": error.strerror}
                ) from error
        for handle in handles:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                continue
        else:
            fcntl.flock(secrets.choice(handles), fcntl.LOCK_EX)
        yield
    finally:
        for handle in handles:
            os.close(handle)


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    with _slot():
        return _hasher.hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether `password` belongs to the hash; None stands for an unknown login and takes as long."""
    if len(password.encode()) > MOST_BYTES:
        return False
    with _slot():
        if password_hash is None:
            _hasher.hash(password)
            return False
        try:
            return _hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def temporary_password() -> str:
    """A random password that can be read out over the telephone: 20 letters and digits in groups of five."""
    return "-".join("".join(secrets.choice(TEMPORARY_LETTERS) for _letter in range(5)) for _group in range(4))


def looks_temporary(password: str) -> bool:
    """Whether `password` is written as those of `temporary_password` are."""
    return TEMPORARY.fullmatch(password) is not None


def password_problem(password: str, *known: str) -> str | None:
    """What is wrong with a new password, None if nothing; `known` are words that it may not lean on (login, name)."""
    if len(password) < FEWEST_CHARACTERS:
        return _("The new password is too short: use at least 15 characters, for instance four words.")
    if len(password.encode()) > MOST_BYTES:
        return _("The new password is too long: use at most 1,024 bytes.")
    from zxcvbn import zxcvbn

    if zxcvbn(password[:ZXCVBN_LIMIT], user_inputs=[word for word in known if word])["score"] < WEAKEST_SCORE:
        return _("The new password is too easy to guess: use words that do not belong together.")
    return None
