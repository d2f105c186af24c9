"""A flood in the inbox: many comments marked as adverts or automatic messages at once.

Only what nobody has decided yet, and never what may tell of danger: those are read one by one. Each
goes through `moderation.withhold`, so each has its event and can be opened again.
"""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction

from feedback import moderation
from feedback.enums import Disposition
from feedback.gate import Refused
from feedback.inbox_filters import CommentFilterSet
from feedback.models import Comment
from feedback.record import MODERATE, require_moderator
from localoffer.belonging import own_rows

# What one person can look through before the button; a flood takes a few rounds.
MOST_AT_ONCE = 200
REASON = "Marked with others in the inbox as an advert or automatic message."


class MarkAsSpam(BulkAction):
    """Choose in the inbox, look at the words, confirm."""

    models = [Comment]
    display_name = "Advert or automatic message"
    action_type = "spam"
    aria_label = "Mark the chosen comments as adverts or automatic messages"
    template_name = "feedback/admin/mark_as_spam.html"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        require_moderator(request.user)
        return super().dispatch(request, *args, **kwargs)

    def check_perm(self, comment: Comment) -> bool:
        """Whether it may be marked unread by one person: new, and nothing in it tells of danger."""
        return comment.disposition == Disposition.NEW and not (comment.urgent or comment.safeguarding)

    def get_all_objects_in_listing_query(self, parent_id: str | None) -> Any:
        """What waits in the list as it was filtered and searched, the oldest first."""
        query = QueryDict(urlsplit(self.next_url).query)
        ours = own_rows(Comment.objects.all(), self.request.user, MODERATE)
        chosen = CommentFilterSet(query, queryset=ours, request=self.request).qs
        for word in query.get("q", "").split():
            chosen = chosen.filter(original__icontains=word) | chosen.filter(reference__icontains=word)
        waiting = chosen.filter(disposition=Disposition.NEW, urgent=False, safeguarding=False)
        return waiting.order_by("received_on", "pk").values_list("pk", flat=True)[:MOST_AT_ONCE]

    @classmethod
    def get_queryset(cls, model: type[Comment], object_ids: Any) -> list[Comment]:
        """Those that are there; what is no id is left out."""
        pks = [int(pk) for pk in object_ids if str(pk).isascii() and str(pk).isdigit() and len(str(pk)) < 18]
        return list(Comment.objects.filter(pk__in=pks[:MOST_AT_ONCE]).order_by("received_on", "pk"))

    def get_execution_context(self) -> dict[str, Any]:
        return {"by": self.request.user, "request": self.request}

    @classmethod
    def execute_action(cls, objects: list[Comment], **kwargs: Any) -> tuple[int, int]:
        done, left = 0, []
        for comment in objects:
            try:
                moderation.withhold(
                    comment=comment,
                    by=kwargs["by"],
                    version=comment.version,
                    ground=Disposition.SPAM,
                    reason=REASON,
                )
            except Refused as refused:
                left.append(f"{comment.reference}: {refused.message}")
            else:
                done += 1
        if left:
            messages.warning(kwargs["request"], f"Left as they were: {' '.join(left)}")
        return done, 0

    def prepare_action(self, objects: list[Comment], objects_without_access: Any) -> HttpResponse | None:
        if objects:
            return None
        messages.error(self.request, "None of these can be marked. They are decided, or may tell of danger.")
        return redirect(self.next_url)

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        are = "comment is" if num_parent_objects == 1 else "comments are"
        return f"{num_parent_objects} {are} marked as adverts or automatic messages. They are still counted."
