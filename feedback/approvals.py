"""Whether a report's words were approved by somebody who did not write them, and when.

The steps themselves are Wagtail's workflow with the rules of `localoffer.models.workflow`.
"""

import json
from hashlib import sha256
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from wagtail.models import Page, TaskState

from localoffer.digests import last_editor, revision_digest, text_digest
from localoffer.models import CouncilSettings, ForumReviewTask

NOT_APPROVED = (
    "A yearly report is published by its workflow: submit it, and somebody else approves it. "
    "Nobody publishes it alone."
)


def digest(written: dict[str, Any]) -> str:
    """Of all that a report says."""
    content = json.dumps(written, sort_keys=True, cls=DjangoJSONEncoder, ensure_ascii=True)
    return sha256(content.encode()).hexdigest()


def approved_steps(page: Page) -> list[TaskState]:
    """Approvals of this page, the latest first."""
    states = TaskState.objects.filter(
        workflow_state__base_content_type=ContentType.objects.get_for_model(Page),
        workflow_state__object_id=str(page.pk),
        status=TaskState.STATUS_APPROVED,
    )
    return list(states.select_related("revision", "task", "finished_by").order_by("-finished_at", "-pk"))


def why_not_live(page: Page) -> str:
    """Why these words may not be published; empty where somebody else approved just these."""
    if not page.pk:
        return NOT_APPROVED
    editor = last_editor(page)
    words = text_digest(page)
    for step in approved_steps(page):
        revision = step.revision
        same = revision is not None and revision_digest(revision) == words
        if same and revision.content.get("data") == page.data and step.finished_by_id not in (None, editor):
            return ""
    return NOT_APPROVED


def of(page: Page) -> list[dict[str, str]]:
    """Who approved, as families are told it: a body and a day, never a person."""
    site = page.get_site()
    council = CouncilSettings.for_site(site) if site else CouncilSettings()
    told: dict[str, dict[str, str]] = {}
    for step in approved_steps(page):
        is_forum = isinstance(step.task.specific, ForumReviewTask)
        who = (council.forum_name or step.task.name) if is_forum else council.council_name
        kind = "forum" if is_forum else "council"
        told.setdefault(
            kind, {"kind": kind, "who": who, "on": timezone.localdate(step.finished_at).isoformat()}
        )
    return list(reversed(told.values()))
