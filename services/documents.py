"""The documents that go to a provider on paper or by mail: the declaration on honour and the certificate."""

from datetime import date

from pydantic import Field

from services.contact import AGENCY, SERVICE_ADDRESS, SERVICE_FAX, SERVICE_NAME, SERVICE_POST, WEBSITE
from services.language import _, show_date, written_in
from services.work import Record

PDF = "application/pdf"


class Document(Record):
    """A finished file: its bare name, its media type and what it holds."""

    name: str
    media_type: str = PDF
    content: bytes = Field(repr=False, min_length=1)


class DeclarationFacts(Record):
    """What a declaration on honour says. `service` and `basis` are the Dutch words; `address` has a line each."""

    registration_number: str
    service: str
    basis: str
    provider: str
    provider_number: str
    legal_form: str
    address: tuple[str, ...]
    requested_on: date


class CertificateFacts(Record):
    """What a certificate says. `service` and `basis` are the Dutch words; `address` has a line each."""

    registration_number: str
    service: str
    basis: str
    provider: str
    provider_number: str
    address: tuple[str, ...]
    granted_on: date
    expires_on: date


def declaration_pdf(facts: DeclarationFacts) -> bytes:
    """The declaration on honour (manual, step 4): one A4 page in Dutch, to print, sign and send in."""
    from services import paper  # what it draws with is slow to load, and most who send mail draw nothing
    from services.paper import Text

    left, width = 72.0, paper.WIDTH - 144
    with written_in("nl"):
        title = _("Declaration on honour")
        page = paper.Page(f"{title} {facts.registration_number}", _("Request for a registration"), facts.requested_on)
        y = page.column(
            [
                Text(SERVICE_NAME, size=10, font=paper.BOLD, color=paper.ACCENT),
                Text(title, size=28, above=8, role="H1"),
                Text(_("with the request for a registration as provider"), size=13, color=paper.QUIET, above=2),
            ],
            left,
            paper.HEIGHT - 58,
            width,
        )
        y -= 14
        page.rule(left, y, width, color=paper.ACCENT)
        y -= 4
        for label, value in [
            (_("Registration number"), facts.registration_number),
            (_("Requested on"), show_date(facts.requested_on)),
            (_("Service"), facts.service),
            (_("Basis"), facts.basis),
            (_("Provider"), facts.provider),
            (_("Legal form"), facts.legal_form),
            (_("Enterprise number"), facts.provider_number),
            (_("Address"), ", ".join(facts.address)),
        ]:
            page.write(Text(label, size=10, color=paper.QUIET, above=5.2), left, y, 130)
            written = Text(value, above=4).fitted(width - 130, 4, (11, 9, 7, 6))
            y = page.write(written, left + 130, y, width - 130)
        y -= 14
        page.rule(left, y, width, color=paper.ACCENT)
        y = page.column(
            [
                Text(_("Declaration of the undersigned"), size=14, font=paper.BOLD, above=16, role="H2"),
                Text(
                    _(
                        "The undersigned gives the %(agency)s permission for every examination, investigation and "
                        "check that is needed to judge the applications handed in."
                    )
                    % {"agency": AGENCY},
                    size=12,
                    above=6,
                ),
                Text(_("The undersigned will give all information that is needed for this."), size=12, above=6),
            ],
            left,
            y,
            width,
        )
        half = (width - 28) / 2
        right = left + half + 28
        y -= 56
        for label, x, line in [
            (_("Date"), left, y),
            (_("Name + Function"), left, y - 62),
            (_("Signature"), right, y - 62),
        ]:
            page.rule(x, line, half)
            page.write(Text(label, size=10, color=paper.QUIET, above=3), x, line, half)
        y = page.column(
            [Text(_("Sign this declaration and send it to us"), size=14, font=paper.BOLD, role="H2")],
            left,
            y - 108,
            width,
        )
        for x, label, lines in [
            (left, _("By mail"), (SERVICE_ADDRESS,)),
            (left + 175, _("By post"), SERVICE_POST),
            (left + 365, _("By fax"), (SERVICE_FAX,)),
        ]:
            texts = [Text(label, size=10, color=paper.QUIET, above=8), *(Text(line, size=10.5) for line in lines)]
            page.column(texts, x, y, 180)
    return page.finished()


def certificate_pdf(facts: CertificateFacts) -> bytes:
    """The certificate of a granted registration: one A4 page in Dutch."""
    from services import paper
    from services.paper import Text

    left, width = 92.0, paper.WIDTH - 184
    with written_in("nl"):
        title = _("Certificate")
        page = paper.Page(f"{title} {facts.registration_number}", _("Registration as provider"), facts.granted_on)
        page.frame(34, weight=1.4)
        page.frame(39, weight=0.4)
        y = page.column(
            [
                Text(SERVICE_NAME, size=12, font=paper.BOLD, color=paper.ACCENT, centred=True),
                Text(title, size=46, above=26, role="H1", centred=True),
                Text(_("of registration as provider"), size=15, color=paper.QUIET, above=4, centred=True),
            ],
            left,
            paper.HEIGHT - 92,
            width,
        )
        y -= 24
        page.rule(paper.WIDTH / 2 - 32, y, 64, color=paper.ACCENT, weight=1.2)
        told = [
            Text(_("The %(agency)s confirms that") % {"agency": AGENCY}, size=12.5, centred=True),
            Text(facts.provider, font=paper.BOLD, above=14, centred=True).fitted(width, 3, (27, 22, 18, 15)),
            Text(
                _("Enterprise number %(number)s") % {"number": facts.provider_number},
                size=11.5,
                color=paper.QUIET,
                above=8,
                centred=True,
            ),
            *(Text(line, color=paper.QUIET, centred=True).fitted(width, 2, (11.5, 9, 7)) for line in facts.address),
            Text(_("is registered for the service"), size=12.5, above=26, centred=True),
            Text(facts.service, size=27, font=paper.BOLD, above=10, centred=True),
            Text(_("as %(basis)s") % {"basis": facts.basis}, size=12.5, above=8, centred=True),
        ]
        foot = 176.0
        spare = y - foot - sum(text.height(width) for text in told)
        page.column(told, left, y - spare / 2, width)
        page.rule(left, foot, width, color=paper.ACCENT)
        third = width / 3
        for number, (label, value) in enumerate(
            [
                (_("Registration number"), facts.registration_number),
                (_("Valid from"), show_date(facts.granted_on)),
                (_("Valid until"), show_date(facts.expires_on)),
            ]
        ):
            texts = [
                Text(label, size=10, color=paper.QUIET, above=14, centred=True),
                Text(value, size=15, font=paper.BOLD, above=2, centred=True),
            ]
            page.column(texts, left + number * third, foot, third)
        page.write(Text(WEBSITE, size=10, color=paper.QUIET, centred=True), left, 92, width)
    return page.finished()
