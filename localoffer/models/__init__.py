"""The offer as content: site settings, then pages."""

from localoffer.models.a_to_z import AToZPage
from localoffer.models.accessibility_statement import AccessibilityStatementPage
from localoffer.models.accountability import ScorecardPage, Visibility
from localoffer.models.alternative_formats import (
    AlternativeFormatsPage,
    FormatRequest,
    FormatRequestContact,
)
from localoffer.models.change import Change
from localoffer.models.committee_report import Audience, CommitteeReportPage
from localoffer.models.coverage import CoverageSnapshot, SignOff
from localoffer.models.credit import Credit
from localoffer.models.glossary import GlossaryPage, GlossaryTerm
from localoffer.models.landing import LandingPage
from localoffer.models.news import NewsIndexPage, NewsPage
from localoffer.models.pages import (
    SECTION_PAGES,
    AccessPage,
    AdulthoodPage,
    AdvicePage,
    EducationPage,
    GuidancePage,
    HealthPage,
    HomePage,
    RedressPage,
    SectionPage,
    SocialCarePage,
    TransportPage,
)
from localoffer.models.responsibility import ResponsibilityPage
from localoffer.models.self_evaluation import (
    EvaluationEntry,
    EvaluationItem,
    EvaluationSet,
    Rating,
    SelfEvaluationPage,
)
from localoffer.models.site_settings import CouncilSettings
from localoffer.models.statistics import Statistic, StatisticRevision, StatisticsRelease
from localoffer.models.step_by_step import StepByStepPage
from localoffer.models.throttle import ThrottleCount
from localoffer.models.twins import TWIN_PAGES, BslVideoPage, EasyReadPage, TranslatedPage, TwinPage
from localoffer.models.workflow import CouncilPublishTask, ForumReviewTask

__all__ = [
    "SECTION_PAGES",
    "TWIN_PAGES",
    "AToZPage",
    "AccessPage",
    "AccessibilityStatementPage",
    "AdulthoodPage",
    "AdvicePage",
    "AlternativeFormatsPage",
    "BslVideoPage",
    "Change",
    "CouncilPublishTask",
    "CouncilSettings",
    "CoverageSnapshot",
    "Credit",
    "EasyReadPage",
    "EducationPage",
    "EvaluationEntry",
    "EvaluationItem",
    "EvaluationSet",
    "Rating",
    "SelfEvaluationPage",
    "Audience",
    "CommitteeReportPage",
    "ResponsibilityPage",
    "FormatRequest",
    "FormatRequestContact",
    "ForumReviewTask",
    "GlossaryPage",
    "GlossaryTerm",
    "GuidancePage",
    "HealthPage",
    "HomePage",
    "LandingPage",
    "NewsIndexPage",
    "NewsPage",
    "RedressPage",
    "ScorecardPage",
    "SectionPage",
    "SignOff",
    "Statistic",
    "StatisticRevision",
    "StatisticsRelease",
    "SocialCarePage",
    "StepByStepPage",
    "ThrottleCount",
    "TranslatedPage",
    "TransportPage",
    "TwinPage",
    "Visibility",
]
