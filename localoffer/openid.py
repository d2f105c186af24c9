"""Sign-on with OpenID Connect, by the council's own provider (OpenID Connect Core 1.0, code flow with PKCE).

Off unless OIDC_ISSUER is set. The provider says who somebody is; an administrator makes the account before
and gives it its groups: nobody is made here. `mozilla_django_oidc` speaks the protocol. It looks at neither
the issuer nor the audience of a token, fails over an expired one and over what is no answer at all, and
signs out whoever is sent to a link that says "error": that is mended here.
"""

import logging
import time
from dataclasses import dataclass
from threading import Lock
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
from django.utils.http import urlencode
from django.views import View
from django.views.decorators.cache import never_cache
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import (
    OIDCAuthenticationCallbackView,
    OIDCAuthenticationRequestView,
    get_next_url,
)

from localoffer.throttle import is_flood

logger = logging.getLogger(__name__)
WAIT = 10  # seconds for each answer of the provider
KEPT = 3600  # seconds for which its addresses are believed
AGAIN = 30  # seconds after which one that did not answer is asked again
LEEWAY = 60  # seconds by which its clock and ours may differ
STARTS_AN_HOUR = 120
NOT_IN = (
    "Your sign-on did not work, or there is no account here for your email address. Try again. "
    "If it goes on, ask the administrator of this site."
)
NOT_THERE = "The sign-on service does not answer. Try again in a few minutes, or use your password."
MANY = "Very many people signed on from where you are. Try again in an hour, or use your password."
# What reading an answer raises that is not what it should be; deep nesting and endless numbers, too.
FAILED = (
    SuspiciousOperation, jwt.PyJWTError, requests.RequestException, LookupError, TypeError, ValueError,
    AttributeError, ArithmeticError, RecursionError,
)  # fmt: skip
# Where a request says that the provider is what failed.
TROUBLE = "localoffer.provider_failed"


@dataclass(frozen=True, slots=True)
class Provider:
    """The addresses that a provider publishes of itself (OpenID Connect Discovery 1.0)."""

    authorization: str
    token: str
    keys: str
    about_user: str


# Issuer to when it is asked next, and what it said last; None where it never answered.
_known: dict[str, tuple[float, Provider | None]] = {}
_asking = Lock()


def provider() -> Provider:
    """Asked once an hour; one that is down, every half a minute by one thread: the others have families to
    answer. Raises ValueError where it is not the one it should be, or has not answered."""
    issuer = settings.OIDC_ISSUER
    until, known = _known.get(issuer, (0.0, None))
    if time.monotonic() >= until and _asking.acquire(blocking=issuer not in _known):
        try:
            until, known = _known.get(issuer, (0.0, None))
            if time.monotonic() >= until:
                known = _ask_again(issuer, known)
        finally:
            _asking.release()
    if known is None:
        raise ValueError("The provider has not answered.")
    return known


def _ask_again(issuer: str, before: Provider | None) -> Provider | None:
    """What it says now; where it does not, what it said before."""
    try:
        found, wait = _discovered(issuer), KEPT
    except FAILED as error:
        logger.warning("The sign-on service does not answer: %s.", type(error).__name__)
        found, wait = before, AGAIN
    _known[issuer] = (time.monotonic() + wait, found)
    return found


