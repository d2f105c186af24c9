"""Whether a request is one that any reader could have sent: then it gets the page that all get.

A cookie that says nothing must not cost a page drawn anew: anybody can send a session that never was.
"""

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest

from localoffer.sessions import SessionStore

ADMIN = "/admin/"
# What a session holds of somebody on the way to a sign-on that never ended: no page shows it.
PASSING = frozenset({"oidc_states", "oidc_login_next"})


def is_anybody(request: HttpRequest) -> bool:
    """Whether the request reads, and carries nothing that a page could depend on.

    (Whoever opened a form has a token; a page that uses it sets it again, and so is never kept. Messages
    are shown in the admin alone.) A session that is not there is taken off the request.
    """
    if request.method not in ("GET", "HEAD"):
        return False
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if key is None:
        return True
    if request.path_info.startswith(ADMIN):
        return False
    try:
        held = set(SessionStore(key).keys())
    except DatabaseError:  # nobody can say
        return False
    if not held:
        del request.COOKIES[settings.SESSION_COOKIE_NAME]
    return held <= PASSING
