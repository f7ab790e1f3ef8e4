"""A project is moved by whoever saw it as it is now."""

from pathlib import Path

from db.codes import ProjectStatus
from db.database import connected, transaction
from db.projects import Project, find_project, move_project
from services import clock
from tests.making import NINE, make_enterprise, make_project, make_provider, rows


def test_of_two_who_saw_the_same_one_moves_it(path: Path) -> None:
    make_project("2016KMO000001", make_provider("Eerste", "0862010195"), make_enterprise(1, "Klant"))
    make_project("2016KMO000002", make_provider("Tweede", "0403019261"), make_enterprise(2, "Ander"))
    with connected():
        seen = [find_project("2016KMO000001") for _viewer in range(2)]
    assert seen[0] is not None
    assert seen[1] is not None
    with transaction():
        assert move_project(seen[0], ProjectStatus.CANCELLED, NINE)
        assert not move_project(seen[1], ProjectStatus.RUNNING, clock.now())
    moved, other = rows(Project)
    assert (moved["status"], moved["status_since"], moved["version"]) == (ProjectStatus.CANCELLED, NINE, 2)
    assert (other["status"], other["status_since"], other["version"]) == (ProjectStatus.CONFIRMED, None, 1)
