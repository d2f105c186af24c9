"""The offer as content: site settings, then pages."""

from localoffer.models.coverage import CoverageSnapshot, SignOff
from localoffer.models.credit import Credit
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
from localoffer.models.site_settings import CouncilSettings
from localoffer.models.twins import TWIN_PAGES, BslVideoPage, EasyReadPage, TranslatedPage, TwinPage
from localoffer.models.workflow import CouncilPublishTask, ForumReviewTask

__all__ = [
    "SECTION_PAGES",
    "TWIN_PAGES",
    "AccessPage",
    "AdulthoodPage",
    "AdvicePage",
    "BslVideoPage",
    "CouncilPublishTask",
    "CouncilSettings",
    "CoverageSnapshot",
    "Credit",
    "EasyReadPage",
    "EducationPage",
    "ForumReviewTask",
    "GuidancePage",
    "HealthPage",
    "HomePage",
    "RedressPage",
    "SectionPage",
    "SignOff",
    "SocialCarePage",
    "TranslatedPage",
    "TransportPage",
    "TwinPage",
]
