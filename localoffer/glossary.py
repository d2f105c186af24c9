"""Explains a word the first time a page uses it, inside the sentence and for good. Pure.

No tooltip: the meaning stands in brackets after the word, so that it is there for a keyboard, a
finger, a screen reader and a printer alike (WCAG 2.2, 3.1.3 and 3.1.4). To keep a page calm only
abbreviations are explained, terms with an expansion, and what staff have marked.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape

from localoffer.markup import Kind, pieces

# Inside these nothing is explained: a name, a control, or a word explained already.
LEFT_ALONE = frozenset(
    {"a", "abbr", "button", "caption", "code", "dfn", "h1", "h2", "h3", "h4", "h5", "h6", "kbd", "label"}
    | {"legend", "option", "pre", "samp", "select", "summary", "th", "var"}
)
EXPLAINED_HERE = ("dfn", "abbr")
MEANING = '<span class="term__meaning">'
# How far from a word we look for its long form: "… needs co-ordinator, or SENCO".
NEARBY = 200
SMALL_WORDS = frozenset({"and", "or", "of", "for", "in", "on", "at", "the", "a", "an", "to", "other"})

_ACRONYM = re.compile(r"[A-Z][a-z]{0,2}(?:[a-z]?[A-Z]){1,}[a-z]{0,2}\Z")
_APOSTROPHE = "(?:'|’|&#x27;|&#39;|&rsquo;|&apos;)"
_AS_HTML = {"'": _APOSTROPHE, "&": "(?:&amp;|&)", "<": "&lt;", ">": "(?:&gt;|>)", '"': '(?:"|&quot;|&#34;)'}
# "SEND Advice" is what a service is called.
_PART_OF_A_NAME = re.compile(r"\s+[A-Z][a-z]")
_POSSESSIVE = re.compile(r"['’]s\Z")


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a glossary. `also` are other ways to write it; `inline` marks it to be explained."""

    term: str
    meaning: str
    expansion: str = ""
    also: tuple[str, ...] = ()
    inline: bool = False


def is_acronym(word: str) -> bool:
    """Whether it is one word with capitals inside: "EHCP", "PfA", "SpLD", not "Portage"."""
    return bool(_ACRONYM.match(word))


def first_sentence(text: str) -> str:
    """Up to the first full stop, without it."""
    return re.split(r"(?<=[.!?])\s+(?=[A-Z])", text.strip(), maxsplit=1)[0].rstrip(".")


def inside_a_sentence(words: str) -> str:
    """With a small first letter, unless it begins with a name: several capitals are one."""
    first, *rest = words.split() or [""]
    is_name = is_acronym(first) or any(word[0].isupper() for word in rest)
    return words if is_name else words[:1].lower() + words[1:]


def stands_for(acronym: str, expansion: str) -> bool:
    """Whether its letters are the first ones of the words: SLT, SALT, but not SEN for four words."""
    initials = [(word[0].upper(), word.lower() in SMALL_WORDS) for word in re.findall(r"[^\W_]+", expansion)]
    letters = [letter.upper() for letter in acronym]
    for initial, may_be_left_out in initials:
        if letters and letters[0] == initial:
            letters.pop(0)
        elif not may_be_left_out:
            return False
    return not letters


def _forms(term: Term) -> Iterator[tuple[str, str]]:
    """(a way to write it, its explanation); no explanation where it is not explained in a sentence."""
    meaning = first_sentence(term.meaning)
    short = meaning[:1].lower() + meaning[1:] if not is_acronym(meaning.split(" ")[0]) else meaning
    full = f"{inside_a_sentence(term.expansion)}: {short}"
    if term.expansion:
        yield term.term, full
    else:
        yield term.term, short if term.inline or is_acronym(term.term) else ""
    for form in term.also:
        if is_acronym(form):
            of_its_own = short if term.expansion else f"{inside_a_sentence(term.term)}: {short}"
            yield form, full if term.expansion and stands_for(form, term.expansion) else of_its_own
        else:
            has_acronym = any(is_acronym(word) for word in form.split())
            yield form, full if term.expansion and has_acronym else ""


# Letters that are the same to a search and not to a dictionary, such as the Turkish dotless i.
NO_TERM = (Term("", ""), "")


