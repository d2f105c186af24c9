"""A search in words: its heading, its chips, its facets, its notes, and the ways back from nothing."""

from collections.abc import Mapping, Sequence
from itertools import product

from localoffer import addresses
from search.engines.base import DEEPEST, FILTERS, PAGE, Answer, Order
from search.facets import FACETS, Option
from search.request import DISTANCES, GUIDES, SearchRequest
from search.results import Chip, Distance, Facet, FacetValue, Field, Guide, Guides, Meant, SortLink, WayBack
from search.spelling import MOST_MEANINGS
from search.words import is_latin, put_right
from services.postcode_table import caution
from services.postcodes import Place

Offered = Mapping[str, Sequence[Option]]

LONGEST_HEADING = 80
SORTS = (
    (Order.RELEVANCE, "Best match"),
    (Order.DISTANCE, "Nearest"),
    (Order.CHECKED, "Latest check"),
    (Order.NAME, "A to Z"),
)
FIELDS = {
    "q": "What do you need?",
    "age": "Your child’s age",
    "postcode": "Postcode",
    "within": "How far can you go?",
}


def address(asked: SearchRequest) -> str:
    query = asked.to_query()
    url = addresses.of("search:results")
    return f"{url}?{query}" if query else url


def services(count: int) -> str:
    return f"{count:,} service{'' if count == 1 else 's'}"


def heading(asked: SearchRequest, total: int) -> str:
    """ "32 services for autism, age 7, within 5 miles of BS5", "3 guides for autism"."""
    if asked.kind == PAGE:
        return f"{_guides(total)} for {shortened(asked.q)}" if asked.q else _guides(total)
    about = [
        f"for {shortened(asked.q)}" if asked.q else "",
        f"age {asked.age}" if asked.age is not None else "",
        f"{near(asked)}" if asked.place else "",
    ]
    start = services(total) if total else "No services"
    parts = [part for part in about if part]
    if parts and not asked.q:
        parts[0] = f"for {parts[0]}" if asked.age is not None else parts[0]
    return f"{start} {', '.join(parts)}" if parts else f"{start} to choose from" if total else start


def _guides(count: int) -> str:
    return f"{count:,} guide{'' if count == 1 else 's'}" if count else "No guides"


def near(asked: SearchRequest) -> str:
    """ "within 5 miles of BS5", or "near BS5" with no distance."""
    label = asked.place.label if asked.place else ""
    return f"within {miles(asked.distance)} of {label}" if asked.distance else f"near {label}"


def miles(distance: float) -> str:
    return f"{distance:g} mile{'' if distance == 1 else 's'}"


def shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_HEADING else text[:LONGEST_HEADING].rsplit(" ", 1)[0] + " …"


def chips(asked: SearchRequest, offered: Offered) -> list[Chip]:
    """Each filter as a link to the search without it."""
    found = []
    if asked.age is not None:
        found.append(Chip(f"Age {asked.age}", address(asked.without("age"))))
    if asked.place:
        words = near(asked)
        found.append(Chip(words[0].upper() + words[1:], address(asked.without("postcode"))))
    for facet in FACETS:
        words = labels(offered, facet.key)
        found += [
            Chip(f"{facet.label}: {_inside(words[value])}", address(asked.without(facet.key, value)))
            for value in asked.filters.get(facet.key, ())
        ]
    return found


def _inside(label: str) -> str:
    """A label in the middle of a line: "Free" as "free", but "EHC plan" as it is."""
    return label if label[1:2].isupper() or not label[1:2].isalpha() else label[0].lower() + label[1:]


def labels(offered: Offered, facet: str) -> dict[str, str]:
    return {option.value: option.label for option in offered.get(facet, ())}


def facets(asked: SearchRequest, offered: Offered, counts: Mapping[str, Mapping[str, int]]) -> list[Facet]:
    """The facets with something to choose. What would find nothing is hidden, unless it is chosen."""
    found = []
    for facet in FACETS:
        chosen = asked.filters.get(facet.key, ())
        values = _values(offered[facet.key], chosen, counts.get(facet.key, {}))
        if values:
            is_open = bool(chosen) or facet.is_open
            found.append(Facet(facet.key, facet.label, values, len(chosen), is_open))
    return found


def _values(options: Sequence[Option], chosen: Sequence[str], counts: Mapping[str, int]) -> list[FacetValue]:
    shown = [option for option in options if counts.get(option.value) or option.value in chosen]
    return [
        FacetValue(
            key=option.value,
            label=option.label,
            count=f"{counts.get(option.value, 0):,}",
            chosen=option.value in chosen,
            group=option.group,
        )
        for option in shown
    ]


def sorts(asked: SearchRequest, place: Place | None, order_now: Order) -> list[SortLink]:
    """The orders that make sense for this search. `place`: where it looks, by postcode or by its words."""
    possible = {Order.RELEVANCE: bool(asked.q), Order.DISTANCE: place is not None}
    return [
        SortLink(label, address(asked.with_(sort=order)), order == order_now)
        for order, label in SORTS
        if possible.get(order, True)
    ]


def distances(asked: SearchRequest) -> list[Distance]:
    """The usual ones, and the one that was asked for."""
    usual = sorted({*DISTANCES, *([asked.within] if asked.within else [])})
    options = [Distance(f"{each:g}", miles(each), each == asked.within) for each in usual]
    return [Distance("", "Any distance", asked.within is None), *options]


