"""{% load remembered %}{% remembered "footer" %}…{% endremembered %}: drawn once, then kept until it changes.

Only in pages that are the same for every reader (`page_cache`): what staff see is drawn each time. Further
arguments tell fragments of one name apart: whatever else it depends on; with None it is not kept. It is
forgotten when anything that readers see changes; `of="content words"` names the subjects it is made from,
where they are few.
"""

from hashlib import blake2b
from typing import Any

from django import template
from django.template import Context, Node, NodeList
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils.safestring import SafeString, mark_safe

from localoffer import versions

register = template.Library()


class RememberedNode(Node):
    """`parts` are the name and what tells fragments of it apart."""

    def __init__(self, nodelist: NodeList, parts: list[FilterExpression], subjects: tuple[str, ...]) -> None:
        self.nodelist, self.parts, self.subjects = nodelist, parts, subjects

    def render(self, context: Context) -> SafeString:
        request = context.get("request")
        if request is None or not versions.is_recording():
            return self.nodelist.render(context)
        parts = [request.scheme, request.get_host(), *(part.resolve(context) for part in self.parts)]
        if None in parts:
            return self.nodelist.render(context)
        digest = blake2b("\n".join(map(str, parts)).encode(), digest_size=16).hexdigest()
        key = f"fragment:{digest}"
        html: Any = versions.remember(key, lambda: str(self.nodelist.render(context)), of=self.subjects)
        return mark_safe(html)  # what a template has drawn


@register.tag
def remembered(parser: Parser, token: Token) -> RememberedNode:
    bits = token.split_contents()[1:]
    subjects = versions.EVERYTHING
    if bits and bits[-1].startswith("of="):
        given = token_kwargs([bits.pop()], parser)["of"]
        subjects = tuple(str(given.resolve(Context())).split())
    parts = [parser.compile_filter(bit) for bit in bits]
    nodelist = parser.parse(("endremembered",))
    parser.delete_first_token()
    return RememberedNode(nodelist, parts, subjects)
