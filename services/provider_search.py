"""Zoek een dienstverlener: open to everybody, so nothing internal (account numbers, logins) is ever in its records."""

import re
from collections.abc import Sequence
from datetime import date

from db import provider_search
from db.codes import ServiceType as ServiceType
from db.establishments import Establishment, establishments_of
from db.provider_search import SearchFilter
from db.providers import find_provider
from services import clock
from services.checks import clean_line, clean_text, parse_provider_number, show_provider_number
from services.errors import Invalid, NotFound
from services.establishments import show_place, show_street
from services.language import _
from services.rules import Permission
from services.work import Actor, Record, reading, require

LONGEST_TEXT = 300  # characters of a filter, as many as a name of an import may have


class ProviderQuery(Record):
    """What is looked for: texts as typed. `place` is a part of a municipality's name, (the first digits of) a
    postcode, or both; any establishment counts."""

    name: str = ""
    place: str = ""
    service: ServiceType | None = None
    expertise: str = ""


class FoundLine(Record):
    """A provider of the list; street and place are those of the establishment that fits."""

    number: str
    name: str
    street: str
    place: str
    services: tuple[ServiceType, ...]
    expertise: tuple[str, ...]
    email: str
    phone: str


class FoundRegistration(Record):
    """A service for which the provider is registered now."""

    service: ServiceType
    number: str
    expires_on: date


class FoundProvider(Record):
    """What everybody may know of a provider; the first address is its own."""

    number: str
    name: str
    addresses: tuple[str, ...]
    email: str
    phone: str
    registrations: tuple[FoundRegistration, ...]
    expertise: tuple[str, ...]
    presentation: str


def _chosen(query: ProviderQuery) -> SearchFilter:
    texts = {field: clean_line(getattr(query, field)) for field in ("name", "place", "expertise")}
    too_long = _("This is longer than %(limit)s characters.") % {"limit": LONGEST_TEXT}
    wrong = {field: too_long for field, text in texts.items() if len(text) > LONGEST_TEXT}
    postcode, municipality = re.fullmatch("([0-9]*) ?(.*)", texts["place"], re.DOTALL).groups()  # type: ignore[union-attr]  # fits any text
    if len(postcode) > 4:
        wrong["place"] = _("A postcode has four digits; give its first digits, or a part of the municipality's name.")
    if wrong:
        raise Invalid(wrong)
    return SearchFilter(
        on=clock.today(),
        name=texts["name"],
        postcode=postcode,
        municipality=municipality,
        service=query.service,
        expertise=texts["expertise"],
    )


def search_providers(query: ProviderQuery, *, actor: Actor | None, offset: int, limit: int) -> Sequence[FoundLine]:
    """`limit` of the providers with a valid registration from `offset`, by name; Invalid names a filter too long."""
    with reading():
        require(actor, Permission.FIND_PROVIDERS)
        chosen = _chosen(query)
        found = provider_search.found_providers(chosen, offset=offset, limit=limit)
        ids = [establishment.provider_id for establishment in found]
        services: dict[int, list[ServiceType]] = {id: [] for id in ids}
        for registration in provider_search.valid_registrations(ids, chosen.on):
            services[registration.provider_id].append(ServiceType(registration.service))
        fields: dict[int, list[str]] = {id: [] for id in ids}
        for id, name in provider_search.fields_of(ids):
            fields[id].append(name)
        return [_line(row, services[row.provider_id], fields[row.provider_id]) for row in found]


def _line(found: Establishment, services: Sequence[ServiceType], fields: Sequence[str]) -> FoundLine:
    provider = found.provider
    return FoundLine(
        number=show_provider_number(provider.enterprise_number, provider.department_number),
        name=provider.name,
        street=show_street(found),
        place=show_place(found),
        services=tuple(service for service in ServiceType if service in services),
        expertise=tuple(fields),
        email=provider.email,
        phone=provider.phone,
    )


def count_providers(query: ProviderQuery, *, actor: Actor | None) -> int:
    """How many providers the search finds; Invalid as in `search_providers`."""
    with reading():
        require(actor, Permission.FIND_PROVIDERS)
        return provider_search.count_found(_chosen(query))


def get_found_provider(number: str, *, actor: Actor | None) -> FoundProvider:
    """One provider by its number (`0862.010.195/2`); NotFound unless it has a valid registration now."""
    with reading():
        require(actor, Permission.FIND_PROVIDERS)
        try:
            provider = find_provider(*parse_provider_number(number))
        except ValueError as error:
            raise NotFound(str(error)) from None
        registrations = (
            []
            if provider is None or provider.ended_on is not None
            else provider_search.valid_registrations([provider.id], clock.today())
        )
        if provider is None or not registrations:
            raise NotFound(
                _("There is no provider %(number)s with a valid registration. Look for it by name.")
                % {"number": clean_line(number)[:LONGEST_TEXT]}
            )
        return FoundProvider(
            number=show_provider_number(provider.enterprise_number, provider.department_number),
            name=provider.name,
            addresses=tuple(f"{show_street(row)}, {show_place(row)}" for row in establishments_of(provider.id)),
            email=provider.email,
            phone=provider.phone,
            registrations=tuple(
                FoundRegistration(service=ServiceType(row.service), number=row.number, expires_on=row.expires_on)
                for row in registrations
            ),
            expertise=tuple(name for _id, name in provider_search.fields_of([provider.id])),
            presentation=clean_text(provider.presentation),
        )
