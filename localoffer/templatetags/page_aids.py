"""Tags for what stands beside a page's words: other ways to read them, and who made them with us."""

from typing import Any

from django import template
from django.template import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from localoffer import coproduction, twins
from localoffer.languages import Language, straighten_numbers

register = template.Library()


@register.inclusion_tag("components/twin_links.html")
def twin_links(page: Page) -> dict[str, Any]:
    """Easy Read, British Sign Language and other languages, beside the title."""
    return {"links": twins.links_of(page) if page.pk else []}


@register.inclusion_tag("components/approval.html")
def page_credit(page: Page) -> dict[str, Any]:
    """Who made the whole page with us, while its words are those they approved."""
    return {"credit": coproduction.kept_credits(page).whole}


@register.filter
def in_direction(html: Any, language: Language) -> SafeString:
    """Text as its language is read; telephone numbers stay the right way round."""
    safe = conditional_escape(html)
    return mark_safe(straighten_numbers(safe)) if language.rtl else safe  # adds one tag to escaped text


@register.inclusion_tag("components/answer_credit.html", takes_context=True)
def answer_credit(context: Context, value: Any) -> dict[str, Any]:
    """Who made one answer with us: by approval; or as somebody typed it, where no approval of the
    same group stands in its place."""
    page, typed = context.get("page"), value.get("co_produced_with") or ""
    credit = (
        coproduction.kept_credits(page).answers.get(value.get("requirement"))
        if isinstance(page, Page)
        else None
    )
    if credit and credit.group_name.casefold() in typed.casefold():
        typed = ""
    return {"credit": credit, "typed": typed, "typed_on": value.get("reviewed_on")}
