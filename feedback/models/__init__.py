"""The regulation 56 loop: action <- comment <- contact, event."""

from feedback.models.action import Action
from feedback.models.comment import Comment, new_reference
from feedback.models.contact import CommentContact
from feedback.models.event import ModerationEvent

__all__ = ["Action", "Comment", "CommentContact", "ModerationEvent", "new_reference"]
