"""The way from a page of the admin to its chapter of the guide."""

from typing import Any

from django import template
from django.template import Context

from localoffer.editors_guide import chapter_for

register = template.Library()


@register.inclusion_tag("localoffer/admin/guide_help.html", takes_context=True)
def guide_help(context: Context) -> dict[str, Any]:
    """Nothing where no chapter speaks of the page."""
    match = context["request"].resolver_match
    return {"chapter": chapter_for(match.view_name) if match else None}
