"""The way in by the council's own sign-on, where there is one."""

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

register = template.Library()


@register.simple_tag
def sign_on_address(after: str = "") -> str:
    """Where signing on begins, and goes on to `after`; empty where this site has none."""
    if not settings.OIDC_ISSUER:
        return ""
    return reverse("sign_on") + (f"?{urlencode({'next': after})}" if after else "")
