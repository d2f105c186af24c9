"""Our vocabularies as the standard's taxonomies and terms.

Kinds of help have two levels: a part of the offer, and the kinds within it. Ids are derived from
our keys, so a term of the DfE's needs has the same id wherever this product runs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from localoffer import versions
from services.enums import CostKind, Level, ProviderType, Scope, SectionKey, TermKind
from services.models import Category, ConditionTag, Need, VocabularyTerm
from services.oruk.identifiers import derived

HELP, NEED, CONDITION = "help", "need", "condition"
LEVEL, SCOPE, PROVIDER, COST = "level", "scope", "provider_type", "cost"


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A list of terms. `key` is ours and goes into its id."""

    key: str
    name: str
    description: str

    @property
    def id(self) -> str:
        return derived("taxonomy", self.key)


TAXONOMIES = {
    row.key: row
    for row in (
        Taxonomy(HELP, "Kinds of help", "Parts of the local offer, and the kinds of help in each."),
        Taxonomy(NEED, "Needs", "The Department for Education's types of special educational need (SEN2)."),
        Taxonomy(CONDITION, "Conditions", "Names of conditions that families use."),
        Taxonomy(LEVEL, "Level of help", "How specialised the help is: universal, targeted, specialist."),
        Taxonomy(SCOPE, "Reach", "How far a service reaches."),
        Taxonomy(PROVIDER, "Kinds of provider", "Who runs it."),
        Taxonomy(COST, "Kinds of cost", "What it costs. A cost that nobody stated is not free."),
        *(Taxonomy(kind.value, str(kind.label), f"{kind.label}, as families read it.") for kind in TermKind),
    )
}


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a taxonomy. `key` is ours; `parent` is the key of a term of the same taxonomy."""

    taxonomy: str
    key: str
    name: str
    description: str
    parent: str = ""

    @property
    def id(self) -> str:
        return derived("taxonomy", self.taxonomy, self.key)

    def body(self) -> dict[str, str]:
        """As the standard writes it, with HSDS's `code`."""
        taxonomy = TAXONOMIES[self.taxonomy]
        body = {
            "id": self.id,
            "code": self.key,
            "name": self.name,
            "description": self.description,
            "taxonomy": taxonomy.name,
            "taxonomy_id": taxonomy.id,
        }
        return body | ({"parent_id": derived("taxonomy", self.taxonomy, self.parent)} if self.parent else {})


class Terms:
    """Every term but conditions, by taxonomy and key and by id."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.all = list(terms)
        self._by_key = {(term.taxonomy, term.key): term for term in self.all}
        self.by_id = {term.id: term for term in self.all}

    def named(self, taxonomy: str, keys: Iterable[str]) -> list[Term]:
        """The terms of these keys; a key that is not known is left out."""
        return [term for key in keys if (term := self._by_key.get((taxonomy, key)))]

    @classmethod
    def current(cls) -> "Terms":
        """What is in the vocabularies now, remembered as their labels are."""
        return cls(versions.remember("oruk:terms", lambda: list(_read()), of=[versions.WORDS]))


def condition(tag: ConditionTag) -> Term:
    return Term(CONDITION, tag.slug, tag.name, tag.name)


def _read() -> Iterator[Term]:
    for taxonomy, choices in ((LEVEL, Level), (SCOPE, Scope), (PROVIDER, ProviderType), (COST, CostKind)):
        yield from (Term(taxonomy, key, str(label), str(label)) for key, label in choices.choices)
    for key, label in SectionKey.choices:
        yield Term(HELP, key, str(label), str(label))
    for kind in Category.objects.all():
        yield Term(HELP, kind.key, kind.label, kind.hint or kind.label, kind.section)
    for need in Need.objects.all():
        yield Term(NEED, need.key, need.label, need.dfe_label or need.hint or need.label)
    for word in VocabularyTerm.objects.all():
        yield Term(word.kind, word.key, word.label, word.hint or word.label)
