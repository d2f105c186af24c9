"""One policy for families' pages and a looser one for Wagtail's admin; and one encoding for all."""

import re
from collections.abc import Callable
from typing import Any

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]
ADMIN_PATHS = ("/admin/", "/django-admin/")


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Content security policy: strict on the public site, Wagtail's needs in the admin."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.path_info.startswith(ADMIN_PATHS):
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY
        return super().process_response(request, response)


# RFC 2231 lets a parameter be written with a star too.
_ENCODING = re.compile(r";\s*charset\s*\*?\s*=[^;]*", re.IGNORECASE)


def reads_utf_8(application: Application) -> Application:
    """What families type is read as UTF-8, whatever the request says: that is what browsers send here.

    Django takes the encoding that a request names, and breaks over some that Python knows: in its own answer
    to a form in UTF-16, and before any of our code over "zip", which is none of text.
    """

    def read(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        environ["CONTENT_TYPE"] = _ENCODING.sub("", environ.get("CONTENT_TYPE") or "")
        return application(environ, start_response)

    return read
