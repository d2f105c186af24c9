"""The link in an email to a provider: signed, for one entry and one purpose, for a time, used once.

The address holds a random key and a signature; the row of that key says which entry, until when,
and whether it was used. Reading an address changes nothing, so mail scanners do no harm.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from wagtail.models import Site

from localoffer.throttle import is_flood_of
from services.models import ReviewLink, ReviewSettings, Service, ServiceReview, Suggestion

SALT = "services.review"
KEY_LENGTH = 22
_KEY = re.compile(rf"\A[A-Za-z0-9]{{{KEY_LENGTH}}}\Z")
# A provider who presses "Send me a new link" again and again gets so many letters an hour.
NEW_LINKS_AN_HOUR = 1
# A later email repeats the link of an earlier one while that has this long to go.
WORTH_REPEATING = timedelta(days=30)
KEPT_DAYS = 400


class Standing(StrEnum):
    """What an address is worth."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    GONE = "gone"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Opened:
    """What stands behind an address: `link` is there for open, used and expired ones."""

    standing: Standing
    link: ReviewLink | None = None


def make_link(service: Service, now: datetime | None = None) -> ReviewLink:
    """A link to the check of an entry: the last one again, where it was not used and has long to go."""
    now = now or timezone.now()
    life = timedelta(days=ReviewSettings.for_site(service.authority).link_days)
    wanted = now + min(life, WORTH_REPEATING)
    held = service.review_links.filter(used_at=None, expires_at__gte=wanted).first()
    return held or ReviewLink.objects.create(
        service=service, key=get_random_string(KEY_LENGTH), made_at=now, expires_at=now + life
    )


def token_of(link: ReviewLink) -> str:
    """The part of the address that opens a link."""
    return signing.Signer(salt=SALT).sign(link.key)


def address_of(link: ReviewLink) -> str:
    """The whole address, on the site of the council that owns the entry."""
    return f"{link.service.authority.root_url}{reverse('services:review', args=[token_of(link)])}"


def open_link(
    token: str, *, lock: bool = False, at: Site | None = None, now: datetime | None = None
) -> Opened:
    """What an address is worth, whatever was sent. `lock` (in a transaction) makes others wait; `at` is
    the site where it was opened: a link opens on that of the council that sent it, and on no other."""
    try:
        key = signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return Opened(Standing.FORGED)
    if not _KEY.match(key):
        return Opened(Standing.FORGED)
    links = ReviewLink.objects.select_for_update(of=("self",)) if lock else ReviewLink.objects
    link = links.select_related("service__organisation", "service__authority").filter(key=key).first()
    if link is None or (at is not None and link.service.authority_id != at.pk):
        return Opened(Standing.GONE)
    if link.used_at:
        return Opened(Standing.USED, link)
    return Opened(Standing.OPEN if link.is_open(now) else Standing.EXPIRED, link)


def use(link: ReviewLink) -> None:
    """From now on the address only tells what happened. Call within the transaction that acts."""
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])


def may_have_another(link: ReviewLink) -> bool:
    """Whether a new link may be sent for this entry now; counts this one."""
    return not is_flood_of(str(link.service_id), name="review-link", hourly=NEW_LINKS_AN_HOUR)


@transaction.atomic
def forget_old(now: datetime | None = None) -> int:
    """Delete links and decided suggestions when their time is over; returns how many rows went."""
    before = (now or timezone.now()) - timedelta(days=KEPT_DAYS)
    decided = Suggestion.objects.filter(decided_at__lt=before).delete()[0]
    return decided + ReviewLink.objects.filter(expires_at__lt=before).delete()[0]


def follow_merge(kept: int, other: int, **kwargs: Any) -> None:
    """Links and suggestions of an entry that was merged go on with the one that stays."""
    for model in (ReviewLink, Suggestion):
        model.objects.filter(service=other).update(service=kept)
    if not ServiceReview.objects.filter(service=kept).exists():
        ServiceReview.objects.filter(service=other).update(service=kept)
