"""Registers what feedback adds to Wagtail and to the front page."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup

from feedback import evidence_parts, founding, privacy, reports_consultation, reports_useful, viewsets_annual
from feedback.annual_panels import AnnualReportPanel
from feedback.bulk_spam import MarkAsSpam
from feedback.home import you_said
from feedback.inbox_panel import FeedbackPanel
from feedback.viewsets import FeedbackGroup

REPORTS = (reports_consultation, reports_useful)

hooks.register("localoffer_home_sections", you_said)
hooks.register("localoffer_authority_founded", founding.found)
hooks.register("localoffer_personal_data", privacy.declarations)
hooks.register("register_evidence_parts", evidence_parts.parts)
hooks.register("register_committee_figures", evidence_parts.committee_figures)
hooks.register("register_admin_urls", lambda: [url for report in REPORTS for url in report.urls])
for report in REPORTS:
    hooks.register("register_reports_menu_item", report.menu_item)
hooks.register("register_bulk_action", MarkAsSpam)
hooks.register("before_publish_page", viewsets_annual.before_publish)
hooks.register("before_delete_page", viewsets_annual.before_delete)
hooks.register("before_copy_page", viewsets_annual.before_copy)


@hooks.register("construct_homepage_panels")
def homepage_panels(request: HttpRequest, panels: list) -> None:
    panels.extend([FeedbackPanel(request), AnnualReportPanel(request)])


@hooks.register("register_admin_viewset")
def feedback_group() -> ViewSetGroup:
    return FeedbackGroup()
