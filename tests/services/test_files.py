"""The names of files that people type: one file, with its suffix, or a sentence."""

from pathlib import Path

import pytest

from services.errors import Invalid
from services.files import file_named, save_file


@pytest.mark.parametrize(
    ("typed", "name"),
    [("lijst", "lijst.csv"), ("lijst.csv ", "lijst.csv"), ("v1.2", "v1.2.csv"), ("lijst.pdf", "lijst.pdf.csv")],
)
def test_a_name_gets_its_suffix_once(tmp_path: Path, typed: str, name: str) -> None:
    assert file_named(f" {tmp_path}/{typed}", ".csv") == tmp_path / name


@pytest.mark.parametrize("typed", ["", "  ", "{folder}", "{folder}/", "{folder}/none/"])
def test_what_names_no_file_is_refused(tmp_path: Path, typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        file_named(typed.format(folder=tmp_path), ".csv")
    assert set(refused.value.fields) == {"file"}
    assert list(tmp_path.iterdir()) == []


def test_a_name_beneath_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert file_named("~/lijst", ".pdf") == tmp_path / "lijst.pdf"


def test_a_file_that_exists_is_not_overwritten(tmp_path: Path) -> None:
    save_file(b"first", tmp_path / "a.pdf")
    with pytest.raises(Invalid):
        save_file(b"second", tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == b"first"
