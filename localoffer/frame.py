"""The council, the menu and the footer around every public page, remembered between requests."""

from functools import cached_property

from django.http import HttpRequest
from wagtail.models import Site

from localoffer.models import CouncilSettings


class Frame:
    """Values for `templates/base.html`, read only when a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def site(self) -> Site | None:
        return Site.find_for_request(self._request)

    @cached_property
    def council(self) -> CouncilSettings:
        """The settings of this request's authority; the defaults where there is none yet."""
        return CouncilSettings.for_request(self._request) if self.site else CouncilSettings()
