"""Logging in and out, one's own login, and new accounts."""

from datetime import timedelta
from math import ceil
from typing import Any, NamedTuple

from pydantic import Field

from db import accounts
from db.accounts import Account, Session
from db.codes import ProviderKind, Role
from db.database import transaction
from db.fields import folded
from db.providers import Provider, find_provider
from services import clock, mail, passwords
from services.checks import clean_line, parse_email, parse_provider_number
from services.errors import Busy, Conflict, Invalid, NotAllowed, NotFound
from services.language import _, ngettext, written_in
from services.rules import PROVIDERS, Permission
from services.work import Actor, Record, Work, reading, require, storage_in_words, writing

FREE_ATTEMPTS = 4
LONGEST_WAIT = 900  # seconds
LOGIN_LENGTH = range(4, 65)
TEMPORARY_FOR = timedelta(hours=24)
LETTERS_IN = "nl"


class LogIn(Record):
    """What the login screen asks; `source` says from where (a client's address, or the user of this machine)."""

    login: str
    password: str = Field(repr=False)
    source: str = "local"


class ChangeLogin(Record):
    """Wijzig login: the manual's four fields."""

    new_login: str
    old_password: str = Field(repr=False)
    new_password: str = Field(repr=False)
    new_password_again: str = Field(repr=False)


class AddAccount(Record):
    """A new login; providers need the number of their headquarters or department, operators an explicit role."""

    login: str
    role: Role | None = None
    provider_number: str | None = None
    email: str | None = None
    by_mail: bool = False


class NewAccount(NamedTuple):
    """The first password is None when it was mailed."""

    login: str
    role: Role
    password: str | None
    mailed_to: str | None


def _wait_seconds(login: str, source: str) -> int:
    """How long this login has to wait from this source: 2^(n-4) seconds from the fifth failure in a row on."""
    longest = 0.0
    for attempts in accounts.login_attempts(login, source):
        if attempts.failures > FREE_ATTEMPTS and attempts.last_failed_at is not None:
            pause = min(LONGEST_WAIT, 2 ** (attempts.failures - FREE_ATTEMPTS))
            longest = max(longest, pause - (clock.now() - attempts.last_failed_at).total_seconds())
    return ceil(longest)


def _require_no_wait(login: str, source: str) -> None:
    seconds = _wait_seconds(login, source)
    if seconds:
        wait = ngettext(
            "Too many failed attempts. Wait %(seconds)s second and try again.",
            "Too many failed attempts. Wait %(seconds)s seconds and try again.",
            seconds,
        )
        raise Busy(wait % {"seconds": seconds})


def log_in(command: LogIn) -> Actor:
    """Open a session. NotAllowed when login and password do not belong together, Busy while waiting is due.

    The answer does not tell whether the login exists, neither in words nor in time. A second password that was mailed
    (`password_resets`) opens one session, in which it has to be changed; the first one is good until then.
    """
    login = folded(clean_line(command.login))
    with reading():
        _require_no_wait(login, command.source)
        account = accounts.find_account(login)
        usable = account is not None and account.ended_at is None
        reset = accounts.open_reset(account.id, clock.now()) if account is not None and usable else None
    known_hash = account.password_hash if account is not None and usable else None
    right = passwords.verify_password(known_hash, command.password)
    # a second hash for what is written like a mailed password, whether one was asked for or not
    mailed = passwords.looks_temporary(command.password) and passwords.verify_password(
        None if reset is None else reset.password_hash, command.password
    )
    if account is None or known_hash is None or not (right or mailed):
        with writing(None) as work:
            _require_no_wait(login, command.source)
            accounts.count_failure(login, command.source, work.moment)
            work.audit("account.login_failed", f"account:{account.id}" if account else "account:unknown")
        raise NotAllowed(_("Login and password do not belong together. Try again, or ask for a new password."))
    if reset is not None and mailed:
        changes: dict[str, Any] = {
            "password_hash": reset.password_hash,
            "must_change_password": True,
            # it opens this session and no other
            "password_expires_at": clock.now(),
            "version": account.version + 1,
        }
    elif account.password_expires_at is not None and account.password_expires_at < clock.now():
        raise NotAllowed(_("This temporary password has expired. Ask for a new one."))
    elif passwords.needs_rehash(known_hash):
        changes = {"password_hash": passwords.hash_password(command.password)}
    else:
        changes = {}
    with writing(None) as work:
        # asked again: of many guesses made at once none may tell more than the same guesses made one after the other
        _require_no_wait(login, command.source)
        if not accounts.still_stands(account) or (mailed and not accounts.drop_reset(account.id)):
            raise Conflict(_("Your login was changed meanwhile, elsewhere. Log in again."))
        accounts.count_success(login, command.source)
        Account.update(changes | {"last_login_at": work.moment}).where(Account.id == account.id).execute()
        session = Session.create(
            account=account, source=command.source, started_at=work.moment, last_used_at=work.moment
        )
        work.audit("account.login", f"account:{account.id}", session=session.id, by_mailed_password=mailed)
        return _actor(Account.get_by_id(account.id), session.id)


