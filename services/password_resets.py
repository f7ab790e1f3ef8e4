"""Login en paswoord vergeten: a second password by mail, good for ten minutes and one login.

Enterprise numbers are public, so whoever asks gets the same answer after the same work, whatever is on record.
"""

from datetime import timedelta

from db import accounts, audit
from db.accounts import Account
from db.fields import folded
from db.providers import Provider, find_provider
from services import mail, passwords
from services.checks import parse_email, parse_provider_number
from services.errors import Invalid
from services.language import _, written_in
from services.work import Record, Work, writing

GOOD_FOR = timedelta(minutes=10)
MOST_MAILS = 3
WITHIN = timedelta(hours=1)
ACTION = "account.new_password"


class AskNewPassword(Record):
    """What the manual's form asks: `0862.010.195`, or `0862.010.195/2` for a department, and the mail address."""

    provider_number: str
    email: str


def check_field(field: str, typed: str) -> str:
    """One field of the form in the form in which it is kept; ValueError with a sentence when it does not do."""
    if field == "email":
        return parse_email(typed)
    parse_provider_number(typed)
    return typed.strip()


def ask_new_password(command: AskNewPassword) -> None:
    """Mail the logins of that provider with a second password to the address on record, when it is this one.

    Nothing tells whether it was. Invalid for what cannot be a number or an address at all. At most three mails go to a
    login within the hour.
    """
    wrong: dict[str, str] = {}
    for field in AskNewPassword.model_fields:
        try:
            check_field(field, getattr(command, field))
        except ValueError as error:
            wrong[field] = str(error)
    if wrong:
        raise Invalid(wrong)
    email = folded(parse_email(command.email))
    password = passwords.temporary_password()
    # one hash for all the provider's logins, made before anybody knows whether there are any
    password_hash = passwords.hash_password(password)
    with writing(None) as work:
        provider = find_provider(*parse_provider_number(command.provider_number))
        asked = [] if provider is None else _accounts_at(provider, email, work)
        for account in asked:
            accounts.keep_reset(account.id, password_hash, work.moment + GOOD_FOR)
            work.audit(ACTION, f"account:{account.id}")
        if provider is not None and asked:
            _post_letter(work, provider, asked, email, password)
        else:
            work.audit(f"{ACTION}_refused", "account:unknown")


def _accounts_at(provider: Provider, email: str, work: Work) -> list[Account]:
    """The provider's logins that receive mail at `email`, and have not had too much of it."""
    since = (work.moment - WITHIN).isoformat(timespec="microseconds")
    return [
        account
        for account in accounts.accounts_of(provider.id)
        if email in (folded(provider.email), folded(account.email or ""))
        and audit.count_audit_lines(ACTION, f"account:{account.id}", since) < MOST_MAILS
    ]


def _post_letter(work: Work, provider: Provider, asked: list[Account], email: str, password: str) -> None:
    """The letter with the logins; it goes to the address as it is on record, not as it was typed."""
    on_record = (provider.email, *(account.email for account in asked))
    with written_in(mail.LETTERS_IN):
        body = _(
            "Dear provider,\n\nA new password was asked for %(provider)s. You can log in once, within 10 minutes, with"
            "\n\n%(logins)s\n  Password: %(password)s\n\nYou then choose a password of your own. Did you not ask for "
            "this? Do nothing: your old password stays good, and this one ends by itself."
        )
        logins = "\n".join("  " + _("Login:    %(login)s") % {"login": account.login} for account in asked)
        mail.post(
            work,
            recipient=next(address for address in on_record if address and folded(address) == email),
            subject=_("Your new password for the kmo-portefeuille"),
            body=body % {"provider": provider.name, "logins": logins, "password": password},
            about=f"account:{asked[0].id}",
            holds_secret=True,
        )
