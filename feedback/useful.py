"""Was this useful? Counted by month and address, with no cookie, no script and nobody's identity.

The form is on pages that are the same for every reader, so it carries no session: a signature over its
address, made with the site's secret, stands for "this site drew it". A browser that says the press
came from another site is not counted, nor is one source that presses too often.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Site

from feedback import about
from feedback.models import UsefulCount
from feedback.small_numbers import LEAST, suppress
from localoffer.throttle import is_flood

SALT = "feedback.useful"
ANSWERS = ("yes", "no")
# A library, a school or a family hub has one address for many families.
HOURLY_FOR_A_PAGE, HOURLY = 6, 60


def sign(path: str) -> str:
    """What the form carries beside its address."""
    return signing.Signer(salt=SALT).signature(path)


def is_ours(path: str, signature: str) -> bool:
    """Whether this site drew the form for this address."""
    try:
        signing.Signer(salt=SALT).unsign(f"{path}:{signature}")
    except signing.BadSignature:
        return False
    return True


def comes_from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that another site sent the form."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


def answer(request: HttpRequest, authority: Site, *, path: str, signature: str, said: str) -> str:
    """Count one press of a button where it may count; gives the address of this site it was about.

    Empty for an address that this site never drew. A press that does not count is thanked all the same:
    who is stopped learns nothing by it, and a family that presses twice has done nothing wrong.
    """
    if not (about.LOCAL_PATH.match(path) and is_ours(path, signature)):
        return ""
    found = about.find(path, authority)
    address = found.url.partition("#")[0] if found else path
    if said not in ANSWERS or comes_from_elsewhere(request):
        return address
    if is_flood(request, name="useful", hourly=HOURLY):
        return address
    if is_flood(request, name=f"useful:{sign(address)[:12]}", hourly=HOURLY_FOR_A_PAGE):
        return address
    add(authority=authority, path=address, title=found.title if found else path, said=said)
    return address


def add(
    *, authority: Site, path: str, title: str, said: str, month: date | None = None, times: int = 1
) -> None:
    """Add to the count of a month, which is made with its first answer."""
    month = (month or timezone.localdate()).replace(day=1)
    row = UsefulCount.objects.filter(authority=authority, month=month, path=path[:500])
    more = {said: F(said) + times, "title": title[:300]}
    if row.update(**more):
        return
    try:
        with transaction.atomic():
            UsefulCount.objects.create(
                authority=authority, month=month, path=path[:500], title=title[:300], **{said: times}
            )
    except IntegrityError:  # another answer was a moment quicker
        row.update(**more)


@dataclass(frozen=True, slots=True)
class Row:
    """One address over some months. `yes` and `no` are None where there are too few to show."""

    path: str
    title: str
    total: int | None
    yes: int | None
    no: int | None

    @property
    def percent(self) -> int | None:
        """Of those who answered, how many in a hundred found it useful."""
        if self.yes is None or self.no is None or not self.total:
            return None
        return round(100 * self.yes / self.total)


def by_address(authority: Site, start: date, end: date) -> list[Row]:
    """Every address somebody answered about, the most answers first; small numbers are not told."""
    counts = UsefulCount.objects.of(authority).between(start, end).order_by()
    rows = counts.values("path").annotate(yes=Sum("yes"), no=Sum("no"))
    titles = dict(counts.order_by("month").values_list("path", "title"))
    found = sorted(rows, key=lambda row: -(row["yes"] + row["no"]))
    return [_row(row["path"], titles[row["path"]], row["yes"], row["no"]) for row in found]


def _row(path: str, title: str, yes: int, no: int) -> Row:
    total = yes + no
    if total < LEAST:
        return Row(path, title, None, None, None)
    shown = suppress({"yes": yes, "no": no})
    return Row(path, title, total, shown["yes"], shown["no"])


def figures(authority: Site, start: date, end: date) -> dict[str, Any]:
    """All answers of a period together, for the yearly report: `total`, `yes`, `no`, `places`."""
    counts = UsefulCount.objects.of(authority).between(start, end)
    sums = counts.aggregate(yes=Sum("yes", default=0), no=Sum("no", default=0))
    row = _row("", "", sums["yes"], sums["no"])
    places = counts.values("path").distinct().count()
    return {"total": row.total, "yes": row.yes, "no": row.no, "percent": row.percent, "places": places}


HEADINGS = ("Page or service", "Address", "Answers", "Useful", "Not useful", "Useful in a hundred")


def table(rows: Iterable[Row]) -> list[tuple[Any, ...]]:
    """As a spreadsheet shows it, under `HEADINGS`."""
    few = "fewer than 5"

    def told(number: int | None) -> Any:
        return "too few to show" if number is None else number

    return [
        (
            row.title,
            row.path,
            few if row.total is None else row.total,
            told(row.yes),
            told(row.no),
            told(row.percent),
        )
        for row in rows
    ]
