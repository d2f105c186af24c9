"""Entries that may be the same service: by name, phone, email, web host, address and distance.

A warning for a person, never a judgement: nothing is stopped or changed here. Each likeness adds
points; from `LIKELY` on it is worth a look. The name alone, or the place alone, is not enough: a
charity has one name in many towns, and a school's building holds many clubs.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import reduce
from itertools import combinations
from operator import or_
from urllib.parse import urlsplit

from django.db.models import Q, QuerySet
from wagtail.models import Site

from services.models import Contact, DistinctPair, Location, Service, ServiceLocation
from services.postcodes import distance_miles

LIKELY = 60
NAME_SAME, NAME_ALIKE, PHONE, EMAIL, PAGE, HOST, ADDRESS, POSTCODE, NEAR, PROVIDER = (
    50, 35, 30, 25, 25, 15, 25, 15, 15, 10,
)  # fmt: skip
_ONE_PROVIDER = (PROVIDER, "the same provider")
ALIKE = 0.84
# Some 160 metres.
NEAR_MILES = 0.1
NEAR_DEGREES = 0.002
# A key that more entries share than this says nothing: a council's switchboard, a big charity's site.
MOST_SHARING = 30
MOST_FOUND = 60
MOST_PAIRS = 500
# Words that many names have.
_FILLERS = frozenset(
    {"a", "an", "and", "at", "by", "for", "in", "of", "on", "the", "to", "with"}
    | {"club", "group", "service", "services", "team", "school"}
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike an entry is to `service`: points, and the reasons in plain words."""

    service: "Marks"
    points: int
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Marks:
    """What two entries are compared by."""

    pk: int
    name: str
    live: bool = False
    organisation: int | None = None
    page: str = ""
    phones: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    postcodes: set[str] = field(default_factory=set)
    points: list[tuple[float, float]] = field(default_factory=list)
    title: str = ""
    words: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.title = plain_name(self.name)
        self.words = frozenset(self.title.split()) - _FILLERS

    @property
    def host(self) -> str:
        return self.page.partition("/")[0]


def plain_name(name: str) -> str:
    """Lower case, letters and digits only, "&" as "and", without apostrophes."""
    text = re.sub("['’]", "", name.casefold().replace("&", " and "))
    return " ".join(re.sub(r"[^\w\s]", " ", text).split())


def plain_phone(phone: str) -> str:
    """Digits from the first 0 on, so that "+44 (0)117 …" and "0117 …" are one; short numbers are none."""
    digits = re.sub(r"[^0-9]", "", phone)
    digits = digits.removeprefix("44").removeprefix("0")
    return digits[:10] if len(digits) >= 9 else ""


def plain_page(url: str) -> str:
    """Host without "www." and path without its last slash; empty for what is no web address."""
    try:
        parts = urlsplit(url.strip().lower())
    except ValueError:
        return ""
    return f"{(parts.netloc or '').removeprefix('www.')}{parts.path.rstrip('/')}" if parts.netloc else ""


def similar_to(service: Service) -> list[Likeness]:
    """Entries of the same authority that may be this one, the likeliest first, in at most ten queries.

    Reads the service's own rows as they are in memory, so a draft is compared as it was typed.
    """
    own = _marks_in_memory(service)
    found = Service.objects.filter(authority=service.authority_id, merged_into=None)
    if service.pk:
        found = found.exclude(pk__in=[service.pk, *_told_apart(service.pk)])
    candidates = set(found.filter(_name_or_page(own)).values_list("pk", flat=True)[:MOST_FOUND])
    if contacts := _contacts_like(own):
        same = Contact.objects.filter(contacts, service__in=found)
        candidates |= set(same.values_list("service", flat=True)[:MOST_FOUND])
    places = _places_like(own)
    if places:
        near = ServiceLocation.objects.filter(places, service__in=found)
        candidates |= set(near.values_list("service", flat=True)[:MOST_FOUND])
    scored = [likeness(own, other) for other in read_marks(found.filter(pk__in=candidates)).values()]
    return sorted(
        (one for one in scored if one.points >= LIKELY), key=lambda one: (-one.points, one.service.pk)
    )


