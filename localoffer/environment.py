"""Settings as an operator gives them: read strictly, and refused by name where they are unsafe.

Imported by the settings, so nothing here needs Django to be set up.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

YES, NO = ("1", "true", "yes", "on", "y"), ("0", "false", "no", "off", "n", "")
HERE = ("localhost", "127.0.0.1", "[::1]", "::1")
LEAST_KEY = 50
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOG_FORMATS = ("plain", "json")


class Environment(environ.Env):
    """django-environ takes HTTPS=ture for false, and a number that is none for a traceback: we name it.

    `names` are the variables that were asked for.
    """

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        self.names.add(var)
        return super().get_value(var, *args, **kwargs)

    def bool(self, var: str, default: Any = environ.Env.NOTSET) -> bool:
        text = self.str(var, default="").strip().lower() if var in self.ENVIRON else ""
        if text not in YES + NO:
            raise ImproperlyConfigured(f"{var} must be 1 or 0, not “{text}”.")
        return text in YES if text else bool(default)

    def int(self, var: str, default: Any = environ.Env.NOTSET) -> int:
        try:
            return super().int(var, default=default)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} must be a whole number.") from error

    def one_of(self, var: str, known: tuple[str, ...], default: str) -> str:
        text = self.str(var, default=default)
        if text not in known:
            raise ImproperlyConfigured(f"{var} must be one of {', '.join(known)}.")
        return text

    def parsed(self, var: str, read: str, default: str) -> dict[str, Any]:
        """What django-environ makes of an address. Its errors may quote a password: ours name the setting."""
        try:
            found: dict[str, Any] = getattr(self, read)(var, default=default)
            if read == "db" and not found["ENGINE"].endswith((".sqlite3", ".postgresql")):
                raise ValueError("another kind of database")
            return found
        except (ImproperlyConfigured, ValueError, KeyError) as error:
            scheme = self.str(var, default="").partition("://")[0]
            raise ImproperlyConfigured(
                f"{var} begins with “{scheme[:20]}”, or has a part that cannot be read. See README."
            ) from error


def openid_settings(env: Environment, *, may_be_plain: bool) -> tuple[str, str, str]:
    """Issuer, client and secret of a provider of OpenID Connect; empty for none. Raises
    ImproperlyConfigured for a part."""
    issuer = env.str("OIDC_ISSUER", default="")
    client, secret = env.str("OIDC_CLIENT_ID", default=""), env.str("OIDC_CLIENT_SECRET", default="")
    if issuer and not (client and secret):
        raise ImproperlyConfigured("OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.")
    if issuer and not (may_be_plain or issuer.startswith("https://")):
        raise ImproperlyConfigured("OIDC_ISSUER must begin with https://.")
    return issuer, client, secret


def is_trial(given: Mapping[str, Any]) -> bool:
    """Production mode tried on one machine: nobody else can reach it, and nothing is sent."""
    return not given["HTTPS"] and all(host in HERE for host in given["ALLOWED_HOSTS"])


def unsafe(given: Mapping[str, Any]) -> Iterator[str]:
    """What keeps production mode from starting, a sentence for each, each with the setting's name.

    `given` are the settings by name. No value of a secret is quoted.
    """
    key, hosts = given["SECRET_KEY"], given["ALLOWED_HOSTS"]
    if key == given["DEVELOPMENT_KEY"] or len(key) < LEAST_KEY or len(set(key)) < 5:
        yield f"SECRET_KEY must be set to {LEAST_KEY} or more random characters."
    if not hosts or "*" in hosts:
        yield "ALLOWED_HOSTS must name the addresses of this site, and not be *."
    if given["FETCH_LOOPBACK"]:
        yield "FETCH_LOOPBACK must not be set: the server would ask itself."
    if hosts and is_trial(given):
        return
    if not given["HTTPS"]:
        yield "HTTPS must not be 0, except to try the site on this machine (ALLOWED_HOSTS=localhost)."
    base = urlsplit(given["WAGTAILADMIN_BASE_URL"])
    if base.scheme != "https" or not base.hostname or base.hostname in HERE:
        yield "BASE_URL must be the address of the admin that mail leads to, such as https://offer.example.org."
    if given["EMAIL_BACKEND"].endswith((".console.EmailBackend", ".locmem.EmailBackend")):
        yield "EMAIL_URL or GOVUK_NOTIFY_API_KEY must be set: without one no mail leaves the server."
    if given["EMAIL_BACKEND"].endswith("NotifyEmailBackend"):
        if not given["GOVUK_NOTIFY_TEMPLATE_ID"]:
            yield "GOVUK_NOTIFY_TEMPLATE_ID must be the id of a template with ((subject)) and ((body))."
    elif given["DEFAULT_FROM_EMAIL"].endswith("example.org"):
        yield "DEFAULT_FROM_EMAIL must be an address of the council's own."
    if any(not origin.startswith("https://") for origin in given["CSRF_TRUSTED_ORIGINS"]):
        yield "CSRF_TRUSTED_ORIGINS must each begin with https://."


def refuse_unsafe(given: Mapping[str, Any]) -> None:
    """Raises ImproperlyConfigured with every problem in one line."""
    problems = list(unsafe(given))
    if problems:
        raise ImproperlyConfigured(" ".join(["DEBUG=0 is production mode.", *problems]))
