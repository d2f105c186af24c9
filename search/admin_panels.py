"""What staff are told on the dashboard when the search server is not at its best."""

from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from search import engines


class EnginePanel(Component):
    """Nothing at all while all is well."""

    name = "search_engine"
    template_name = "search/admin/engine_panel.html"
    order = 100

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"problems": engines.current().problems()}