def likely_pairs(authority: Site) -> list[tuple[Marks, Likeness]]:
    """Every pair worth a look, the likeliest first, `MOST_PAIRS` at most. Five queries whatever the size.

    Only entries that share a key are compared, so that the work grows with the likenesses and not
    with the square of the entries.
    """
    everyone = read_marks(Service.objects.filter(authority=authority, merged_into=None))
    apart = set(DistinctPair.objects.filter(first__authority=authority).values_list("first", "second"))
    found = []
    for first, second in _sharing(everyone.values()) - apart:
        alike = likeness(everyone[first], everyone[second], least=LIKELY)
        if alike.points >= LIKELY:
            found.append((everyone[first], alike))
    return sorted(found, key=lambda pair: (-pair[1].points, pair[0].title, pair[0].pk))[:MOST_PAIRS]


def likeness(one: Marks, other: Marks, *, least: int = 0) -> Likeness:
    """Points and reasons of one pair.

    One provider has one phone, website and address for all that it does: two of its entries are
    only alike when their names are, or their web page is the same. A pair that would stay below `least`
    however alike its names are is not asked for them, which is most of the work, and has no points.
    """
    rest = _alike_apart_from_names(one, other)
    if one.organisation and one.organisation == other.organisation:
        rest.append(_ONE_PROVIDER)
    names = _names(one, other, least - sum(points for points, _ in rest))
    if names is None or (not names and rest[-1:] == [_ONE_PROVIDER] and not _same_page(one, other)):
        return Likeness(other, 0, ())
    reasons = names + rest
    return Likeness(other, sum(points for points, _ in reasons), tuple(words for _, words in reasons))


def _names(one: Marks, other: Marks, needed: int) -> list[tuple[int, str]] | None:
    """What the names say; None where names that are alike would not make up what is needed."""
    if one.title and one.title == other.title:
        return [(NAME_SAME, "the same name")]
    if needed > NAME_ALIKE:
        return None
    return [(NAME_ALIKE, "names that are alike")] if _names_alike(one, other) else []


def _same_page(one: Marks, other: Marks) -> bool:
    return bool(one.page) and one.page == other.page and "/" in one.page


def _alike_apart_from_names(one: Marks, other: Marks) -> list[tuple[int, str]]:
    reasons: list[tuple[int, str]] = []
    if one.phones & other.phones:
        reasons.append((PHONE, "the same phone number"))
    if one.emails & other.emails:
        reasons.append((EMAIL, "the same email address"))
    if _same_page(one, other):
        reasons.append((PAGE, "the same web page"))
    elif one.host and one.host == other.host:
        reasons.append((HOST, "the same website"))
    if one.addresses & other.addresses:
        reasons.append((ADDRESS, "the same address"))
    elif one.postcodes & other.postcodes:
        reasons.append((POSTCODE, "the same postcode"))
    elif any(distance_miles(*a, *b) <= NEAR_MILES for a in one.points for b in other.points):
        reasons.append((NEAR, "places very near each other"))
    return reasons


def tell_apart(*, first: Service, second: Service, user: object = None) -> None:
    """Remember that two entries are different services. Safe to repeat."""
    low, high = sorted((first.pk, second.pk))
    DistinctPair.objects.get_or_create(first_id=low, second_id=high, defaults={"found_by": user})


def read_marks(services: QuerySet[Service]) -> dict[int, Marks]:
    """What is compared, of many services, in three queries."""
    rows = services.values_list("pk", "name", "live", "organisation", "url")
    found = {
        pk: Marks(pk, name, live, organisation, plain_page(url)) for pk, name, live, organisation, url in rows
    }
    inside = Q(service__in=services)
    for pk, phone, email in Contact.objects.filter(inside).values_list("service", "phone", "email"):
        _add_contact(found[pk], phone, email)
    places = ServiceLocation.objects.filter(inside).values_list(
        "service", "location__address_1", "location__postcode", "location__latitude", "location__longitude"
    )
    for pk, *place in places:
        _add_place(found[pk], *place)
    return found


