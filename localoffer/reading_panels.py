"""What an editor sees beside the fields: how the text reads, and that a statement has grown old."""

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel

SHOWN = 12


class PlainLanguagePanel(Panel):
    """What the editor's checker found in the page as it was last saved. It warns; it never blocks."""

    def __init__(self, heading: str = "Plain language", **kwargs: Any) -> None:
        super().__init__(heading=heading, **kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "localoffer/admin/plain_language_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            from localoffer import plain_language

            context = super().get_context_data(parent_context)
            if self.instance.pk:
                review = plain_language.review(self.instance)
                context["review"] = review
                context["shown"] = review.findings[:SHOWN]
                context["more"] = max(0, len(review.findings) - SHOWN)
                context["check_url"] = reverse("plain_language_page", args=[self.instance.pk])
            return context


class StatementAgePanel(Panel):
    """Says when an accessibility statement is older than a year; otherwise nothing."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "localoffer/admin/statement_age_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk and self.instance.is_old())
