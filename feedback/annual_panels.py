"""What an editor of a yearly report sees beside the fields, and the countdown on the dashboard."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.panels import Panel
from wagtail.admin.ui.components import Component
from wagtail.models import Site


class FiguresPanel(Panel):
    """What was counted and when, and whether the report is fixed."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "feedback/admin/figures_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            from feedback import annual_pages

            context = super().get_context_data(parent_context)
            page = self.instance
            record = page.frozen()
            context["record"] = record
            context["figures"] = annual_pages.headline(record.content["data"] if record else page.data)
            context["list_url"] = reverse("feedback_annual:index")
            return context


class AnnualReportPanel(Component):
    """The dashboard counts down to the day the law expects the next report, in words."""

    name = "annual_report"
    template_name = "feedback/admin/annual_panel.html"
    order = 115

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        from feedback import annual

        site = Site.find_for_request(self.request) or Site.objects.filter(is_default_site=True).first()
        may_see = self.request.user.has_perms(["wagtailadmin.access_admin"])
        return {
            "due": annual.due(site) if site and may_see else None,
            "list_url": reverse("feedback_annual:index"),
        }
