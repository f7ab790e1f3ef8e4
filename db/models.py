"""All tables, in an order in which they can be made."""

from db.accounts import Account, LoginAttempts, PasswordReset, Session
from db.audit import AuditLine
from db.drafts import Draft
from db.enterprises import Enterprise
from db.establishments import Establishment
from db.fields import Table
from db.mail import Mail, MailAttachment
from db.payments import Payment
from db.projects import Project
from db.providers import Provider
from db.reactions import Proof, Reaction
from db.reference_tables import FieldOfExpertise, LegalForm, ProviderExpertise
from db.registrations import Registration, RegistrationNotice, RegistrationProposal
from db.saved_views import SavedView

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
    LegalForm,
    FieldOfExpertise,
    ProviderExpertise,
    Registration,
    RegistrationProposal,
    RegistrationNotice,
    PasswordReset,
    Draft,
    MailAttachment,
    SavedView,
)
