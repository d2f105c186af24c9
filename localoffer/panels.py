"""What the editor of a section sees beside the stream: the questions the law asks."""

from typing import Any

from wagtail.admin.panels import Panel

from localoffer.regulations import WEIGHT_WORDS, Period, Requirement, for_section
from localoffer.silence import bound_keys

PERIOD_WORDS = {
    Period.IN_FORCE: "Add a document that is in force.",
    Period.FINANCIAL_YEAR: "Add a document for this financial year.",
    Period.ACADEMIC_YEAR_BY_31_MAY: (
        "Add the statement for this school year. The next year's is due by 31 May."
    ),
}


def wanted(requirement: Requirement) -> list[str]:
    """What would show that it is met, in an editor's words."""
    evidence = requirement.evidence
    words = []
    if evidence.page:
        words.append("An answer in words.")
    if evidence.services:
        words.append("Live services in the directory.")
    if evidence.fields:
        words.append("Facts filled in on services.")
    if evidence.link:
        words.append("A link or a document.")
    if evidence.document:
        words.append(PERIOD_WORDS[evidence.document])
    return words


class RequirementsPanel(Panel):
    """The requirements of this page's section, and which have no word yet."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "localoffer/admin/requirements_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            spoken = set(bound_keys(self.instance.answers))
            context["rows"] = [
                {
                    "requirement": requirement,
                    "weight": WEIGHT_WORDS[requirement.weight],
                    "wanted": wanted(requirement),
                    "spoken": requirement.key in spoken,
                }
                for requirement in for_section(self.instance.section)
            ]
            return context
