"""The regulation 56 loop: action <- comment <- contact, event; what staff write and set beside them."""

from feedback.models.action import Action
from feedback.models.annual_report import (
    AnnualReportIndexPage,
    AnnualReportPage,
    FrozenReport,
    HaveYourSayPage,
)
from feedback.models.comment import Comment, new_reference
from feedback.models.comment_settings import CommentSettings
from feedback.models.consultation import (
    ConsultationRound,
    ConsulteeCategory,
    ConsulteeRecord,
    HowWeMadeThisPage,
)
from feedback.models.contact import CommentContact, contact_of
from feedback.models.event import ModerationEvent
from feedback.models.gap import Gap, GapNote
from feedback.models.retention import RetentionSettings
from feedback.models.template import ResponseTemplate
from feedback.models.useful import UsefulCount

__all__ = [
    "Action",
    "AnnualReportIndexPage",
    "AnnualReportPage",
    "Comment",
    "CommentContact",
    "CommentSettings",
    "ConsultationRound",
    "ConsulteeCategory",
    "ConsulteeRecord",
    "FrozenReport",
    "Gap",
    "GapNote",
    "HaveYourSayPage",
    "HowWeMadeThisPage",
    "ModerationEvent",
    "ResponseTemplate",
    "RetentionSettings",
    "UsefulCount",
    "contact_of",
    "new_reference",
]
