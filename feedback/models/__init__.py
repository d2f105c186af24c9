"""The regulation 56 loop: action <- comment <- contact, event; settings and templates beside them."""

from feedback.models.action import Action
from feedback.models.comment import Comment, new_reference
from feedback.models.comment_settings import CommentSettings
from feedback.models.contact import CommentContact, contact_of
from feedback.models.event import ModerationEvent
from feedback.models.template import ResponseTemplate

__all__ = [
    "Action",
    "Comment",
    "CommentContact",
    "CommentSettings",
    "ModerationEvent",
    "ResponseTemplate",
    "contact_of",
    "new_reference",
]
