"""The offer as content: site settings, then pages."""

from localoffer.models.coverage import CoverageSnapshot, SignOff
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

__all__ = [
    "SECTION_PAGES",
    "AccessPage",
    "AdulthoodPage",
    "AdvicePage",
    "CouncilSettings",
    "CoverageSnapshot",
    "EducationPage",
    "GuidancePage",
    "HealthPage",
    "HomePage",
    "RedressPage",
    "SectionPage",
    "SignOff",
    "SocialCarePage",
    "TransportPage",
]
