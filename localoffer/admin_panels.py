"""What officers see first in the admin: how the offer stands and what to mend."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.models import Site

from localoffer.belonging import site_of
from localoffer.coverage import STATUS_WORDS, Status, audit
from localoffer.models import CoverageSnapshot
from localoffer.regulations import Weight
from localoffer.reports import edit_address, sections_of

SHOWN = 8
# How long ago the score is compared with, in days: a month and a year.
LOOK_BACK = (30, 365)


class CoveragePanel(Component):
    """The statutory score and the first things to mend, each a link to where it is mended."""

    name = "coverage"
    template_name = "localoffer/admin/coverage_panel.html"
    order = 110

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        site = site_of(self.request)
        result = audit(site)
        sections = sections_of(site)
        weak = [f for f in result.findings if f.status in (Status.MISSING, Status.STALE, Status.PARTLY)]
        weak.sort(key=lambda f: list(Weight).index(f.requirement.weight))
        return {
            "score": result.score(Weight.STATUTORY),
            "trend": _trend(site),
            "green": result.green,
            "total": len(result.findings),
            "weak_count": len(weak),
            "weak": [
                (f.requirement.question, STATUS_WORDS[f.status], edit_address(f, site, sections))
                for f in weak[:SHOWN]
            ],
        }


def _trend(site: Site) -> list[CoverageSnapshot]:
    """The score as it was kept about a month and about a year ago, or as near before it as was kept."""
    today = timezone.localdate()
    kept = CoverageSnapshot.objects.filter(authority=site).order_by("taken_on")
    found = [kept.filter(taken_on__lte=today - timedelta(days=days)).last() for days in LOOK_BACK]
    return list(dict.fromkeys(snapshot for snapshot in found if snapshot))
