"""{% load glossary %}{% explain value.body %}: rich text with each word explained at its first use."""

from typing import Any

from django import template
from django.template import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag(takes_context=True)
def explain(context: Context, value: Any) -> SafeString:
    """HTML that is safe already, or plain words, which are escaped.

    One page has one `explainer` (a context processor), whatever blocks and includes it is made of;
    without one the text stays as it is.
    """
    html = conditional_escape(value)
    explainer = context.get("explainer")
    return mark_safe(explainer.explain(html)) if explainer and html else html
