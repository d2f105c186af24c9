"""What families wait for, on the admin's dashboard: comments, answers and actions with their days."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component

from feedback.enums import SHOWN
from feedback.models import Action, Comment
from feedback.record import MODERATE
from feedback.resending import unsent
from localoffer.belonging import authorities_of, site_of

SHOWN_ACTIONS = 5
SOON = timedelta(days=30)


class FeedbackPanel(Component):
    """Nothing at all where nothing waits, or for who may read neither comments nor actions."""

    name = "feedback"
    template_name = "feedback/admin/feedback_panel.html"
    order = 112

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Counts, each with the address of the list that it counts, and the actions that are late."""
        site, user = site_of(self.request), self.request.user
        lines = _comments(Comment.objects.of(site)) if site in authorities_of(user, MODERATE) else []
        if lines:
            inbox = reverse("feedback_comments:index")
            words = "{} not sent. We try again every ten minutes. Ask whoever runs the site"
            lines.insert(0, (len(unsent(site)), words, "mail was", "mails were", inbox))
        actions = Action.objects.of(site)
        late: list[tuple[Action, str]] = []
        if site in authorities_of(user, MODERATE, "feedback.view_action"):
            today = timezone.localdate()
            first = actions.late(today).order_by("target_date", "pk")
            late = [
                (action, reverse("feedback_actions:inspect", args=[action.pk]))
                for action in first[:SHOWN_ACTIONS]
            ]
            soon = actions.open().filter(target_date__range=(today, today + SOON)).exclude(
                pk__in=actions.late(today)
            )  # fmt: skip
            index = reverse("feedback_actions:index")
            lines += [
                (first.count(), "{} past the day we promised", "action is", "actions are", index),
                (soon.count(), "{} due in the next 30 days", "action is", "actions are", index),
            ]
        told = [
            (f"{count} {words.format(one if count == 1 else many)}", address)
            for count, words, one, many, address in lines
            if count
        ]
        return {"lines": told, "late": late}


def _comments(comments: Any) -> list[tuple[int, str, str, str, str]]:
    """(how many, words, one, many, the inbox with just these)."""
    inbox = reverse("feedback_comments:index")
    pending = comments.pending()
    due = comments.filter(disposition__in=SHOWN, answer_due__isnull=False)
    late = due.filter(answer_due__lt=timezone.localdate())
    urgent = pending.filter(Q(urgent=True) | Q(safeguarding=True))
    return [
        (urgent.count(), "{} urgent and waiting", "comment is", "comments are", f"{inbox}?urgency=urgent"),
        (pending.count(), "{} waiting to be read", "comment is", "comments are", inbox),
        (late.count(), "{} late", "answer is", "answers are", f"{inbox}?answer=late"),
        (due.count() - late.count(), "{} promised and still to come", "answer is", "answers are",
         f"{inbox}?answer=due"),
    ]  # fmt: skip