def _marks_in_memory(service: Service) -> Marks:
    name = service.name.replace("\x00", "")  # no database asks for it
    marks = Marks(service.pk or 0, name, False, service.organisation_id, plain_page(service.url))
    for contact in service.contacts.all():
        _add_contact(marks, contact.phone, contact.email)
    ids = []
    for row in service.service_locations.all():
        if row.location_id:
            ids.append(row.location_id)
    for place in Location.objects.filter(pk__in=ids):
        _add_place(marks, place.address_1, place.postcode, place.latitude, place.longitude)
    return marks


def _add_contact(marks: Marks, phone: str, email: str) -> None:
    if number := plain_phone(phone):
        marks.phones.add(number)
    if email:
        marks.emails.add(email.casefold())


def _add_place(marks: Marks, address: str, postcode: str, lat: float | None, lon: float | None) -> None:
    if postcode:
        marks.postcodes.add(postcode)
        if address:
            marks.addresses.add(f"{plain_name(address)} {postcode}")
    if lat is not None and lon is not None:
        marks.points.append((lat, lon))


def _names_alike(one: Marks, other: Marks) -> bool:
    """Most words shared, or nearly the same letters: "Pebble Lane Nursery", "Pebble Lane Day Nursery"."""
    shared, every = one.words & other.words, one.words | other.words
    if every and (shared == every or (len(shared) >= 2 and len(shared) / len(every) >= 0.66)):
        return True
    ours, theirs = one.title[:100], other.title[:100]
    # The ratio cannot be more than this: told by their lengths, before the letters are looked at.
    if not (ours and theirs) or 2.0 * min(len(ours), len(theirs)) / len(ours + theirs) < ALIKE:
        return False
    matcher = SequenceMatcher(None, ours, theirs)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _name_or_page(own: Marks) -> Q:
    """Entries whose names hold the two longest words of this one, or that are on the same website."""
    longest = sorted(own.words, key=lambda word: (-len(word), word))[:2]
    tests = []
    if longest:
        tests.append(reduce(lambda found, word: found & Q(name__icontains=word), longest, Q()))
    if own.name.strip():
        tests.append(Q(name__iexact=own.name.strip()))
    if own.host:
        tests.append(Q(url__icontains=own.host))
    return reduce(or_, tests, Q(pk__in=[]))


def _contacts_like(own: Marks) -> Q | None:
    """A phone number or email address of this one, however the number is spaced."""
    tests = [Q(email__iexact=email) for email in own.emails]
    tests += [Q(phone__regex=r"[^0-9]*".join(number)) for number in own.phones]
    return reduce(or_, tests) if tests else None


def _places_like(own: Marks) -> Q | None:
    tests = [Q(location__postcode__in=own.postcodes)] if own.postcodes else []
    for lat, lon in own.points[:5]:
        tests.append(
            Q(location__latitude__range=(lat - NEAR_DEGREES, lat + NEAR_DEGREES))
            & Q(location__longitude__range=(lon - 2 * NEAR_DEGREES, lon + 2 * NEAR_DEGREES))
        )
    return reduce(or_, tests) if tests else None


def _told_apart(pk: int) -> set[int]:
    pairs = DistinctPair.objects.filter(Q(first=pk) | Q(second=pk)).values_list("first", "second")
    return {other for pair in pairs for other in pair if other != pk}


def _sharing(everyone: Iterable[Marks]) -> set[tuple[int, int]]:
    """Pairs, lower id first, that share at least one key that not too many share."""
    holders: dict[tuple[str, object], list[int]] = defaultdict(list)
    for marks in everyone:
        for key in _keys(marks):
            holders[key].append(marks.pk)
    return {
        pair
        for pks in holders.values()
        if len(pks) <= MOST_SHARING
        for pair in combinations(sorted(set(pks)), 2)
    }


def _keys(marks: Marks) -> Iterator[tuple[str, object]]:
    """What might bring a pair over the mark: two of these must be shared, so one is enough to be compared."""
    yield "title", marks.title
    longest: Sequence[str] = sorted(marks.words, key=lambda word: (-len(word), word))[:2]
    if len(longest) == 2:
        yield "words", tuple(longest)
    for name in ("phones", "emails", "postcodes"):
        for value in getattr(marks, name):
            yield name, value
    if marks.page:
        yield "page", marks.page
