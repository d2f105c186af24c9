"""{% load service_cards %}{% service_card hit saved=page.saved %}: a found service, drawn as a card."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from localoffer.moulds import fill
from localoffer.templatetags.components import stamp
from search.results import Hit

register = template.Library()


@register.simple_tag
def service_card(hit: Hit, saved: str = "", remove_url: str = "") -> SafeString:
    """`saved` is the list so far, to which its link adds this one; or `remove_url` takes it off the list."""
    return fill(
        "components/service_card.html",
        {
            "kicker": hit.kicker,
            "url": hit.url,
            "title": hit.title,
            "summary": hit.summary,
            "passage": hit.passage,
            "facts": mark_safe("".join([_fact(*fact) for fact in hit.facts])),
            "stamp": fill("components/stamp.html", {}, **stamp(hit.last_checked, hit.review_by)),
            "save": fill(
                "components/save.html",
                {"id": str(hit.id), "title": hit.title, "saved": saved, "remove_url": remove_url},
            ),
        },
    )


def _fact(symbol: str, label: str, text: str) -> SafeString:
    return fill("components/fact.html", {"text": text}, symbol=symbol, label=label)
