"""The few ways in which a service says no; each carries a sentence in the user's language."""

from collections.abc import Mapping


class ServiceError(Exception):
    """Nothing was changed; `str(error)` is what the user reads."""


class Invalid(ServiceError):
    """What was typed does not do: `fields` has a message for each field by its name."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class NotAllowed(ServiceError):
    """This actor may not do this, or the state of the record does not allow it."""


class SessionExpired(NotAllowed):
    """The session has ended: log in again, then go on."""


class NotFound(ServiceError):
    """There is no such record, or none that this actor may know of."""


class Conflict(ServiceError):
    """Somebody else changed the record since it was read."""


class Busy(ServiceError):
    """Not now: try again in a moment."""


class Unavailable(ServiceError):
    """The database cannot be used; the sentence says why, and what the administrator can do."""


class Unconfirmed(ServiceError):
    """It can be done, but has consequences: the sentence names them. Ask, then do it again as `confirmed`."""
