"""What became of comments, in numbers that add up: every comment is in exactly one of them.

The public log and the yearly report count with this one function (requirement R56-x).
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min

from feedback.enums import Disposition
from feedback.models import Comment
from feedback.models.comment import IN_PUBLIC, CommentQuerySet

COUNTED = "counted"
# Why a comment is counted and not shown; "counted" is the writer's own wish.
REASONS: dict[str, str] = {
    COUNTED: "because the writer asked us not to show it",
    Disposition.WITHHELD_INDIVIDUAL: "because it is about one person’s own case",
    Disposition.WITHHELD_VEXATIOUS: "because it was not fair comment under the law",
    Disposition.OUTSIDE_SCOPE: "because it was not about this site or the help on it",
    Disposition.SPAM: "because it was an advert or an automatic message",
}


@dataclass(frozen=True, slots=True)
class NotShown:
    """How many comments are counted and not shown, and why."""

    count: int
    why: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """`received` is `shown` + every `not_shown` + `being_read`; `shown` is `published` + `together`."""

    published: int = 0
    together: int = 0
    not_shown: tuple[NotShown, ...] = ()
    being_read: int = 0
    since: date | None = None

    @property
    def shown(self) -> int:
        return self.published + self.together

    @property
    def not_shown_total(self) -> int:
        return sum(reason.count for reason in self.not_shown)

    @property
    def received(self) -> int:
        return self.shown + self.not_shown_total + self.being_read


def of(comments: CommentQuerySet) -> Tally:
    """Count them, in one query."""
    rows = list(
        comments.order_by()
        .values("disposition")
        .annotate(number=Count("pk"), in_public=Count("pk", filter=IN_PUBLIC), first=Min("received_on"))
    )
    number = dict.fromkeys(Disposition, 0) | {row["disposition"]: row["number"] for row in rows}
    shown = {row["disposition"]: row["in_public"] for row in rows}
    published = shown.get(Disposition.PUBLISHED, 0)
    together = shown.get(Disposition.GROUPED, 0)
    counted = number[Disposition.PUBLISHED] + number[Disposition.GROUPED] - published - together
    reasons = {COUNTED: counted, **number}
    return Tally(
        published=published,
        together=together,
        not_shown=tuple(NotShown(reasons[key], why, key) for key, why in REASONS.items() if reasons[key]),
        being_read=number[Disposition.NEW] + number[Disposition.PROPOSED_VEXATIOUS],
        since=min((row["first"] for row in rows), default=None),
    )


def received_between(start: date, end: date, comments: CommentQuerySet | None = None) -> CommentQuerySet:
    """Comments received from the first day to the last, both counted."""
    found = Comment.objects.all() if comments is None else comments
    return found.filter(received_on__gte=start, received_on__lte=end)
