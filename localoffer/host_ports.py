"""The port that a reader's request names is one of ours, or is left out.

Django looks at the host alone. So anybody could name ports without end: each drew every page anew, with
links to that port, and a cache between that does not look at ports would have shown them to all.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from localoffer.environment import is_trial

USUAL = frozenset({"80", "443"})


class LeavesOutStrangePorts:
    """Middleware, before anything reads the host. Ours are the usual ones, those of BASE_URL and of
    CSRF_TRUSTED_ORIGINS, and the one that we listen on. On a developer's machine every port is right."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if settings.DEBUG or is_trial({"HTTPS": settings.HTTPS, "ALLOWED_HOSTS": settings.ALLOWED_HOSTS}):
            raise MiddlewareNotUsed
        self.get_response = get_response
        named = (settings.WAGTAILADMIN_BASE_URL, *settings.CSRF_TRUSTED_ORIGINS)
        self.ours = USUAL | {str(urlsplit(address).port) for address in named}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host, port = split_domain_port(str(request.META.get("HTTP_HOST", "")))
        if port and port not in self.ours and port != str(request.META.get("SERVER_PORT", "")):
            request.META["HTTP_HOST"] = host
        return self.get_response(request)
