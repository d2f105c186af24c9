"""What search adds to the admin: registration only."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from search import reports
from search.admin_panels import EnginePanel
from search.personal_data import declarations
from search.readiness import prepare, readiness
from search.viewsets import SearchViewSetGroup


@hooks.register("construct_homepage_panels")
def homepage_panels(request: HttpRequest, panels: list) -> None:
    panels += [EnginePanel(request), reports.FailedSearchesPanel(request)]


register_snippet(SearchViewSetGroup)
hooks.register("localoffer_personal_data", declarations)
hooks.register("localoffer_failed_searches", reports.failed_since)
hooks.register("register_admin_urls", lambda: reports.urls)
hooks.register("register_reports_menu_item", reports.menu_item)
hooks.register("register_readiness_check", readiness)
hooks.register("localoffer_worker_starts", prepare)
