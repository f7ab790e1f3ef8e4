"""The public search: which providers have a valid registration, and where, for what and in which fields they work."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import Tuple, fn

from db.codes import RegistrationStatus, ServiceType
from db.establishments import Establishment
from db.fields import folded
from db.providers import Provider
from db.reference_tables import FieldOfExpertise, ProviderExpertise
from db.registrations import Registration

VALID = (RegistrationStatus.GRANTED, RegistrationStatus.EXTENSION_REQUESTED)


@dataclass(frozen=True)
class SearchFilter:
    """Which providers: registered on day `on`, and every other field that is set narrows the list.

    `postcode` is the beginning of one; it and `municipality` must fit one and the same establishment.
    """

    on: date
    name: str = ""
    postcode: str = ""
    municipality: str = ""
    service: ServiceType | None = None
    expertise: str = ""


def _valid_on(day: date) -> Any:
    return Registration.status.in_(VALID) & (Registration.expires_on >= day)


def _found(chosen: SearchFilter, *columns: Any) -> Any:
    """The providers, each once, with the first of their establishments that fits."""
    # each list of providers is made once, not asked for again at every provider
    registered = Registration.select(Registration.provider).where(_valid_on(chosen.on))
    if chosen.service is not None:
        registered = registered.where(Registration.service == chosen.service)
    other = Establishment.alias()
    fitting = other.select(other.provider, fn.MIN(other.number)).where(other.ended_on.is_null())
    if chosen.postcode:
        fitting = fitting.where(other.postcode.startswith(chosen.postcode))
    if chosen.municipality:
        fitting = fitting.where(other.municipality_folded.contains(folded(chosen.municipality)))
    query = (
        Establishment.select(*columns)
        .join(Provider)
        .where(Tuple(Establishment.provider, Establishment.number).in_(fitting.group_by(other.provider)))
        .where(Provider.ended_on.is_null() & Provider.id.in_(registered))
    )
    if chosen.name:
        query = query.where(Provider.name_folded.contains(folded(chosen.name)))
    if chosen.expertise:
        fields = [field.id for field in FieldOfExpertise.select() if folded(chosen.expertise) in folded(field.name)]
        active = ProviderExpertise.select(ProviderExpertise.provider).where(ProviderExpertise.field.in_(fields))
        query = query.where(Provider.id.in_(active))
    return query


def found_providers(chosen: SearchFilter, *, offset: int, limit: int) -> Sequence[Establishment]:
    """`limit` of the providers from `offset`, by name: the establishment that fits, its `provider` with it."""
    query = _found(chosen, Establishment, Provider).order_by(Provider.name_folded, Provider.id)
    return list(query.offset(offset).limit(limit))


def count_found(chosen: SearchFilter) -> int:
    """How many providers the filter leaves."""
    count: int = _found(chosen).count()
    return count


def valid_registrations(providers: Collection[int], on: date) -> Sequence[Registration]:
    """The registrations of these providers that are valid on day `on`, by number."""
    query = Registration.select().where(Registration.provider.in_(providers) & _valid_on(on))
    return list(query.order_by(Registration.number))


def fields_of(providers: Collection[int]) -> Sequence[tuple[int, str]]:
    """Provider and field of expertise, for each field in which one of these providers is active, by name."""
    query = ProviderExpertise.select(ProviderExpertise.provider, FieldOfExpertise).join(FieldOfExpertise)
    found = query.where(ProviderExpertise.provider.in_(providers)).order_by(FieldOfExpertise.name)
    return [(row.provider_id, row.field.name) for row in found]
