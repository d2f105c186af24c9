"""What makes a text hard to use, found before families find it. Pure.

Findings are advice to an editor: none of them stops a page from being published.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from localoffer.glossary import Glossary
from localoffer.markup import Kind, Piece, pieces, text_of
from localoffer.readability import sentences, words

MOST_WORDS = 25
# An answer with fewer words than this, and a document, says nothing by itself.
FEWEST_WORDS_OF_AN_ANSWER = 40
QUOTED = 160

# Everybody knows these better by their letters.
EVERYDAY = frozenset({"AM", "BBC", "DVD", "EU", "GP", "HTML", "ID", "IT", "MP", "NHS", "OK", "PC", "PDF"})
EVERYDAY |= {"PM", "QR", "SMS", "TV", "UK", "URL", "US", "USB", "VAT", "II", "III", "IV", "VII"}
VAGUE = frozenset(
    {"click", "click here", "details", "download", "find out more", "follow this link", "here", "info"}
    | {"information", "learn more", "link", "more", "more details", "more information", "please click here"}
    | {"read more", "read on", "see here", "see more", "this", "this link", "this page", "this website"}
    | {"view", "visit", "website"}
)

_CAPITALS = re.compile(r"(?<![\w\-/@.&#])([A-Z]{2,})(?:s|['’]s)?(?![\w\-@])(?!\.\w)")


class Check(StrEnum):
    """What is looked for."""

    ACRONYM = "acronym"
    LINK_WORDS = "link_words"
    DOCUMENT_ONLY = "document_only"
    LONG_SENTENCE = "long_sentence"
    NO_REVIEW_DATE = "no_review_date"


CHECK_WORDS = {
    Check.ACRONYM: "Letters that nobody explains",
    Check.LINK_WORDS: "A link that does not say where it goes",
    Check.DOCUMENT_ONLY: "Only a document, and no words",
    Check.LONG_SENTENCE: f"A sentence of more than {MOST_WORDS} words",
    Check.NO_REVIEW_DATE: "No date to look at it again",
}
ADVICE = {
    Check.ACRONYM: "Write it in full once, or add it to the glossary.",
    Check.LINK_WORDS: "Name the page or the thing that the link opens.",
    Check.DOCUMENT_ONLY: "Say the main points here. Keep the document for those who want more.",
    Check.LONG_SENTENCE: "Cut it in two.",
    Check.NO_REVIEW_DATE: "Say when somebody will look at it again.",
}


@dataclass(frozen=True, slots=True)
class Matter:
    """Something to read: a field or an answer. `documents` are addresses that stand beside the words.

    `review_by` counts only where it `wants_review`.
    """

    where: str
    html: str
    documents: tuple[str, ...] = ()
    wants_review: bool = False
    review_by: date | None = None
    is_answer: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend: what, in which part of the page, and the words it is about."""

    check: Check
    where: str
    quote: str

    @property
    def words(self) -> str:
        return CHECK_WORDS[self.check]

    @property
    def advice(self) -> str:
        return ADVICE[self.check]


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a text: its words, its address as written, and whether it opens one of our documents."""

    words: str
    href: str
    is_document: bool = False


def check(matters: Sequence[Matter], glossary: Glossary) -> list[Finding]:
    """Everything found in a page, part by part; each unexplained set of letters once."""
    texts = [text_of(matter.html) for matter in matters]
    spelled_out = {letters for text in texts for letters in explained_in(text)}
    found, told = [], set(spelled_out)
    for matter, text in zip(matters, texts, strict=True):
        for letters in unexplained(text, glossary):
            if letters not in told:
                told.add(letters)
                found.append(Finding(Check.ACRONYM, matter.where, letters))
        links = list(links_of(matter.html))
        found += [
            Finding(Check.LINK_WORDS, matter.where, link.words or link.href or "a link with no words")
            for link in links
            if is_vague(link.words)
        ]
        found += [Finding(Check.LONG_SENTENCE, matter.where, short(s)) for s in long_sentences(text)]
        if matter.is_answer and is_document_only(text, links, matter.documents):
            found.append(Finding(Check.DOCUMENT_ONLY, matter.where, short(text)))
        if matter.wants_review and matter.review_by is None:
            found.append(Finding(Check.NO_REVIEW_DATE, matter.where, ""))
    return found


def unexplained(text: str, glossary: Glossary) -> list[str]:
    """Words all in capitals that are neither everyday words nor in the glossary, each once."""
    found = _CAPITALS.findall(glossary.without_known(text))
    return [letters for letters in dict.fromkeys(found) if letters not in EVERYDAY]


def explained_in(text: str) -> set[str]:
    """Letters that the text itself explains: "… care plan (EHCP)" or "EHCP (education, …)"."""
    after = re.findall(r"(?<![^\W\d_])[^\W\d_]{2,} \(([A-Z]{2,})s?\)", text)
    before = re.findall(r"(?<![\w-])([A-Z]{2,})s? \((?=[^\W_]+[ ,-])", text)
    return {*after, *before}


def links_of(html: str) -> Iterator[Link]:
    """Every link, with the words between its tags."""
    opened: Piece | None = None
    said: list[str] = []
    for piece in pieces(html):
        is_link = piece.name == "a" and piece.kind in (Kind.OPEN, Kind.CLOSE)
        if is_link and opened is not None:
            yield _link(opened, said)
            opened = None
        if is_link and piece.kind is Kind.OPEN:
            opened, said = piece, []
        elif opened is not None:
            said.append(piece.raw)
    if opened is not None:
        yield _link(opened, said)


def _link(opened: Piece, said: Iterable[str]) -> Link:
    text = " ".join(text_of("".join(said)).split())
    return Link(text, opened.attribute("href"), opened.attribute("linktype") == "document")


def is_vague(link_words: str) -> bool:
    """Whether the words of a link say nothing where the link stands alone (WCAG 2.2, 2.4.9)."""
    bare = " ".join(words(link_words.casefold()))
    return bare in VAGUE or not bare or bare.startswith("click here")


def long_sentences(text: str) -> list[str]:
    """Sentences of more than 25 words, the longest first."""
    counted = [(len(words(sentence)), sentence) for sentence in sentences(text)]
    return [s for n, s in sorted(counted, key=lambda pair: -pair[0]) if n > MOST_WORDS]


def is_document_only(text: str, links: Iterable[Link], documents: Iterable[str]) -> bool:
    """Whether an answer leaves all it has to say to a PDF."""
    if len(words(text)) >= FEWEST_WORDS_OF_AN_ANSWER:
        return False
    addresses = [*documents, *(link.href for link in links)]
    return any(is_pdf(address) for address in addresses) or any(link.is_document for link in links)


def is_pdf(address: str) -> bool:
    return address.split("?")[0].split("#")[0].lower().endswith(".pdf")


def short(text: str) -> str:
    """Enough of it to find it again."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else f"{line[: QUOTED - 1].rsplit(' ', 1)[0]} …"
