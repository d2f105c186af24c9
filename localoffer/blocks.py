"""The answer block and its kin: content bound to a requirement of the law."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import NoReverseMatch, reverse
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from localoffer.clock import today
from localoffer.regulations import REQUIREMENTS, Requirement, Section, Weight, get_requirement, is_requirement

# What an editor may use in running text: no images, embeds or headings above an answer's own.
TEXT_FEATURES = ["h3", "bold", "ol", "ul", "link", "document-link"]
SECTION_WORDS = {
    Section.EDUCATION: "Learning",
    Section.HEALTH: "Health",
    Section.SOCIAL_CARE: "Care and short breaks",
    Section.TRANSPORT: "Getting there",
    Section.ADULTHOOD: "Growing up",
    Section.REDRESS: "If you disagree",
    Section.ADVICE: "Advice",
    Section.ACCESS: "How to get help",
}


EXPECTATIONS = {
    Weight.STATUTORY: "The law says we must publish this.",
    Weight.CODE_MUST: "The national code says we must publish this.",
    Weight.CODE_SHOULD: "The national code says we should publish this.",
    Weight.GOOD_PRACTICE: "It is good practice to publish this.",
}


def requirement_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every requirement, grouped by section, in the words of its question."""
    return [
        (words, [(r.key, r.question) for r in REQUIREMENTS if r.section == section])
        for section, words in SECTION_WORDS.items()
    ]


def category_choices() -> list[tuple[str, str]]:
    """Kinds of service, from the directory's vocabulary."""
    return apps.get_model("services.Category").choices()


class RequirementBlock(blocks.ChoiceBlock):
    """Which requirement a block speaks to. A key that has left the law is refused on publishing."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("choices", requirement_choices)
        kwargs.setdefault("label", "Question the law asks")
        super().__init__(**kwargs)


class BoundValue(blocks.StructValue):
    """A block's value that knows its requirement."""

    @property
    def requirement(self) -> Requirement | None:
        """None where the stored key is no longer a requirement."""
        key = self.get("requirement") or ""
        return get_requirement(key) if is_requirement(key) else None

    @property
    def anchor(self) -> str:
        requirement = self.requirement
        return requirement.anchor if requirement else ""

    @property
    def heading_text(self) -> str:
        requirement = self.requirement
        return self.get("heading") or (requirement.question if requirement else "")


class DocumentValue(blocks.StructValue):
    @property
    def href(self) -> str:
        """The document's address: the library's copy first."""
        return self["document"].url if self.get("document") else self.get("url") or ""


class DocumentBlock(blocks.StructBlock):
    """A document with the period it covers."""

    title = blocks.CharBlock(max_length=150)
    document = DocumentChooserBlock(required=False, help_text="From the library, or give an address below.")
    url = blocks.URLBlock(required=False, label="Address")
    period = blocks.CharBlock(
        required=False,
        max_length=30,
        help_text="The years it covers, such as 2026-27. Empty if it has no end.",
    )

    class Meta:
        icon = "doc-full"
        value_class = DocumentValue

    def clean(self, value: Any) -> Any:
        """A document needs one place to find it."""
        value = super().clean(value)
        if not value.get("document") and not value.get("url"):
            raise blocks.StructBlockValidationError(
                {"url": ValidationError("Choose a document or give its address.")}
            )
        return value


class AnswerValue(BoundValue):
    """An answer as the page shows it."""

    @property
    def services_url(self) -> str:
        """The directory, filtered to this answer's kinds of service; empty where it names none."""
        keys = self.get("service_categories") or []
        if not keys:
            return ""
        try:
            return f"{reverse('search:results')}?{urlencode([('category', key) for key in keys])}"
        except NoReverseMatch:
            return ""

    @property
    def live_services(self) -> list[Any]:
        """The services it names that families can open; one that was merged stands for both."""
        named = (service.standing for service in self.get("services") or [] if service)
        return list(dict.fromkeys(service for service in named if service))

    @property
    def facts(self) -> list[tuple[str, str]]:
        """(label, words) of what is known of who, how, who decides and how to disagree."""
        rows = [
            ("Who can get it", self.get("eligibility")),
            ("How to get it", self.get("how_to_get_it")),
            ("Who decides", self.get("who_decides")),
            ("If you disagree", self.get("if_you_disagree")),
        ]
        return [(label, words) for label, words in rows if words]

    def is_overdue(self, today: date) -> bool:
        """Whether nobody has looked at it by the day they said they would."""
        review_by = self.get("review_by")
        return bool(review_by and review_by < today)


class AnswerBlock(blocks.StructBlock):
    """Words that answer one requirement."""

    requirement = RequirementBlock()
    heading = blocks.CharBlock(required=False, max_length=150, help_text="Empty: the question itself.")
    body = blocks.RichTextBlock(features=TEXT_FEATURES)
    eligibility = blocks.TextBlock(required=False, rows=2, label="Who can get it")
    how_to_get_it = blocks.TextBlock(required=False, rows=2)
    who_decides = blocks.TextBlock(
        required=False, rows=2, help_text="A role, not a name, and how long it takes."
    )
    if_you_disagree = blocks.TextBlock(required=False, rows=2)
    documents = blocks.ListBlock(DocumentBlock(), default=[])
    service_categories = blocks.MultipleChoiceBlock(
        choices=category_choices, required=False, label="Kinds of service to link to"
    )
    services = blocks.ListBlock(SnippetChooserBlock("services.Service"), default=[], label="Services to name")
    owner = blocks.CharBlock(required=False, max_length=100, help_text="The role that keeps this right.")
    reviewed_on = blocks.DateBlock(required=False)
    review_by = blocks.DateBlock(required=False)
    co_produced_with = blocks.CharBlock(required=False, max_length=150)

    class Meta:
        icon = "help"
        label = "Answer"
        template = "blocks/answer.html"
        value_class = AnswerValue

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        context["overdue"] = value.is_overdue(today())
        return context


class NotApplicableBlock(blocks.StructBlock):
    """A requirement that does not apply here, with the reason that the public reads."""

    requirement = RequirementBlock()
    reason = blocks.TextBlock(rows=2, help_text="Families see this.")

    class Meta:
        icon = "cross"
        label = "Does not apply here"
        template = "blocks/not_applicable.html"
        value_class = BoundValue


class NotPublishedValue(BoundValue):
    @property
    def expectation(self) -> str:
        """What is expected of us, as strongly as its source says it."""
        requirement = self.requirement
        return EXPECTATIONS[requirement.weight] if requirement else ""


class NotPublishedBlock(blocks.StructBlock):
    """A requirement not answered yet: families see who is responsible and by when."""

    requirement = RequirementBlock()
    responsible_role = blocks.CharBlock(max_length=100, help_text="A role, not a name.")
    expected_on = blocks.DateBlock(label="Date you will publish it by")
    note = blocks.TextBlock(required=False, rows=2, help_text="Why it is not here yet.")
    until_then = blocks.TextBlock(required=False, rows=2, help_text="What families can do until then.")

    class Meta:
        icon = "time"
        label = "Not published yet"
        template = "blocks/not_published.html"
        value_class = NotPublishedValue

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        context["late"] = bool(value.get("expected_on") and value["expected_on"] < today())
        return context


class AnswersBlock(blocks.StreamBlock):
    """What a section says, one block a requirement."""

    answer = AnswerBlock()
    not_applicable = NotApplicableBlock()
    not_published = NotPublishedBlock()
