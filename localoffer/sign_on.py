"""Sign-on by the council's own proxy: it has checked who somebody is, and says so in a header.

Off unless SIGN_ON_HEADER names the header, and refused without BEHIND_PROXY=1: anybody could send it. From
an address that is not the proxy's (FORWARDED_ALLOW_IPS) it means nothing.
The proxy must take the header away from what readers send. It counts in the admin alone, so that
families' pages stay without a session, and only for accounts that are there: nobody is made by it.
"""

from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import RemoteUserBackend
from django.contrib.auth.middleware import RemoteUserMiddleware
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

ADMIN = "/admin/"


class SignOnMiddleware(RemoteUserMiddleware):
    """After authentication. Whoever the proxy no longer names is signed out."""

    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not (settings.SIGN_ON_HEADER and settings.BEHIND_PROXY):
            raise MiddlewareNotUsed
        self.header = f"HTTP_{settings.SIGN_ON_HEADER.upper().replace('-', '_')}"
        super().__init__(get_response)

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith(ADMIN):
            if not is_proxy(str(request.META.get("REMOTE_ADDR", ""))):
                request.META.pop(self.header, None)
            super().process_request(request)


def is_proxy(address: str) -> bool:
    """Whether what speaks to us is the proxy, by FORWARDED_ALLOW_IPS. Who comes by a socket of this
    machine has no address: only the proxy can open it. Where we listen on "[::]", a proxy of IPv4 has its
    address inside one of IPv6."""
    if not address or "*" in settings.PROXY_ADDRESSES:
        return True
    try:
        found = ip_address(address)
        found = getattr(found, "ipv4_mapped", None) or found
        return any(found in ip_network(each.strip(), strict=False) for each in settings.PROXY_ADDRESSES)
    except ValueError:
        return False


class KnownPeopleBackend(RemoteUserBackend):
    """An administrator makes accounts and gives them groups; the proxy only says who is who."""

    create_unknown_user = False

    def authenticate(self, request: HttpRequest | None, remote_user: str | None = None, **given: Any) -> Any:
        if not remote_user or not remote_user.isprintable():  # PostgreSQL holds no NUL, nor asks for one
            return None
        return super().authenticate(request, remote_user=remote_user)
