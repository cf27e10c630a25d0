"""What one reader of the feed may be told: of which communes, which fields' names, which values, for what.

A partner's scope is worked out anew each time from the partner and the catalogue of purposes: what is taken away
there is not told any more, also of changes that happened before.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dancu.platform.access import territory
from dancu.platform.feed.models import Subscriber
from dancu.platform.partners.models import Partner
from dancu.reference import purposes
from dancu.reference.errors import ReferenceDataError
from dancu.reference.fields import standard_fields


@dataclass(frozen=True)
class Scope:
    """`client`: whose identifiers are used. `communes` None: everywhere. `wanted` None: no field is named at all.

    `valued`: the fields of which the value itself is told. `purpose` "": identifiers alone, for no purpose.
    """

    client: str
    communes: frozenset[str] | None
    wanted: frozenset[str] | None
    valued: frozenset[str] = frozenset()
    purpose: str = ""
    law: str = ""
    by_consent: bool = False


class Closed(Exception):
    """The partner or its purpose is not in force: nothing is told. The text says which."""


def of_partner(subscriber: Subscriber, *, on: dt.date, units_on: dt.date) -> Scope:
    """The scope of a subscription on a day; `Closed` when it has none."""
    partner = Partner.objects.using("gate").filter(client_id=subscriber.client_id).first()
    if partner is None or not partner.is_active(on=on):
        raise Closed("partner")
    try:
        purpose = purposes.get(subscriber.purpose, on=on)
    except ReferenceDataError:
        raise Closed("purpose") from None
    allowed = allowed_fields(partner, subscriber.purpose, on=on)
    if not allowed:
        raise Closed("purpose")
    wanted = allowed & frozenset(subscriber.fields) if subscriber.fields else allowed
    gives = subscriber.values and purpose.values
    return Scope(
        partner.client_id,
        None if partner.is_everywhere else communes_of(partner, on=units_on),
        wanted,
        wanted if gives else frozenset(),
        purpose.code,
        purpose.law,
        purpose.by_consent,
    )


def allowed_fields(partner: Partner, purpose: str, *, on: dt.date) -> frozenset[str]:
    """The fields that both the partner's registration and the catalogue open for the purpose."""
    try:
        said = purposes.get(purpose, on=on)
    except ReferenceDataError:
        return frozenset()
    if purposes.PARTNER not in said.askers:
        return frozenset()
    return partner.fields_for(purpose) & said.fields & frozenset(standard_fields())


def communes_of(partner: Partner, *, on: dt.date) -> frozenset[str]:
    """The communes of its units on the register's day."""

    @dataclass(frozen=True)
    class Place:
        unit_code: str
        unit_on: dt.date

    places = (Place(str(code), partner.unit_on) for code in partner.units)
    return frozenset(c for place in places for c in territory.of_grant(place, on=on))
