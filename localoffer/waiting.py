"""What waits for somebody, on the admin's dashboard: requests for formats, a statement grown old."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.ui.components import Component

from localoffer.belonging import authorities_of, site_of
from localoffer.models import AccessibilityStatementPage, FormatRequest

FORMATS = ("localoffer.view_formatrequest", "localoffer.change_formatrequest")


class WaitingPanel(Component):
    """Nothing at all where nothing waits."""

    name = "waiting"
    template_name = "localoffer/admin/waiting_panel.html"
    order = 120

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        site, user = site_of(self.request), self.request.user
        may_see = site in authorities_of(user, *FORMATS)
        statements = AccessibilityStatementPage.objects.live().descendant_of(site.root_page)
        return {
            "requests": FormatRequest.objects.of(site).waiting().count() if may_see else 0,
            "requests_url": reverse("wagtailsnippets_localoffer_formatrequest:list") + "?status=new",
            "statements": [
                (page.title, reverse("wagtailadmin_pages:edit", args=[page.pk]), page.good_until)
                for page in statements
                if page.is_old()
            ],
        }
