"""Mail about comments that could not be sent: found on the record, and sent again until it goes."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from wagtail.models import Site

from feedback import letters
from feedback.enums import EventKind
from feedback.models import ModerationEvent

# After so long a mail says nothing new; the record still says that it did not go.
TRIED_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Resent:
    """How many went now, and how many still wait."""

    sent: int
    waiting: int


def unsent(authority: Site | None = None) -> list[ModerationEvent]:
    """The latest failure of each mail that has not gone since; the oldest first."""
    events = ModerationEvent.objects.filter(
        kind__in=[EventKind.ALERTED, EventKind.WROTE],
        comment__isnull=False,
        at__gte=timezone.now() - TRIED_FOR,
    )
    if authority is not None:
        events = events.filter(comment__authority=authority)
    found: dict[tuple[int, str, str, str], ModerationEvent] = {}
    for event in events.select_related("comment__authority").order_by("at", "pk"):
        which = event.details.get("failed") or event.details.get("letter", "")
        key = (event.comment_id, event.kind, which, event.details.get("about", ""))
        if event.note == letters.UNSENT:
            found[key] = event
        else:
            found.pop(key, None)
    return [e for e in found.values() if e.kind == EventKind.ALERTED or e.details.get("failed")]


def resend() -> Resent:
    """Try each once more."""
    waiting = unsent()
    sent = sum(letters.retry(event) for event in waiting)
    return Resent(sent, len(waiting) - sent)
