"""What the demo is called and who may log in to it. Imports nothing heavy: the first screen shows these."""

from datetime import datetime
from typing import NamedTuple

from db.codes import Role

DEMO_START = datetime(2016, 3, 11, 9, 0)  # noqa: DTZ001 (Belgian time, as the clock takes it)
DEMO_PASSWORD = "kmo-portefeuille-demo"  # noqa: S105 (public: the login screen of the demo shows it)


class DemoLogin(NamedTuple):
    """A login of the demo."""

    login: str
    role: Role


DEMO_LOGINS = (
    DemoLogin("012345678", Role.HEADQUARTERS),
    DemoLogin("departement", Role.DEPARTMENT),
    DemoLogin("groot", Role.HEADQUARTERS),
    DemoLogin("helpdesk", Role.HELPDESK),
    DemoLogin("dossier", Role.CASE_HANDLER),
    DemoLogin("beheer", Role.ADMIN),
)
