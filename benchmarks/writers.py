"""Others at work: processes that change the status of projects all over the table, each at its own steady pace."""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from random import Random

from db.codes import ProjectStatus
from db.projects import Project, move_project
from services import clock
from services.databases import open_existing
from services.demo_logins import DEMO_START
from services.errors import ServiceError
from services.work import Actor, writing

PROCESSES = 4
EACH_SECOND = 50  # changes of each process


@dataclass
class Written:
    """What the others did: changes in so many seconds, and the errors they saw."""

    changes: int
    seconds: float
    errors: list[str]


def _change(actor: Actor, number: int, status: ProjectStatus) -> None:
    """One status change with its audit line, as every write of the program is made."""
    with writing(actor) as work:
        project = Project.get_by_id(number)
        assert move_project(project, status, work.moment)
        work.audit("benchmark.move", f"project:{project.number}", status_before=project.status, status_after=status)


def _write(
    database: Path, actor: Actor, seed: int, projects: int, ready: Barrier, stop: Event, told: "Queue[Written]"
) -> None:
    clock.start_at(DEMO_START)
    open_existing(database)
    random = Random(seed)
    written = Written(0, 0, [])
    ready.wait()
    begun = time.perf_counter()
    while not stop.wait(max(0.0, begun + written.changes / EACH_SECOND - time.perf_counter())):
        try:
            _change(actor, random.randint(1, projects), random.choice(list(ProjectStatus)))
        except ServiceError as error:
            written.errors.append(repr(error))
        written.changes += 1
    written.seconds = time.perf_counter() - begun
    told.put(written)


@contextmanager
def others_writing(database: Path, actor: Actor, projects: int) -> Iterator[list[Written]]:
    """Four processes write while the body runs; what each did is in the list afterwards."""
    context = multiprocessing.get_context("spawn")
    ready, stop, told = context.Barrier(PROCESSES + 1), context.Event(), context.Queue()
    processes = [
        context.Process(target=_write, args=(database, actor, seed, projects, ready, stop, told))
        for seed in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    done: list[Written] = []
    try:
        ready.wait(60)
        yield done
    finally:
        stop.set()
        done += [told.get(timeout=60) for _ in processes]
        for process in processes:
            process.join()
