"""One policy for families' pages and a looser one for Wagtail's admin; and one encoding for all."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from localoffer.views import bad_request

ADMIN_PATHS = ("/admin/", "/django-admin/")


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Content security policy: strict on the public site, Wagtail's needs in the admin."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.path_info.startswith(ADMIN_PATHS):
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY
        return super().process_response(request, response)


class ReadsOneEncoding:
    """Middleware: 400 for a request in another encoding than UTF-8, which no browser sends here.

    Django takes the encoding that a request names for its form and its query, and breaks over some that
    Python knows and that are none of text, such as "zip".
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding and request.encoding.lower() not in ("utf-8", "utf8"):
            return bad_request(request, ValueError(request.encoding))
        return self.get_response(request)