class Glossary:
    """The words of one authority, ready to find. Build it with `glossary_of`."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._known: dict[str, tuple[Term, str]] = {}
        for term in terms:
            for form, explanation in _forms(term):
                if form.strip():
                    self._known.setdefault(_key(form), (term, explanation))
        explained = [key for key, (_, explanation) in self._known.items() if explanation]
        forms = [form for term in terms for form, _ in _forms(term) if form.strip()]
        # A longer name takes its words with it: "SEN support" explains nothing, nor does its SEN.
        wanted = {f for f in forms if _key(f) in explained or any(is_acronym(w) for w in f.split())}
        found = "|".join(_pattern(form) for form in sorted(wanted, key=lambda f: (-len(f), f)))
        self._pattern = (
            re.compile(rf"(?<![\w\-/@.&#])(?:{found})(?:s|{_APOSTROPHE}s)?(?![\w\-@])") if found else None
        )

    def explain(self, html: str, explained: set[str]) -> str:
        """The same HTML with what each word means after its first use.

        `explained` are the terms that the page has explained already; those explained here are added.
        Only text is touched, and what is inserted is escaped: hostile HTML comes out as it went in.
        """
        if self._pattern is None:
            return html
        made: list[str] = []
        inside: Counter[str] = Counter()
        in_meaning, before = False, ""
        for piece in pieces(html):
            made.append(piece.raw)
            if piece.kind is Kind.TEXT:
                if in_meaning:
                    continue
                if any(inside[name] for name in EXPLAINED_HERE):
                    self._note(piece.raw, explained)
                elif not any(inside.values()):
                    made[-1] = self._explain_text(piece.raw, before, explained)
                before = (before + piece.raw)[-NEARBY:]
            elif piece.raw == MEANING:
                in_meaning = True
            elif piece.kind is Kind.CLOSE:
                in_meaning = in_meaning and piece.name != "span"
                inside[piece.name] = max(0, inside[piece.name] - 1)
            elif piece.kind is Kind.OPEN and piece.name in LEFT_ALONE:
                inside[piece.name] += 1
        return "".join(made)

    def _explain_text(self, text: str, before: str, explained: set[str]) -> str:
        def replace(match: re.Match[str]) -> str:
            term, explanation = self._of(match[0])
            if not explanation or term.term in explained or _PART_OF_A_NAME.match(text, match.end()):
                return match[0]
            explained.add(term.term)
            if _is_spelled_out(term, before + text[: match.start()], text[match.end() :]):
                return match[0]
            return f'<span class="term"><dfn>{match[0]}</dfn> {MEANING}({escape(explanation)})</span></span>'

        return self._pattern.sub(replace, text) if self._pattern else text

    def _note(self, text: str, explained: set[str]) -> None:
        """What an author has explained himself."""
        if self._pattern:
            explained.update(self._of(match[0])[0].term for match in self._pattern.finditer(text))

    def _of(self, written: str) -> tuple[Term, str]:
        """The term that some matched words are, with or without the s of many or of owning."""
        key = _key(unescape(written))
        bare = _POSSESSIVE.sub("", key)
        return next(self._known[form] for form in (key, bare, bare.removesuffix("s")) if form in self._known)

    def without_known(self, text: str) -> str:
        """A plain text without the words that this glossary knows."""
        return self._pattern.sub(" ", text) if self._pattern else text


def _key(form: str) -> str:
    return " ".join(form.replace("’", "'").split()).casefold()


def _pattern(form: str) -> str:
    """An abbreviation as it is written; other words in small letters or capitals."""
    words = form.replace("’", "'").split()
    as_written = len(words) == 1 and not words[0].isalpha()
    return r"\s+".join(
        _letters(word) if is_acronym(word) or as_written else f"(?i:{_letters(word)})" for word in words
    )


def _letters(word: str) -> str:
    """Each character, in every way that HTML may write it."""
    return "".join(_AS_HTML.get(character) or re.escape(character) for character in word)


def _is_spelled_out(term: Term, before: str, after: str) -> bool:
    """Whether the text itself has just said it, or says it next in brackets."""
    if not term.expansion:
        return False
    long_form = term.expansion.casefold()
    follows = after.lstrip()[:1] == "(" and long_form in unescape(after[:NEARBY]).casefold()
    return follows or long_form in unescape(before[-NEARBY:]).casefold()


@lru_cache(maxsize=64)
def glossary_of(terms: tuple[Term, ...]) -> Glossary:
    """The glossary of these terms, made once a process for each authority."""
    return Glossary(terms)
