"""Files written for a person: whole or not at all, theirs alone (0600), and none overwritten unasked."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from services.errors import Invalid, ServiceError, Unavailable
from services.language import _


def file_named(typed: str, suffix: str) -> Path:
    """The file that somebody means by `typed`, ending in `suffix` (`.pdf`); Invalid (`file`) when it names none."""
    name = typed.strip()
    if not name:
        raise Invalid({"file": _("Fill in the name of the file.")})
    path = Path(name).expanduser().absolute()
    if name.endswith(os.sep) or path.is_dir():
        raise Invalid({"file": _("%(file)s is a folder. Add the name of the file.") % {"file": path}})
    return path.with_name(path.name.removesuffix(suffix) + suffix)


def save_file(content: bytes, path: Path) -> Path:
    """Write a new file; Invalid (`file`) when it exists or cannot be made there, Unavailable on a full disk."""
    with file_troubles_in_words(path), scratch_file(path, overwrite=False) as scratch:
        scratch.write(content)
        scratch.flush()
        os.fsync(scratch.fileno())
        put_in_place(Path(scratch.name), path, overwrite=False)
    return path


@contextmanager
def scratch_file(target: Path | IO[bytes], overwrite: bool) -> Iterator[IO[bytes]]:
    """Where the list is written first: beside the file it will become, or nameless for a stream. Gone afterwards."""
    if not isinstance(target, Path):
        with tempfile.TemporaryFile() as nameless:
            yield nameless
        return
    if os.path.lexists(target):
        if not overwrite:
            raise FileExistsError(errno.EEXIST, "exists", str(target))
        if not target.is_file():
            raise IsADirectoryError(errno.EISDIR, "not a file", str(target))
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".kmop-export-", delete=False) as scratch:
        try:
            yield scratch
        finally:
            Path(scratch.name).unlink(missing_ok=True)


def put_in_place(scratch: Path, target: Path, overwrite: bool) -> None:
    """Give the finished file its name. Not overwriting, it takes the name first, which fails if anybody has it.

    A hard link would do that in one step, but network folders often have none.
    """
    if overwrite:
        scratch.replace(target)
        return
    target.touch(mode=0o600, exist_ok=False)
    try:
        scratch.replace(target)
    except OSError:
        target.unlink()
        raise


@contextmanager
def file_troubles_in_words(target: Path | IO[bytes]) -> Iterator[None]:
    """Turn what the operating system says about `target` into Invalid (`file`) or Unavailable."""
    try:
        yield
    except BrokenPipeError:  # whoever reads the stream has gone: the caller's to know
        raise
    except OSError as error:
        raise _in_words(error, target) from error


def _in_words(error: OSError, target: Path | IO[bytes]) -> ServiceError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Unavailable(_("The disk is full: nothing was written. Make room, or choose another folder."))
    if isinstance(target, Path):
        names = {"file": str(target), "folder": str(target.absolute().parent)}
        match error.errno:
            case errno.EEXIST:
                return Invalid(
                    {"file": _("%(file)s exists already and is not overwritten. Choose another name.") % names}
                )
            case errno.EISDIR:
                return Invalid({"file": _("%(file)s is no file. Choose the name of a file.") % names})
            case errno.ENOENT | errno.ENOTDIR:
                return Invalid({"file": _("There is no folder %(folder)s. Choose one that exists.") % names})
            case errno.EACCES | errno.EPERM | errno.EROFS:
                return Invalid({"file": _("You may not write in the folder %(folder)s. Choose another one.") % names})
    return Unavailable(_("Nothing was written: %(reason)s. Choose another file.") % {"reason": error.strerror})
