"""What staff said that the words of a source mean: unknown columns, needs, kinds of provider.

One council's answers for one source are remembered, so that a question is asked once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from services.enums import CostKind, Level, ProviderType, Scope, SectionKey, SessionWhen, TermKind
from services.importers import cells
from services.importers.gias_types import TYPE_NAMES
from services.vocabulary import labels

# The answer "leave it out".
LEAVE_OUT = ""
COLUMN = "column"

Choices = Mapping[str, str]


def _vocabulary(kind: str) -> Callable[[], Choices]:
    return lambda: labels(kind)


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that words can be about: what staff read, and what they choose from (key to label)."""

    label: str
    choices: Callable[[], Choices]


# Columns are chosen from the columns of their own importer; everything else from these.
SUBJECTS: dict[str, Subject] = {
    COLUMN: Subject("Columns", dict),
    "need": Subject("Needs", _vocabulary("need")),
    "category": Subject("Kinds of help", _vocabulary("category")),
    **{kind.value: Subject(str(kind.label), _vocabulary(kind.value)) for kind in TermKind},
    "school_type": Subject("Types of school", lambda: {name: name for name in TYPE_NAMES}),
    "provider_type": Subject("Kinds of provider", lambda: dict(ProviderType.choices)),
    "section": Subject("Parts of the offer", lambda: dict(SectionKey.choices)),
    "level": Subject("Levels", lambda: dict(Level.choices)),
    "scope": Subject("How far it reaches", lambda: dict(Scope.choices)),
    "cost": Subject("Costs", lambda: dict(CostKind.choices)),
    "when": Subject("Parts of the year", lambda: dict(SessionWhen.choices)),
}


def fold(word: str) -> str:
    """Words that differ in case and space alone are one."""
    return cells.tidy(word).casefold()


@dataclass(slots=True)
class Meanings:
    """`chosen`: subject to folded word to key, or to LEAVE_OUT."""

    chosen: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    _known: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, subject: str, word: str) -> str | None:
        """The key that a word stands for: one of ours by key or label, else as staff said.

        LEAVE_OUT when they said to leave it out; None when nobody knows.
        """
        folded = fold(word)
        own = self.known(subject).get(folded)
        return own if own is not None else self.chosen.get(subject, {}).get(folded)

    def said(self, subject: str, word: str) -> str | None:
        """What staff said of a word, and nothing else."""
        return self.chosen.get(subject, {}).get(fold(word))

    def known(self, subject: str) -> dict[str, str]:
        """Folded key and label of each of our words to its key; a key wins over a label."""
        if subject not in self._known:
            choices = labels_of(subject)
            found = {fold(label): key for key, label in choices.items()}
            self._known[subject] = found | {fold(key): key for key in choices}
        return self._known[subject]


def labels_of(subject: str) -> Choices:
    """Our words of a subject, retired ones too: an old file may still use them."""
    is_vocabulary = subject in ("need", "category", *TermKind.values)
    return labels(subject, retired=True) if is_vocabulary else SUBJECTS[subject].choices()


def folded(chosen: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Answers as `Meanings` takes them; KeyError for a subject that there is not."""
    unknown = sorted(set(chosen) - set(SUBJECTS))
    if unknown:
        raise KeyError(f"There is no subject {unknown[0]}.")
    return {subject: {fold(word): key for word, key in words.items()} for subject, words in chosen.items()}


def split_list(cell: str, separators: str = ";") -> Iterable[str]:
    """The words of a cell that holds several."""
    for separator in separators[1:]:
        cell = cell.replace(separator, separators[0])
    return [word for part in cell.split(separators[0]) if (word := cells.tidy(part))]
