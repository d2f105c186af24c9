"""Comments follow the entry that they are about when two entries are made one."""

from typing import Any

from feedback.models import Comment


def follow_merge(kept: int, other: int, **kwargs: Any) -> None:
    """A receiver of `services.signals.services_merged`. What was written stays as it was."""
    Comment.objects.filter(about_service=other).update(about_service=kept)
