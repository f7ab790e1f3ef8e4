"""All tables, in an order in which they can be made."""

from db.accounts import Account, LoginAttempts, Session
from db.audit import AuditLine
from db.enterprises import Enterprise
from db.establishments import Establishment
from db.fields import Table
from db.mail import Mail
from db.payments import Payment
from db.projects import Project
from db.providers import Provider
from db.reactions import Proof, Reaction

ALL: tuple[type[Table], ...] = (
    Provider,
    Establishment,
    Account,
    Session,
    LoginAttempts,
    Enterprise,
    Project,
    Payment,
    Reaction,
    Proof,
    Mail,
    AuditLine,
)
