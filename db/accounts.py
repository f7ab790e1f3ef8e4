"""Who may sign in: accounts, their sessions, and the count of failed attempts."""

from datetime import datetime

from peewee import Check, CompositeKey, IntegerField, TextField

from db.codes import Role
from db.fields import CodeField, FlagField, MomentField, Table, folded, reference
from db.providers import Provider


class Account(Table):
    """A login. `password_hash` is NULL for `system`, which never signs in on a screen."""

    login = TextField()
    login_folded = TextField(unique=True)
    role = CodeField(Role)
    provider = reference(Provider, null=True)
    email = TextField(null=True)
    password_hash = TextField(null=True)
    must_change_password = FlagField(default=False)
    password_expires_at = MomentField(null=True)
    created_at = MomentField()
    last_login_at = MomentField(null=True)
    ended_at = MomentField(null=True)
    version = IntegerField(default=1)

    provider_id: int | None

    class Meta:
        table_name = "account"
        constraints = (
            Check("(role IN ('headquarters', 'department')) = (provider_id IS NOT NULL)"),
            Check("(role = 'system') = (password_hash IS NULL)"),
        )


class Session(Table):
    """One sign-in of an account, from login to logout or expiry; `source` says from where."""

    account = reference(Account)
    source = TextField()
    started_at = MomentField()
    last_used_at = MomentField()
    ended_at = MomentField(null=True)

    account_id: int

    class Meta:
        table_name = "session"


class PasswordReset(Table):
    """A second, temporary password that was mailed on request; the first one works until this one is used."""

    account = reference(Account, unique=True)
    password_hash = TextField()
    expires_at = MomentField()

    account_id: int

    class Meta:
        table_name = "password_reset"


class LoginAttempts(Table):
    """Failed attempts in a row for a login, known or not, from one `source` ('' counts all unknown ones)."""

    login_folded = TextField()
    source = TextField()
    failures = IntegerField(default=0)
    last_failed_at = MomentField(null=True)
    trusted = FlagField(default=False)

    class Meta:
        table_name = "login_attempts"
        primary_key = CompositeKey("login_folded", "source")


def find_account(login: str) -> Account | None:
    """The account with that login, however it is cased."""
    found: Account | None = Account.get_or_none(Account.login_folded == folded(login))
    return found


def still_stands(account: Account) -> bool:
    """Whether the account is as it was read: not changed, not ended."""
    as_read = (Account.id == account.id) & (Account.version == account.version)
    return bool(Account.select().where(as_read & Account.ended_at.is_null()).exists())


def accounts_of(provider_id: int) -> list[Account]:
    """The accounts of a provider that were not ended, the oldest first."""
    own = (Account.provider == provider_id) & Account.ended_at.is_null()
    return list(Account.select().where(own).order_by(Account.id))


def open_reset(account_id: int, moment: datetime) -> PasswordReset | None:
    """The account's second password, unless it has expired."""
    found: PasswordReset | None = PasswordReset.get_or_none(
        (PasswordReset.account == account_id) & (PasswordReset.expires_at >= moment)
    )
    return found


def keep_reset(account_id: int, password_hash: str, expires_at: datetime) -> None:
    """Give the account a second password, in the place of an earlier one."""
    drop_reset(account_id)
    PasswordReset.create(account=account_id, password_hash=password_hash, expires_at=expires_at)


def drop_reset(account_id: int) -> int:
    """Take the account's second password away; how many there were, 0 or 1."""
    dropped: int = PasswordReset.delete().where(PasswordReset.account == account_id).execute()
    return dropped


def login_attempts(login_folded: str, source: str) -> list[LoginAttempts]:
    """The counts that hold for a login from `source`: its own, and the shared one unless the source is trusted."""
    places = LoginAttempts.login_folded == login_folded
    found = list(LoginAttempts.select().where(places & LoginAttempts.source.in_((source, ""))))
    own = [attempts for attempts in found if attempts.source == source]
    return own if own and own[0].trusted else found


def count_failure(login_folded: str, source: str, moment: datetime) -> None:
    """One more failure, for the source and, unless it is trusted, for all unknown ones together."""
    trusted = any(attempts.trusted for attempts in login_attempts(login_folded, source))
    for place in (source,) if trusted else (source, ""):
        LoginAttempts.insert(login_folded=login_folded, source=place).on_conflict_ignore().execute()
        LoginAttempts.update(failures=LoginAttempts.failures + 1, last_failed_at=moment).where(
            (LoginAttempts.login_folded == login_folded) & (LoginAttempts.source == place)
        ).execute()


def count_success(login_folded: str, source: str) -> None:
    """The counts that held start anew, and the source is trusted from now on."""
    for attempts in login_attempts(login_folded, source):
        LoginAttempts.update(failures=0).where(
            (LoginAttempts.login_folded == login_folded) & (LoginAttempts.source == attempts.source)
        ).execute()
    LoginAttempts.insert(login_folded=login_folded, source=source).on_conflict_ignore().execute()
    LoginAttempts.update(trusted=True).where(
        (LoginAttempts.login_folded == login_folded) & (LoginAttempts.source == source)
    ).execute()


def open_session(session_id: int) -> tuple[Session, Account] | None:
    """A session that has not been ended, and its account, unless that was ended."""
    session = (
        Session.select(Session, Account)
        .join(Account)
        .where((Session.id == session_id) & Session.ended_at.is_null() & Account.ended_at.is_null())
        .first()
    )
    return None if session is None else (session, session.account)


def end_sessions(account_id: int, moment: datetime, *, but: int | None = None) -> None:
    """End all open sessions of the account, except session `but`."""
    open_ones = (Session.account == account_id) & Session.ended_at.is_null()
    if but is not None:
        open_ones &= Session.id != but
    Session.update(ended_at=moment).where(open_ones).execute()


def touch_session(session_id: int, moment: datetime) -> None:
    """Note that the session was used."""
    Session.update(last_used_at=moment).where(Session.id == session_id).execute()


def end_accounts(provider_id: int, moment: datetime) -> list[int]:
    """End all logins of a provider and their sessions; the ids of the accounts that were open."""
    open_ones = (Account.provider == provider_id) & Account.ended_at.is_null()
    ids = [account.id for account in Account.select(Account.id).where(open_ones).order_by(Account.id)]
    Account.update(ended_at=moment, version=Account.version + 1).where(open_ones).execute()
    for account_id in ids:
        end_sessions(account_id, moment)
    return ids
