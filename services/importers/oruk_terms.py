"""What the terms of a feed mean in our vocabularies.

Our own ids are the same everywhere. Other feeds' terms are matched by key, by label or by what
people elsewhere call the same thing; after that by what staff said of them; else they are told.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from services.enums import TermKind
from services.importers.base import Facts
from services.importers.meanings import LEAVE_OUT, Meanings, fold
from services.oruk import taxonomies
from services.oruk.taxonomies import TAXONOMIES, Terms

# Where an attribute's subject goes: the field of a service.
_LISTS = {
    "need": "needs",
    "category": "categories",
    TermKind.SEN_STATUS: "sen_status",
    TermKind.CIRCUMSTANCE: "circumstances",
    TermKind.ACCESS_ROUTE: "access_routes",
    TermKind.DELIVERY: "delivery",
    TermKind.LANGUAGE: "languages",
}
_SINGLE = ("section", "level", "scope")
_SUBJECTS = (*_SINGLE, *map(str, _LISTS))
_BY_NAME = {fold(row.name): row.key for row in TAXONOMIES.values()}

# What other directories call our needs and kinds of help.
_SYNONYMS = {
    "need": {
        "ASD": "autism; autistic spectrum disorder; autism spectrum disorder; autistic spectrum condition; "
        "asc; aspergers; asperger syndrome; autistic",
        "SLCN": "speech and language; speech, language and communication; speech and language difficulties; "
        "communication difficulties; speech language and communication needs",
        "SEMH": "mental health; emotional wellbeing; social emotional and mental health; anxiety; adhd; "
        "attention deficit hyperactivity disorder; behavioural difficulties",
        "SPLD": "dyslexia; dyspraxia; dyscalculia; specific learning difficulties; "
        "specific learning difficulty",
        "MLD": "moderate learning difficulties; learning difficulties; learning disability; "
        "learning disabilities",
        "SLD": "severe learning difficulties; severe learning disability",
        "PMLD": "profound and multiple learning difficulties; profound and multiple learning disability",
        "PD": "physical disability; physical disabilities; physical impairment; cerebral palsy; mobility",
        "HI": "hearing impairment; deaf; deafness; hearing loss; hard of hearing",
        "VI": "vision impairment; visual impairment; blind; sight loss; partially sighted",
        "MSI": "multi-sensory impairment; deafblind; multi sensory impairment; dual sensory loss",
    },
    "category": {
        "short_breaks": "short break; respite; respite care; short breaks and respite",
        "childcare": "childminders; childminder; out of school club; holiday club; after school club; "
        "breakfast club",
        "early_years_setting": "nursery; nurseries; pre-school; preschool; day nursery",
        "special_school": "special schools; special educational needs schools",
        "leisure_and_play": "leisure; leisure activities; sport; sports; play; youth club; youth clubs",
        "speech_and_language_therapy": "salt; speech therapy; speech and language therapist",
        "occupational_therapy": "ot; occupational therapist",
        "physiotherapy": "physio; physiotherapist",
        "mental_health": "camhs; counselling; mental health services",
        "information_advice_support": "sendiass; advice and guidance; information and advice; advocacy",
        "young_carers": "young carer; young carers support",
        "direct_payments": "personal budgets; direct payment; personal budget",
        "school_transport": "home to school transport; transport to school",
        "travel_training": "independent travel training",
        "employment_support": "supported employment; employment; help to find work",
        "independent_living": "supported living; independent living skills",
        "early_help": "family support; parenting support; family hub; family hubs",
    },
}  # fmt: skip
_KNOWN_AS = {
    subject: {word.strip(): key for key, words in table.items() for word in words.split(";") if word.strip()}
    for subject, table in _SYNONYMS.items()
}

Tell = Callable[[str, str], None]


@dataclass(slots=True)
class Sorted:
    """The terms of one thing by the field they belong to; `conditions` are names."""

    facts: Facts = field(default_factory=dict)

    def add(self, name: str, key: str) -> None:
        held = self.facts.setdefault(name, [])
        if key not in held:
            held.append(key)


@dataclass(frozen=True, slots=True)
class TermReader:
    """`tell` hears (subject, word) of each term that nobody knows."""

    meanings: Meanings
    ours: Terms
    sections: dict[str, str]

    def of_service(self, attributes: Any, tell: Tell) -> Facts:
        """Fields of a service that its attributes speak of."""
        found = Sorted()
        for term in terms_of(attributes):
            subject, key = self._meaning(term)
            if subject in _SINGLE and key:
                found.facts.setdefault(subject, key)
            elif subject in _LISTS and key:
                found.add(_LISTS[subject], key)
            elif subject == taxonomies.CONDITION and key:
                found.add("conditions", key)
            elif not subject:
                tell("category", term["name"])
        for category in found.facts.get("categories", ()):
            if category in self.sections:
                found.facts.setdefault("section", self.sections[category])
        return found.facts

    def keys(self, attributes: Any, kind: str) -> list[str]:
        """Keys of one of our small vocabularies among the attributes of a place or provider."""
        found = (self._meaning(term, (kind,)) for term in terms_of(attributes))
        return list(dict.fromkeys(key for subject, key in found if subject == kind and key))

    def _meaning(self, term: dict[str, str], subjects: tuple[str, ...] = _SUBJECTS) -> tuple[str, str]:
        """(subject, key); an empty key when staff said to leave it out, no subject when nobody knows."""
        own = self.ours.by_id.get(term["id"])
        if own is not None:
            return _subject(own.taxonomy, bool(own.parent)), own.key
        taxonomy = _BY_NAME.get(fold(term["taxonomy"]), "")
        if taxonomy == taxonomies.CONDITION:
            return taxonomy, term["name"][:100]
        if taxonomy and taxonomy != taxonomies.HELP:
            subjects = (taxonomy,) if taxonomy in subjects else ()
        for subject in subjects:
            for word in filter(None, (term["code"], term["name"])):
                key = self.meanings.known(subject).get(fold(word)) or _KNOWN_AS.get(subject, {}).get(
                    fold(word)
                )
                if key:
                    return subject, key
        for subject in subjects:
            said = self.meanings.said(subject, term["name"])
            if said is not None:
                return subject, said or LEAVE_OUT
        return "", ""


def _subject(taxonomy: str, has_parent: bool) -> str:
    """Our taxonomy of kinds of help holds two subjects."""
    if taxonomy == taxonomies.HELP:
        return "category" if has_parent else "section"
    return taxonomy


def terms_of(attributes: Any) -> Iterator[dict[str, str]]:
    """The named terms of `attributes`, their texts tidy; whatever is not of that shape is passed over."""
    for attribute in attributes if isinstance(attributes, list) else ():
        term = attribute.get("taxonomy_term") if isinstance(attribute, dict) else None
        if isinstance(term, dict):
            names = ("id", "code", "name", "taxonomy")
            plain = {
                name: str(term[name])[:200] if isinstance(term.get(name), str | int) else "" for name in names
            }
            if plain["name"]:
                yield plain
