"""The question "was this page useful?", drawn on every page that readers can comment on."""

from typing import Any

from django import template

from feedback import useful

register = template.Library()
LONGEST = 500


@register.inclusion_tag("components/useful.html", takes_context=True)
def useful_question(context: Any) -> dict[str, Any]:
    """`path` is empty where nobody knows what page this is, and then nothing is drawn."""
    request = context.get("request")
    path = request.path if request is not None and len(request.path) <= LONGEST else ""
    return {"path": path, "seal": useful.sign(path) if path else ""}