def _actor(account: Account, session_id: int | None) -> Actor:
    provider: Provider | None = account.provider
    return Actor(
        account_id=account.id,
        login=account.login,
        role=Role(account.role),
        provider_id=account.provider_id,
        headquarters_id=None if provider is None else provider.organisation_id,
        provider_name="" if provider is None else provider.name,
        session_id=session_id,
        must_change_password=account.must_change_password,
    )


def log_out(*, actor: Actor) -> None:
    """End the actor's session; ending it twice does no harm."""
    with writing(actor) as work:
        Session.update(ended_at=work.moment).where(
            (Session.id == actor.session_id) & Session.ended_at.is_null()
        ).execute()
        work.audit("account.logout", f"account:{actor.account_id}", session=actor.session_id)


def login_problem(login: str, account_id: int | None) -> str | None:
    """Why account `account_id` (None for a new one) cannot have this login, None if it can."""
    if len(login) not in LOGIN_LENGTH:
        return _("The login must have 4 to 64 characters.")
    holder = accounts.find_account(login)
    if holder is not None and holder.id != account_id:
        return _("This login is taken. Choose another one.")
    return None


def change_login(command: ChangeLogin, *, actor: Actor) -> Actor:
    """Give the actor's account a new login and password; its other sessions end. Invalid names the fields."""
    required = {
        "new_login": _("Fill in the new login."),
        "old_password": _("Fill in the old password."),
        "new_password": _("Fill in the new password."),
        "new_password_again": _("Fill in the new password a second time."),
    }
    wrong = {field: message for field, message in required.items() if not getattr(command, field).strip()}
    if wrong:
        raise Invalid(wrong)
    new_login = clean_line(command.new_login)
    with reading():
        require(actor, Permission.CHANGE_LOGIN)
        account = Account.get_by_id(actor.account_id)
        if problem := login_problem(new_login, account.id):
            wrong["new_login"] = problem
    if not passwords.verify_password(account.password_hash, command.old_password):
        wrong["old_password"] = _("The old password is not right.")
    if command.new_password != command.new_password_again:
        wrong["new_password_again"] = _("The two new passwords differ. Type the same one twice.")
    elif command.new_password == command.old_password:
        wrong["new_password"] = _("The new password is the old one. Choose another.")
    elif problem := passwords.password_problem(command.new_password, new_login, actor.provider_name):
        wrong["new_password"] = problem
    if wrong:
        raise Invalid(wrong)
    new_hash = passwords.hash_password(command.new_password)
    with writing(actor) as work:
        require(actor, Permission.CHANGE_LOGIN)
        if problem := login_problem(new_login, account.id):
            raise Invalid({"new_login": problem})
        changed = (
            Account.update(
                login=new_login,
                login_folded=folded(new_login),
                password_hash=new_hash,
                must_change_password=False,
                password_expires_at=None,
                version=Account.version + 1,
            )
            .where((Account.id == account.id) & (Account.version == account.version))
            .execute()
        )
        if not changed:
            raise Conflict(_("Your login was changed meanwhile, elsewhere. Log in again."))
        accounts.drop_reset(account.id)
        accounts.end_sessions(account.id, work.moment, but=actor.session_id)
        work.audit("account.change_login", f"account:{account.id}", login_changed=new_login != account.login)
    return actor.model_copy(update={"login": new_login, "must_change_password": False})


