"""The directory: vocabulary <- organisation <- location <- service and its rows <- imports,
review, links."""

from services.models.duplicates import DistinctPair
from services.models.imports import (
    ImportBatch,
    ImportJob,
    ImportKind,
    ImportMeanings,
    ImportRecord,
    ImportStep,
    JobState,
    PendingImport,
)
from services.models.links import WebLink
from services.models.location import Location
from services.models.organisation import Organisation
from services.models.postcode import PostcodeArea
from services.models.review import (
    OrganisationReview,
    Reminder,
    ReviewInterval,
    ReviewLink,
    ReviewSettings,
    ServiceReview,
    Suggestion,
)
from services.models.service import (
    ConditionTag,
    Contact,
    CostOption,
    Schedule,
    Service,
    ServiceCondition,
    ServiceLocation,
)
from services.models.term_dates import SchoolTerm
from services.models.vocabulary import Category, Need, VocabularyTerm

__all__ = [
    "Category",
    "ConditionTag",
    "Contact",
    "CostOption",
    "DistinctPair",
    "ImportBatch",
    "ImportJob",
    "ImportKind",
    "ImportMeanings",
    "ImportRecord",
    "ImportStep",
    "JobState",
    "Location",
    "Need",
    "Organisation",
    "PendingImport",
    "PostcodeArea",
    "OrganisationReview",
    "Reminder",
    "ReviewInterval",
    "ReviewLink",
    "ReviewSettings",
    "Schedule",
    "SchoolTerm",
    "Service",
    "ServiceCondition",
    "ServiceLocation",
    "ServiceReview",
    "Suggestion",
    "VocabularyTerm",
    "WebLink",
]
