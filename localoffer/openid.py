"""Sign-on with OpenID Connect, by the council's own provider (OpenID Connect Core 1.0, code flow with PKCE).

Off unless OIDC_ISSUER is set. The provider says who somebody is; an administrator makes the account before
and gives it its groups: nobody is made here. `mozilla_django_oidc` speaks the protocol. It looks at neither
the issuer nor the audience of a token, and fails over an expired one: that is done here.
"""

import logging
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt
import requests
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

from localoffer.throttle import is_flood

logger = logging.getLogger(__name__)
WAIT = 10  # seconds for each answer of the provider
KEPT = 3600  # seconds for which its addresses are believed
STARTS_AN_HOUR = 120
NOT_IN = (
    "Your sign-on did not work, or there is no account here for your email address. Try again. "
    "If it goes on, ask the administrator of this site."
)
NOT_THERE = "The sign-on service does not answer. Try again in a few minutes, or use your password."
FAILED = (SuspiciousOperation, jwt.PyJWTError, requests.RequestException, KeyError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Provider:
    """The addresses that a provider publishes of itself (OpenID Connect Discovery 1.0)."""

    authorization: str
    token: str
    keys: str
    about_user: str


_known: dict[str, tuple[float, Provider]] = {}


def provider() -> Provider:
    """Asked once an hour. Raises ValueError where it is not the one it should be, or requests' errors."""
    issuer = settings.OIDC_ISSUER
    at, known = _known.get(issuer, (0.0, None))
    if known and time.monotonic() - at < KEPT:
        return known
    answer = requests.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration", timeout=WAIT)
    answer.raise_for_status()
    told = answer.json()
    if told["issuer"] != issuer:
        raise ValueError("The provider calls itself by another name than OIDC_ISSUER.")
    found = Provider(
        told["authorization_endpoint"], told["token_endpoint"], told["jwks_uri"], told["userinfo_endpoint"]
    )
    secure = urlsplit(issuer).scheme
    if any(urlsplit(address).scheme != secure for address in (found.token, found.keys, found.about_user)):
        raise ValueError("The provider names an address that is less safe than its own.")
    _known[issuer] = (time.monotonic(), found)
    return found


def setting(name: str, *default: Any) -> Any:
    """What the package asks for. The provider's addresses are read only when somebody signs in."""
    held = {
        "OIDC_OP_TOKEN_ENDPOINT": "",
        "OIDC_OP_USER_ENDPOINT": "",
        "OIDC_OP_JWKS_ENDPOINT": "",
        "OIDC_OP_AUTHORIZATION_ENDPOINT": "",
        "OIDC_RP_CLIENT_ID": settings.OIDC_CLIENT_ID,
        "OIDC_RP_CLIENT_SECRET": settings.OIDC_CLIENT_SECRET,
        "OIDC_RP_SIGN_ALGO": "RS256",
        "OIDC_CREATE_USER": False,
        "OIDC_USE_PKCE": True,
        "OIDC_TIMEOUT": WAIT,
        "OIDC_AUTHENTICATION_CALLBACK_URL": "sign_on_callback",
        "LOGIN_REDIRECT_URL": "wagtailadmin_home",
    }
    return held[name] if name in held else (default[0] if default else None)


class OpenIdBackend(OIDCAuthenticationBackend):
    """Accounts that are there already, found by the email address that the provider vouches for."""

    get_settings = staticmethod(setting)

    def authenticate(self, request: HttpRequest | None, **given: Any) -> Any:
        """Only what our own callback asks: it has compared the state, and holds the nonce."""
        if not settings.OIDC_ISSUER or not given.get("nonce"):
            return None
        try:
            known = provider()
            self.OIDC_OP_TOKEN_ENDPOINT, self.OIDC_OP_USER_ENDPOINT = known.token, known.about_user
            self.OIDC_OP_JWKS_ENDPOINT = known.keys
            return super().authenticate(request, **given)
        except FAILED as error:
            logger.warning("A sign-on was refused: %s.", type(error).__name__)
            return None

    def retrieve_matching_jwk(self, token: str) -> jwt.PyJWK:
        """A provider of one key need not name it (OIDC Core, 10.1)."""
        if "kid" in jwt.get_unverified_header(token):
            return super().retrieve_matching_jwk(token)
        answer = requests.get(self.OIDC_OP_JWKS_ENDPOINT, timeout=WAIT)
        answer.raise_for_status()
        (key,) = (each for each in answer.json()["keys"] if each.get("kty") == "RSA")
        return jwt.PyJWK(key)

    def verify_token(self, token: str, **given: Any) -> dict[str, Any]:
        """Signature and nonce, and then who made it, for whom, and until when (OIDC Core, 3.1.3.7)."""
        told: dict[str, Any] = super().verify_token(token, **given)
        meant_for = told.get("aud")
        audience = [meant_for] if isinstance(meant_for, str) else list(meant_for or ())
        party = told.get("azp", settings.OIDC_CLIENT_ID)
        if told.get("iss") != settings.OIDC_ISSUER or settings.OIDC_CLIENT_ID not in audience:
            raise SuspiciousOperation("made by another provider, or for another site")
        if party != settings.OIDC_CLIENT_ID or (len(audience) > 1 and "azp" not in told):
            raise SuspiciousOperation("given to another site")
        if "exp" not in told:  # where it is there, PyJWT has looked at it
            raise SuspiciousOperation("without end")
        return told

    def get_userinfo(self, access_token: str, id_token: str, payload: dict[str, Any]) -> dict[str, Any]:
        claims: dict[str, Any] = super().get_userinfo(access_token, id_token, payload)
        if claims.get("sub") != payload["sub"]:
            raise SuspiciousOperation("about somebody else")
        return claims

    def verify_claims(self, claims: dict[str, Any]) -> bool:
        return bool(claims.get("email")) and claims.get("email_verified", True) in (True, "true")

    def filter_users_by_claims(self, claims: dict[str, Any]) -> Any:
        return super().filter_users_by_claims(claims).filter(is_active=True)


def _refused(request: HttpRequest, words: str) -> HttpResponse:
    messages.error(request, words)
    return HttpResponseRedirect(reverse("wagtailadmin_login"))


@method_decorator(never_cache, name="dispatch")
class _Offered(View):
    """Is there only where a provider is set; asks `setting` for what the package wants to know."""

    get_settings = staticmethod(setting)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.OIDC_ISSUER:
            raise Http404("This site has no such sign-on.")
        return super().dispatch(request, *args, **kwargs)


class StartView(_Offered, OIDCAuthenticationRequestView):
    """Sends somebody to the provider."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if is_flood(request, name="sign-on", hourly=STARTS_AN_HOUR):
            return _refused(request, NOT_THERE)
        try:
            self.OIDC_OP_AUTH_ENDPOINT = provider().authorization
        except FAILED as error:
            logger.warning("The sign-on service does not answer: %s.", type(error).__name__)
            return _refused(request, NOT_THERE)
        return super().get(request)


class CallbackView(_Offered, OIDCAuthenticationCallbackView):
    """Where the provider sends somebody back to."""

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            return super().get(request)
        except SuspiciousOperation:  # an answer that nobody here asked for
            return self.login_failure()

    def login_failure(self) -> HttpResponse:
        return _refused(self.request, NOT_IN)