def _role_and_provider(command: AddAccount) -> tuple[Role, Provider | None]:
    if command.provider_number is None:
        if command.role is None or command.role in PROVIDERS or command.role is Role.SYSTEM:
            raise Invalid({"provider": _("Give the provider's number, or the role of an operator.")})
        return command.role, None
    try:
        provider = find_provider(*parse_provider_number(command.provider_number))
    except ValueError as error:
        raise Invalid({"provider": str(error)}) from None
    if provider is None:
        raise NotFound(_("There is no provider %(number)s.") % {"number": command.provider_number})
    role = Role.HEADQUARTERS if provider.kind == ProviderKind.HEADQUARTERS else Role.DEPARTMENT
    if command.role not in (None, role):
        raise Invalid(
            {
                "role": _("Provider %(number)s can only have the role %(role)s.")
                % {"number": command.provider_number, "role": role}
            }
        )
    return role, provider


def add_account(command: AddAccount, *, actor: Actor) -> NewAccount:
    """Make an account with a temporary password, good for 24 hours and to be changed at the first login.

    The password goes out by mail (`by_mail`, to the given address or the provider's own), or back to the caller once.
    """
    login = clean_line(command.login)
    password = passwords.temporary_password()
    with reading():
        require(actor, Permission.ADD_ACCOUNT)
        role, provider = _role_and_provider(command)
        if problem := login_problem(login, None):
            raise Invalid({"login": problem})
    try:
        email = parse_email(command.email) if command.email else provider.email if provider else None
    except ValueError as error:
        raise Invalid({"email": str(error)}) from None
    if command.by_mail and not email:
        raise Invalid({"email": _("Give a mail address to send the password to.")})
    password_hash = passwords.hash_password(password)
    with writing(actor) as work:
        require(actor, Permission.ADD_ACCOUNT)
        if problem := login_problem(login, None):
            raise Invalid({"login": problem})
        account = new_account(work, login, role, provider, email, password_hash)
        if command.by_mail and email:
            mail_first_password(work, account, email, password)
    return NewAccount(login, role, None if command.by_mail else password, email if command.by_mail else None)


def new_account(
    work: Work, login: str, role: Role, provider: Provider | None, email: str | None, password_hash: str
) -> Account:
    """The row of an account whose password is temporary, with its audit line; the caller has checked the login."""
    account: Account = Account.create(
        login=login,
        login_folded=folded(login),
        role=role,
        provider=provider,
        email=email,
        password_hash=password_hash,
        must_change_password=True,
        password_expires_at=work.moment + TEMPORARY_FOR,
        created_at=work.moment,
    )
    work.audit("account.add", f"account:{account.id}", role=role)
    return account


def mail_first_password(work: Work, account: Account, email: str, password: str) -> None:
    """The letter with login and temporary password, to `email`."""
    with written_in(LETTERS_IN):
        mail.post(
            work,
            recipient=email,
            subject=_("Your login for the kmo-portefeuille"),
            body=_(
                "Dear provider,\n\nYou can log in with\n\n  Login:    %(login)s\n  Password: %(password)s\n\n"
                "The password is good for 24 hours; you choose your own at the first login."
            )
            % {"login": account.login, "password": password},
            about=f"account:{account.id}",
            holds_secret=True,
        )


def system_actor(user: str) -> Actor:
    """The actor for whoever owns the database file: role `system`, the operating system's name `user` on record."""
    login = f"system:{user}"
    with reading():
        account = accounts.find_account(login)
    if account is None:
        with storage_in_words(), transaction():
            account = accounts.find_account(login)
            if account is None:
                with writing(None) as work:
                    account = Account.create(
                        login=login, login_folded=folded(login), role=Role.SYSTEM, created_at=work.moment
                    )
                    work.audit("account.add", f"account:{account.id}", role=Role.SYSTEM)
    return _actor(account, None)


def on_behalf_of(login: str, *, actor: Actor) -> Actor:
    """The `system` actor looking at what `login` may see, for lists made at the command line."""
    with reading():
        require(actor, Permission.VIEW_AS)
        account = accounts.find_account(clean_line(login))
        if account is None or account.ended_at is not None or account.role == Role.SYSTEM:
            raise NotFound(_("There is no login '%(login)s'.") % {"login": login})
        seen = _actor(account, None)
    return actor.model_copy(
        update={
            "provider_id": seen.provider_id,
            "headquarters_id": seen.headquarters_id,
            "provider_name": seen.provider_name,
        }
    )