def form_fields(asked: SearchRequest) -> dict[str, Field]:
    return {name: Field(name, asked.shown(name), asked.problems.get(name, "")) for name in FIELDS}


def problems(asked: SearchRequest) -> list[tuple[str, str]]:
    """(what it is about, what to do), in the order of the form."""
    names = {**FIELDS, **{facet.key: facet.label for facet in FACETS}}
    return [(label, asked.problems[name]) for name, label in names.items() if name in asked.problems]


def meant(asked: SearchRequest, corrected: Mapping[str, Sequence[str]]) -> Meant | None:
    """The search with every misspelt word put right, each way to do so a link; None where none is."""
    ways = [dict(zip(corrected, words, strict=True)) for words in product(*corrected.values())]
    rights = [put_right(asked.q, way) for way in ways[:MOST_MEANINGS]]
    if not corrected or asked.q in rights:
        return None
    return Meant(either(list(corrected)), [(right, address(asked.with_(q=right))) for right in rights])


def guides(asked: SearchRequest, answer: Answer, found: Sequence[Guide], best: Sequence[Guide]) -> Guides:
    """Guides among the services: above them when a title holds what was asked and staff put nothing
    there already. What staff put first is not told twice."""
    first = {guide.url for guide in best}
    found = [guide for guide in found if guide.url not in first]
    if not found:
        return Guides()
    all_url = address(SearchRequest(q=asked.q, show=GUIDES, saved=asked.saved))
    above = not best and any("<mark>" in guide.title for guide in found)
    return Guides(found, answer.beside_total, all_url, above)


def notes(answer: Answer, corrected: Mapping[str, Sequence[str]]) -> list[str]:
    """How we searched, where that is not what was typed."""
    unknown = [typed for typed in answer.unknown if typed not in corrected]
    if unknown and answer.total:
        return [f"No service mentions {either(unknown)}."]
    if answer.partly and answer.total:
        return ["Few services match all of your words, so some match only part. The best are first."]
    return []


def near_notes(place: Place | None) -> list[str]:
    """That a word was taken for a place."""
    return [f"We looked near {place.label}. Enter a postcode to look near another place."] if place else []


def age_notes(age: int | None) -> list[str]:
    """That a number was taken for an age."""
    told = f"We put what is for age {age} higher up. To see nothing else, enter the age as a filter."
    return [] if age is None else [told]


def either(words: Sequence[str]) -> str:
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def after(asked: SearchRequest, answer: Answer) -> list[str]:
    """What to know at the end of the list."""
    found = []
    if asked.distance and answer.placeless:
        found.append("Services with no fixed place are always shown, whatever distance you choose.")
    if asked.place and not asked.place.precise:
        middle = f"We measure from the middle of {asked.place.label.split(' ')[0]}, as the crow flies."
        found.append(caution(asked.place) or middle)
    if answer.total > DEEPEST:
        found.append(f"We list the first {DEEPEST:,}. Add a filter to see the others.")
    return found


def lead(asked: SearchRequest, answer: Answer) -> str:
    """What stands under "No services"."""
    if asked.q and not is_latin(asked.q):
        return "We can only look for English words. Try one, such as autism, or ask a person."
    if not asked.chosen:
        return "We do not list anything like this yet."
    if answer.without.get(FILTERS):
        return "We do list some for these words, but none matches all of your filters. Here are ways back."
    if any(answer.without.values()):
        return "Nothing matches everything you chose. Here are ways back."
    return "We do not list anything like this yet."


def ways_back(asked: SearchRequest, offered: Offered, answer: Answer) -> list[WayBack]:
    """Each one change that gives results, and how many. Where none but to give up the words does, all
    filters may go and the words stay."""
    found = [
        WayBack(f"Remove {removed}", services(answer.without[part]), address(asked.without(name)))
        for part, name, removed in _removable(asked, offered)
        if answer.without.get(part)
    ]
    wider = next(((distance, count) for distance, count in answer.wider if count), None)
    if wider and wider[1]:
        url = address(asked.with_(within=wider[0]))
        found.append(WayBack(f"Look up to {miles(wider[0])} away", services(wider[1]), url))
    kept = any(answer.without.get(part) for part, name, _ in _removable(asked, offered) if name != "q")
    if not kept and not (wider and wider[1]) and answer.without.get(FILTERS):
        url = address(SearchRequest(q=asked.q))
        found.insert(
            0, WayBack("Remove all filters and keep the words", services(answer.without[FILTERS]), url)
        )
    return found


def _removable(asked: SearchRequest, offered: Offered) -> list[tuple[str, str, str]]:
    """(part of the answer, field of the request, what it is called) of each filter."""
    found = []
    if asked.age is not None:
        found.append(("age", "age", f"“age {asked.age}”"))
    if asked.distance:
        found.append(("within", "within", f"“{near(asked)}”"))
    for facet in FACETS:
        chosen = asked.filters.get(facet.key, ())
        words = labels(offered, facet.key)
        listed = " or ".join(_inside(words[value]) for value in chosen)
        if listed:
            found.append((facet.key, facet.key, f"“{_inside(facet.label)}: {listed}”"))
    if asked.q and asked.chosen:
        found.append(("words", "q", f"the words “{shortened(asked.q)}”"))
    return found
