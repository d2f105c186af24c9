"""The page of a shortlist."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from django.db.models import Value
from django.urls import reverse
from django.utils.http import urlencode

from localoffer.models import CouncilSettings
from search import cards, shortlist
from search.documents import documents_of
from search.engines.base import Found
from search.results import Fact, Hit
from services.models import Contact, Service


@dataclass(frozen=True, slots=True)
class SavedList:
    """`hits` with what takes each off the list. `gone`: how many are not here any more."""

    hits: Sequence[tuple[Hit, str]]
    ids: str
    gone: int
    address: str
    mail: str
    more_url: str

    @property
    def heading(self) -> str:
        count = len(self.hits)
        return f"Your list: {count} service{'' if count == 1 else 's'}" if count else "Your list"


def read_list(
    ids: Sequence[int], *, authority: int, council: CouncilSettings, address: Callable[[str], str]
) -> SavedList:
    """The services of a list that families of this authority may see, in its order.

    `address` makes a path absolute. Numbers of nothing, of drafts and of others' services are counted
    as gone: which of these it is, is nobody's business.
    """
    seen = {d.object_id: d for d in documents_of(ids) if d.everywhere or authority in d.authorities}
    kept = [id for id in ids if id in seen]
    found = [Found(seen[id].kind, id, seen[id].card) for id in kept]
    ways = _ways(kept)
    hits = [
        replace(hit, facts=[*hit.facts, ways[hit.id]]) if hit.id in ways else hit
        for hit in cards.hits(found, concepts=(), place=None, council=council)
    ]
    full = address(shortlist.address(kept))
    lines = [_line(hit.title, address(hit.url), ways.get(hit.id)) for hit in hits]
    body = "\r\n".join(["Services I found:", "", *lines, "", f"The whole list: {full}"])
    more = urlencode({shortlist.CARRIED: shortlist.write(kept)}) if kept else ""
    return SavedList(
        hits=[(hit, shortlist.address(shortlist.without(kept, hit.id))) for hit in hits],
        ids=shortlist.write(kept),
        gone=len(ids) - len(kept),
        address=full,
        mail=f"mailto:?subject={quote('Services that may help')}&body={quote(body)}",
        more_url=f"{reverse('search:results')}?{more}" if more else reverse("search:results"),
    )


def _ways(ids: Sequence[int]) -> dict[int, Fact]:
    """How to reach each service from a list on paper: its first number, or else its first email address, or
    else its provider's, as on its page."""
    contacts = Contact.objects.filter(service_id__in=ids).order_by("-pk")
    providers = Service.objects.filter(pk__in=ids).exclude(organisation=None)
    rows = [
        *providers.values_list("pk", Value(""), "organisation__email"),
        *contacts.values_list("service_id", "phone", "email"),
    ]
    emails: dict[int, Fact] = {id: ("mail", "Email", email) for id, _, email in rows if email}
    numbers = [(id, phone.strip()) for id, phone, _ in rows]
    phones: dict[int, Fact] = {id: ("phone", "Phone", number) for id, number in numbers if number}
    return emails | phones


def _line(title: str, url: str, way: Fact | None) -> str:
    """A service in a mail: "Owls: https://…, phone 0117 496 0001"."""
    return f"{title}: {url}, {way[1].lower()} {way[2]}" if way else f"{title}: {url}"
