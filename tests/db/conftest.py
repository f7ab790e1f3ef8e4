"""A fresh migrated database of each test's own."""

from pathlib import Path

import pytest

from tests.making import fresh_database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file in use."""
    fresh_database(tmp_path / "kmop.db")
    return tmp_path / "kmop.db"
