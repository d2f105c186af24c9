"""What staff build the guided finder of: questions with options, and outcomes."""

from typing import Any

from wagtail import blocks

from localoffer.blocks import TEXT_FEATURES, RequirementBlock
from localoffer.page_blocks import PersonBlock

KEY = r"^[a-z][a-z0-9_]{0,29}$"


def filter_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every filter of the finder that an answer may set, as "facet=value", under its facet."""
    from search.facets import FACETS

    return [
        (facet.label, [(f"{facet.key}={option.value}", option.label) for option in facet.offer()])
        for facet in FACETS
    ]


class KeyBlock(blocks.RegexBlock):
    """A short name that other parts of the page refer to; families see it in the address only."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        kwargs.setdefault("error_messages", {"invalid": "Use small letters, digits and _, such as “worry”."})
        kwargs.setdefault("label", "Short name")
        kwargs.setdefault("help_text", "Small letters, such as “worry”. It stands in the address.")
        super().__init__(regex=KEY, **kwargs)


class FiltersBlock(blocks.ListBlock):
    """Filters of the search at the end."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("default", [])
        super().__init__(blocks.ChoiceBlock(choices=filter_choices, label="Filter"), **kwargs)


class OptionBlock(blocks.StructBlock):
    """One answer to choose."""

    key = KeyBlock()
    label = blocks.CharBlock(max_length=80, help_text="In a family's words.")
    hint = blocks.CharBlock(required=False, max_length=150)
    filters = FiltersBlock(label="Filters it sets")
    outcome = KeyBlock(required=False, label="Outcome it leads to", help_text="The outcome's short name.")
    then = KeyBlock(
        required=False, label="Question to ask next", help_text="Its short name. Empty: the next one."
    )

    class Meta:
        icon = "circle-check"


class ChoiceQuestionBlock(blocks.StructBlock):
    """A question with answers to choose from."""

    key = KeyBlock()
    title = blocks.CharBlock(max_length=120, label="Question")
    hint = blocks.TextBlock(required=False, rows=2)
    options = blocks.ListBlock(OptionBlock(), min_num=2, max_num=12)

    class Meta:
        icon = "list-ul"
        label = "Choose one"


class AgeQuestionBlock(blocks.StructBlock):
    """Asks for an age; it may be skipped."""

    title = blocks.CharBlock(max_length=120, label="Question")
    hint = blocks.TextBlock(required=False, rows=2)

    class Meta:
        icon = "user"
        label = "Age"


class PlaceQuestionBlock(blocks.StructBlock):
    """Asks for a postcode; it may be skipped."""

    title = blocks.CharBlock(max_length=120, label="Question")
    hint = blocks.TextBlock(required=False, rows=2)
    within = blocks.ChoiceBlock(
        choices=[
            ("", "Any distance"),
            ("2", "2 miles"),
            ("5", "5 miles"),
            ("10", "10 miles"),
            ("20", "20 miles"),
        ],
        required=False,
        label="How far to look",
    )

    class Meta:
        icon = "site"
        label = "Postcode"


class QuestionsBlock(blocks.StreamBlock):
    """The questions, in the order that they are asked."""

    choice = ChoiceQuestionBlock()
    age = AgeQuestionBlock()
    postcode = PlaceQuestionBlock()

    class Meta:
        block_counts = {"age": {"max_num": 1}, "postcode": {"max_num": 1}}
        max_num = 10


class OutcomeBlock(blocks.StructBlock):
    """Where answers lead: services, rights, what to do next, people."""

    key = KeyBlock()
    title = blocks.CharBlock(max_length=120)
    introduction = blocks.TextBlock(rows=3, help_text="Two or three short sentences.")
    words = blocks.CharBlock(
        required=False, max_length=100, help_text="Words to search for. Empty: filters only."
    )
    filters = FiltersBlock(label="Filters of the search")
    next_steps = blocks.ListBlock(
        blocks.RichTextBlock(features=[*TEXT_FEATURES]), default=[], label="What to do next"
    )
    rights = blocks.ListBlock(RequirementBlock(), default=[], label="Your rights: answers to link to")
    people = blocks.ListBlock(PersonBlock(), default=[], label="People to talk to")

    class Meta:
        icon = "flag"
        label = "Outcome"


class OutcomesBlock(blocks.StreamBlock):
    outcome = OutcomeBlock()
