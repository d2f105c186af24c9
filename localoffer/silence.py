"""Which requirements a section passes over in silence, and which it binds wrongly."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from localoffer.regulations import Requirement, Section, for_section, is_requirement


def bound_keys(answers: Iterable[Any]) -> list[str]:
    """The requirement key of every block of a section's stream, in order."""
    return [block.value.get("requirement") or "" for block in answers]


def unanswered(section: Section, answers: Iterable[Any]) -> list[Requirement]:
    """Mandatory requirements of the section with no block at all: no answer, no reason, no date."""
    spoken = set(bound_keys(answers))
    return [r for r in for_section(section) if r.is_mandatory and r.key not in spoken]


def silence_message(section: Section, answers: Iterable[Any]) -> list[str]:
    """What stops the section from being published, in words for an editor; empty when nothing does."""
    keys = bound_keys(answers)
    messages = []
    missing = unanswered(section, answers)
    if missing:
        messages.append(
            f"{len(missing)} of the questions the law asks have no word on this page. Answer each one, "
            "say why it does not apply, or say who will publish it and when."
        )
        messages += [f"No answer yet: {r.question} ({r.key})" for r in missing]
    own = {r.key for r in for_section(section)}
    for key, times in Counter(keys).items():
        if not is_requirement(key):
            messages.append(
                f"“{key}” is not a question the law asks any more. Choose another for that block."
            )
        elif key not in own:
            messages.append(f"“{key}” belongs to another section. Move that block there.")
        elif times > 1:
            messages.append(f"“{key}” has {times} blocks. Keep one.")
    return messages
