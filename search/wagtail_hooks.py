"""What search adds to the admin."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from search.admin_panels import EnginePanel
from search.viewsets import SearchViewSetGroup


@hooks.register("construct_homepage_panels")
def homepage_panels(request: HttpRequest, panels: list) -> None:
    panels.append(EnginePanel(request))


register_snippet(SearchViewSetGroup)
