"""Blocks of pages that are not bound to one requirement: steps, first things to do, people."""

from typing import Any

from wagtail import blocks

from localoffer.blocks import TEXT_FEATURES, RequirementBlock, category_choices


class StepValue(blocks.StructValue):
    @property
    def facts(self) -> list[tuple[str, str]]:
        """(label, words) of who acts and what a family can do."""
        rows = [
            ("Who does it", self.get("who_does_it")),
            ("What you can do", self.get("what_you_can_do")),
            ("If it is late", self.get("if_it_is_late")),
        ]
        return [(label, words) for label, words in rows if words]


class StepBlock(blocks.StructBlock):
    """One step of a process, with its time limit in words."""

    timing = blocks.CharBlock(max_length=60, help_text="When, such as “By week 6”.")
    title = blocks.CharBlock(max_length=120, help_text="What happens, such as “We tell you our decision”.")
    body = blocks.RichTextBlock(features=TEXT_FEATURES)
    who_does_it = blocks.CharBlock(required=False, max_length=150, help_text="A role, not a name.")
    what_you_can_do = blocks.TextBlock(required=False, rows=2)
    if_it_is_late = blocks.TextBlock(required=False, rows=2, help_text="What a family can do then.")

    class Meta:
        icon = "list-ol"
        label = "Step"
        value_class = StepValue


class FirstThingBlock(blocks.StructBlock):
    """Something to do before anything else."""

    title = blocks.CharBlock(max_length=120, help_text="What to do, such as “Talk to the class teacher”.")
    words = blocks.RichTextBlock(required=False, features=["bold", "ul", "link", "document-link"])

    class Meta:
        icon = "tick"
        label = "Do this"


class PersonBlock(blocks.StructBlock):
    """Somebody to talk to: a team or a service, never a private person."""

    name = blocks.CharBlock(max_length=120)
    words = blocks.TextBlock(required=False, rows=2, help_text="What they can help with, and when.")
    phone = blocks.CharBlock(required=False, max_length=30)
    email = blocks.EmailBlock(required=False)
    url = blocks.URLBlock(required=False, label="Website")

    class Meta:
        icon = "group"
        label = "Person or team"


class FirstThingsBlock(blocks.StreamBlock):
    thing = FirstThingBlock()


class QuestionsBlock(blocks.StreamBlock):
    """Answers to link to, each by the requirement that it answers, so that a link cannot break."""

    question = RequirementBlock()


class PeopleBlock(blocks.StreamBlock):
    person = PersonBlock()


class KindsOfServiceBlock(blocks.StreamBlock):
    """Kinds of service that help with a task."""

    kind = blocks.ChoiceBlock(choices=category_choices, label="Kind of service")


class StepsBlock(blocks.StreamBlock):
    step = StepBlock()


def keys(stream: Any) -> list[str]:
    """The chosen values of a stream of choices, each once, in order."""
    return list(dict.fromkeys(block.value for block in stream if block.value))