def _discovered(issuer: str) -> Provider:
    answer = requests.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration", timeout=WAIT)
    answer.raise_for_status()
    told = answer.json()
    if told["issuer"] != issuer:
        raise ValueError("The provider calls itself by another name than OIDC_ISSUER.")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
    addresses = [str(told[name]) for name in names]
    secure = urlsplit(issuer).scheme
    if any(urlsplit(address).scheme != secure for address in addresses):
        raise ValueError("The provider names an address that is less safe than its own.")
    return Provider(*addresses)


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
            if request is not None and _is_trouble(error):
                request.META[TROUBLE] = True
            return None

    def retrieve_matching_jwk(self, token: str) -> jwt.PyJWK:
        """A provider of one key need not name it (OIDC Core, 10.1)."""
        if "kid" in jwt.get_unverified_header(token):
            return super().retrieve_matching_jwk(token)
        answer = requests.get(self.OIDC_OP_JWKS_ENDPOINT, timeout=WAIT)
        answer.raise_for_status()
        (key,) = (each for each in answer.json()["keys"] if each.get("kty") == "RSA")
        return jwt.PyJWK(key)

    def _verify_jws(self, payload: str, key: jwt.PyJWK) -> dict[str, Any]:
        """Signed by the provider, made by it, for us, and for now (OIDC Core, 3.1.3.7)."""
        told: dict[str, Any] = jwt.decode(
            payload,
            key,
            algorithms=[self.OIDC_RP_SIGN_ALGO],
            audience=settings.OIDC_CLIENT_ID,
            issuer=settings.OIDC_ISSUER,
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
        return told

    def verify_token(self, token: str, **given: Any) -> dict[str, Any]:
        """Signature and nonce, and then which of several sites it was given to."""
        told: dict[str, Any] = super().verify_token(token, **given)
        is_for_several = not isinstance(told["aud"], str) and len(told["aud"]) > 1
        party = told.get("azp", None if is_for_several else settings.OIDC_CLIENT_ID)
        if party != settings.OIDC_CLIENT_ID:
            raise SuspiciousOperation("given to another site")
        return told

    def get_userinfo(self, access_token: str, id_token: str, payload: dict[str, Any]) -> dict[str, Any]:
        claims: dict[str, Any] = super().get_userinfo(access_token, id_token, payload)
        if claims.get("sub") != payload["sub"]:
            raise SuspiciousOperation("about somebody else")
        return claims

    def verify_claims(self, claims: dict[str, Any]) -> bool:
        email = claims.get("email")
        is_address = isinstance(email, str) and "@" in email and email.isprintable()
        return is_address and claims.get("email_verified", True) in (True, "true")

    def filter_users_by_claims(self, claims: dict[str, Any]) -> list[Any]:
        """Databases fold letters that look alike, such as a Turkish i, which another person may own."""
        found = super().filter_users_by_claims(claims).filter(is_active=True)
        return [person for person in found if _is_same(person.email, claims["email"])]

    def get_user(self, user_id: int) -> Any:
        """Who is signed in; nobody any more once the account is closed."""
        user = super().get_user(user_id)
        return user if user is not None and user.is_active else None

    def describe_user_by_claims(self, claims: dict[str, Any]) -> str:
        """For the log, which names nobody."""
        return "that email address"


def _is_same(address: str, other: str) -> bool:
    """Whether two email addresses are one, but for capitals of plain letters."""
    return address == other or (
        address.isascii() and other.isascii() and address.casefold() == other.casefold()
    )


def _is_trouble(error: Exception) -> bool:
    """Whether the provider failed, and not who signs on: an answer of 400 is about that person's code."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return error.response.status_code >= 500
    return not isinstance(error, SuspiciousOperation | jwt.PyJWTError)


def _refused(request: HttpRequest, words: str, after: str | None) -> HttpResponse:
    """To the way in with a password, which leads to where the person wanted to go."""
    messages.error(request, words)
    query = f"?{urlencode({'next': after})}" if after else ""
    return HttpResponseRedirect(f"{reverse('wagtailadmin_login')}{query}")


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
            return _refused(request, MANY, get_next_url(request, "next"))
        try:
            self.OIDC_OP_AUTH_ENDPOINT = provider().authorization
        except ValueError:
            return _refused(request, NOT_THERE, get_next_url(request, "next"))
        return super().get(request)


class CallbackView(_Offered, OIDCAuthenticationCallbackView):
    """Where the provider sends somebody back to."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """An answer that nobody here asked for changes nothing. Whoever is signed in came by "back"."""
        if request.GET.get("state", "") not in request.session.get("oidc_states", {}):
            is_in = request.user.is_authenticated
            return HttpResponseRedirect(reverse("wagtailadmin_home")) if is_in else self.login_failure()
        return super().get(request)

    def login_failure(self) -> HttpResponse:
        words = NOT_THERE if TROUBLE in self.request.META else NOT_IN
        return _refused(self.request, words, self.request.session.get("oidc_login_next"))
