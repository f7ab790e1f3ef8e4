"""The demo's projects: the manual's own twelve rows, older ones made the same way, and as many others as asked for.

Days are ordinals (`date.toordinal`) and project numbers whole numbers (`2016044855` is 2016KMO044855) until a row is
written: a million of them have to be made while somebody waits.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, pairwise
from random import Random
from typing import NamedTuple

from db.codes import PaymentKind, ProjectStatus, ServiceType

CONFIRMED, RUNNING, FINISHED, STOP_REQUESTED, CANCELLED, STOPPED = ProjectStatus
TRAINING, ADVICE = ServiceType

# The last whole day before the demo's clock starts: nothing has happened after it.
LAST_DAY = date(2016, 3, 10).toordinal()
DAYS_TO_PAY = 30  # own share, after the application
# What is left of the subsidy, in percent: the rates until 31/03/2016 (DOMAIN.md, Money).
SUBSIDY_PERCENT = {TRAINING: 40, ADVICE: 50}
# Prices with 21 % VAT; the amounts of projects are without (1.450,00 / 1,21 = 1.198,35).
PRICES = {
    TRAINING: (190, 250, 363, 480, 605, 750, 882, 945, 1100, 1250, 1450, 1575, 1815, 2100, 2420),
    ADVICE: (726, 882, 945, 1210, 1450, 1815, 2100, 2420, 3025, 3630, 4235, 4840),
}
TITLES = {
    TRAINING: (
        "Boekhouden voor starters",
        "Engels op de werkvloer",
        "Veilig werken op hoogte",
        "Leidinggeven in een kleine onderneming",
        "Rekenbladen voor gevorderden",
        "Sociale media voor zelfstandigen",
    ),
    ADVICE: ("Advies over energieverbruik", "Advies over opvolging", "Advies over uitvoer", "Marketingadvies"),
}

# The manual, 'Overzicht projecten': number, enterprise (0 is A en B, 1 is C), day, amount in cents, status.
MANUAL_ROWS = (
    (2016_044855, 0, "2016-03-10", 119835, CANCELLED),
    (2016_044443, 0, "2016-03-09", 72893, CONFIRMED),
    (2016_043643, 1, "2016-03-08", 78099, CONFIRMED),
    (2016_041971, 0, "2016-03-07", 130165, CONFIRMED),
    (2016_040092, 0, "2016-03-03", 72893, CONFIRMED),
    (2016_040021, 0, "2016-03-02", 72000, CANCELLED),
    (2016_039364, 0, "2016-03-02", 72893, STOP_REQUESTED),
    (2016_039146, 0, "2016-03-01", 78099, FINISHED),
    (2016_037938, 0, "2016-02-29", 72893, FINISHED),
    (2016_034580, 0, "2016-02-23", 130165, FINISHED),
    (2016_034012, 0, "2016-02-23", 72893, RUNNING),
    (2016_031877, 0, "2016-02-19", 15702, RUNNING),
)
OLDER_ROWS = 203 - len(MANUAL_ROWS)  # of the last two calendar years
EARLIER_ROWS = 24  # of 2013 and 2014, for 'the full list'
OWN_ENTERPRISES = 25

# Numbers go up with the days. In 2016 they follow the manual's; a whole year before has this many, at most.
NUMBERS_A_YEAR = 250_000
_KNOWN = [(2016_000000, date(2016, 1, 1).toordinal())] + [
    (number, date.fromisoformat(day).toordinal()) for number, _enterprise, day, _cents, _status in reversed(MANUAL_ROWS)
]
_KNOWN_NUMBERS = [number for number, _day in _KNOWN]


class DemoProject(NamedTuple):
    """A project before it is a row; `enterprise` counts from 0, days are ordinals, `payments` (day, kind, cents)."""

    number: int
    enterprise: int
    service: ServiceType
    title: str
    applied: int
    starts: int
    ends: int
    cents: int
    subsidy: int
    status: ProjectStatus
    since: int
    payments: tuple[tuple[int, PaymentKind, int], ...]


def project_number(number: int) -> str:
    """`2016044855` as `2016KMO044855`."""
    return f"{number // 1_000_000}KMO{number % 1_000_000:06}"


def day_of(number: int) -> int:
    """The day on which the project with that number was applied for."""
    year, place = divmod(number, 1_000_000)
    if year < 2016:
        return date(year, 1, 1).toordinal() + (place - 1) * 365 // NUMBERS_A_YEAR
    known = bisect_right(_KNOWN_NUMBERS, number) - 1
    before, day = _KNOWN[known]
    if number == before:
        return day
    after, next_day = _KNOWN[known + 1]
    return day + (number - before) * (next_day - day) // (after - before)


def _numbers(first_year: int, last_year: int) -> Iterator[int]:
    years = range(first_year, last_year + 1)
    lasts = (year * 1_000_000 + NUMBERS_A_YEAR if year < 2016 else _KNOWN_NUMBERS[-1] for year in years)
    return chain.from_iterable(range(year * 1_000_000 + 1, last + 1) for year, last in zip(years, lasts, strict=True))


def _spread(numbers: Sequence[int], count: int, random: Random) -> list[int]:
    """`count` of the numbers, in their order: one out of each of as many equal parts."""
    if not count:
        return []
    ends = [place * len(numbers) // count for place in range(count + 1)]
    return [numbers[first + int(random.random() * (last - first))] for first, last in pairwise(ends)]


def _status(age: int, chance: float) -> ProjectStatus:
    """A status that a project of `age` days may well have; only young ones still wait for their own share."""
    shares: tuple[tuple[float, ProjectStatus], ...]
    if age < DAYS_TO_PAY:
        shares = ((0.45, CONFIRMED), (0.80, RUNNING), (0.92, FINISHED))
    elif age < 120:
        shares = ((0.45, RUNNING), (0.82, FINISHED), (0.88, STOP_REQUESTED), (0.90, STOPPED))
    else:
        shares = ((0.03, RUNNING), (0.85, FINISHED), (0.90, STOPPED))
    for share, status in shares:
        if chance < share:
            return status
    return CANCELLED


def _amount(service: ServiceType, chance: float) -> int:
    prices = PRICES[service]
    return (prices[int(chance * len(prices))] * 20_000 + 121) // 242


def _project(
    number: int, enterprise: int, service: ServiceType, cents: int, status: ProjectStatus, chance: float
) -> DemoProject:
    """The project with the course that its status tells: when it ran, and what was paid; `chance` is in 0..1."""
    applied = day_of(number)
    subsidy = (cents * SUBSIDY_PERCENT[service] + 50) // 100
    titles = TITLES[service]
    room = LAST_DAY - applied
    paid_in = applied + int(chance * min(room, DAYS_TO_PAY) / 2)
    deposit = (paid_in, PaymentKind.DEPOSIT, cents - subsidy)
    starts, ends, since = applied + 7, applied + 21 + int(chance * 60), applied
    payments: tuple[tuple[int, PaymentKind, int], ...] = ()
    if status is FINISHED:
        since = paid_in + int((1 + chance) / 2 * min(LAST_DAY - paid_in, 90))
        starts, ends = applied - 5, since
        payments = (deposit, (since, PaymentKind.PAYOUT, cents))
    elif status is CANCELLED:
        since = applied + min(room, 2 + int(chance * DAYS_TO_PAY))
    elif status is not CONFIRMED:
        since = paid_in if status is RUNNING else paid_in + int(chance * min(LAST_DAY - paid_in, 60))
        quarters = int(chance * 997) % 3
        payout = (paid_in + (LAST_DAY - paid_in if status is RUNNING else since - paid_in) // 2, PaymentKind.PAYOUT)
        payments = (deposit, (*payout, cents * quarters // 4)) if quarters else (deposit,)
    title = titles[int(chance * 9973) % len(titles)]
    return DemoProject(
        number, enterprise, service, title, applied, starts, ends, cents, subsidy, status, since, payments
    )


def own_projects() -> list[DemoProject]:
    """The 227 projects of the demo's provider, the oldest first; always the same ones."""
    random = Random(2016)  # noqa: S311 (example rows, no secrets)
    oldest_of_manual = MANUAL_ROWS[-1][0]
    earlier = _spread(list(_numbers(2013, 2014)), EARLIER_ROWS, random)
    recent = list(_numbers(2015, 2016))
    older = _spread(recent[: recent.index(oldest_of_manual)], OLDER_ROWS, random)
    projects = []
    for number in earlier + older:
        service = ADVICE if random.random() < 0.25 else TRAINING
        status = _status(LAST_DAY - day_of(number), random.random())
        # of Testonderneming_C no other project waits for its own share
        others = range(2, OWN_ENTERPRISES) if status is CONFIRMED else range(1, OWN_ENTERPRISES)
        enterprise = 0 if random.random() < 0.3 else random.choice(others)
        cents = _amount(service, random.random())
        projects.append(_project(number, enterprise, service, cents, status, random.random()))
    # 2016KMO034012 can be stopped: its own share is there and nothing was paid out yet
    return projects + [
        _project(number, enterprise, TRAINING, cents, status, 0.5 if number != 2016_034012 else 0.0)
        for number, enterprise, _day, cents, status in reversed(MANUAL_ROWS)
    ]


def other_numbers(
    others: int, of_large: int, own: Sequence[DemoProject], random: Random
) -> tuple[list[int], frozenset[int]]:
    """Free numbers, in order, for as many projects of others and of the large provider; and which are the latter's.

    The large provider's are all of the last two years, so that its list is as long as promised without asking for
    'the full list'.
    """
    taken = {project.number for project in own}
    recent = [number for number in _numbers(2015, 2016) if number not in taken]
    large = frozenset(_spread(recent, of_large, random))
    taken |= large
    free = [number for number in _numbers(2012, 2016) if number not in taken] if others else []
    return sorted((*large, *_spread(free, others, random))), large


def other_project(number: int, enterprises: int, random: Random) -> DemoProject:
    """A project of another provider, for one of as many `enterprises`; the first ones apply more often."""
    service = ADVICE if random.random() < 0.25 else TRAINING
    status = _status(LAST_DAY - day_of(number), random.random())
    enterprise = int(random.random() * random.random() * enterprises)
    return _project(number, enterprise, service, _amount(service, random.random()), status, random.random())
