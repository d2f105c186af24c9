"""“You said, we did” for the front page, which asks for it by the hook `localoffer_home_sections`."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from wagtail.models import Site

from feedback import entries
from feedback.enums import ActionStatus
from feedback.models import Action, Comment

HOW_MANY = 3
LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class YouSaid:
    """One of the three: what was said, our answer, and how far it is."""

    said: str
    begins: str
    words: str
    status: str
    status_text: str


def you_said(request: HttpRequest, site: Site) -> SafeString | str:
    """The section's HTML, or nothing while there is no answer to show."""
    items = latest(site)
    return render_to_string("feedback/you_said.html", {"items": items}, request) if items else ""


def latest(site: Site) -> list[YouSaid]:
    """The latest answers to comments that are public, of different kinds first: done, and not done too."""
    today = timezone.localdate()
    actions = list(
        Action.objects.of(site)
        .filter(comments__in=Comment.objects.of(site).entries())
        .distinct()
        .select_related("authority__commentsettings")
        .order_by("-changed_on", "-pk")[:LOOKED_AT]
    )
    kinds = (
        {ActionStatus.DONE},
        {ActionStatus.UNDER_WAY, ActionStatus.PLANNED},
        {ActionStatus.NOT_DOING, ActionStatus.CONSIDERING},
    )
    firsts = [next((a for a in actions if a.status in kind), None) for kind in kinds]
    chosen = [action for action in firsts if action]
    chosen += [action for action in actions if action not in chosen]
    return [_item(action, today) for action in chosen[:HOW_MANY]]


def _item(action: Action, today: date) -> YouSaid:
    not_doing = action.status == ActionStatus.NOT_DOING
    status = "late" if action.is_late(today) else entries.TAGS.get(action.status, action.status)
    return YouSaid(
        said=action.you_said,
        begins=action.begins,
        words=action.reason if not_doing else action.response,
        status=status,
        status_text=entries.status_text(action, today),
    )
