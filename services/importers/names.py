"""What the organisations and places are called that a dry run names: an id says nothing to an officer."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from wagtail.models import Site

from services.importers.facts import AT, LOCATION, ORGANISATION, ROWS, Kind, held_ids
from services.models import ImportKind

if TYPE_CHECKING:
    from services.importers.planning import Planned

Differing = dict[str, tuple[Any, Any]]
# Facts that name a thing by its id.
_LINKS = {"organisation": ORGANISATION, "locations": LOCATION, **dict.fromkeys(ROWS, LOCATION)}
HERE = "#"
NAMELESS = "a place without a name"


class Names:
    """Ids of what some entries link to, with what it is called here or in the file."""

    def __init__(self, authority: Site, source: str) -> None:
        self.authority, self.source = authority, source
        self.known: dict[tuple[ImportKind, str], str] = {}

    def find(self, everything: Iterable["Planned"]) -> None:
        """Look up what these link to where that is about to change; a few queries for them all."""
        self.known = {}
        wanted: dict[ImportKind, set[str]] = {ORGANISATION.key: set(), LOCATION.key: set()}
        for planned in everything:
            if planned.kind.key in wanted:
                self.known[planned.kind.key, planned.external_id] = _called(planned.values)
            for differing in (planned.changes, planned.conflicts):
                for name in differing.keys() & _LINKS.keys():
                    for value in differing[name]:
                        wanted[_LINKS[name].key].update(_ids(name, value))
        for kind in (ORGANISATION, LOCATION):
            self._look_up(kind, wanted[kind.key])

    def _look_up(self, kind: Kind, ids: set[str]) -> None:
        keys = {name: int(name[1:]) for name in ids if name.startswith(HERE) and name[1:].isdigit()}
        keys |= held_ids(kind, self.authority, self.source, ids - keys.keys())
        columns = [name for name in ("name", "address_1", "postcode") if name in kind.columns]
        rows = kind.model._default_manager.filter(pk__in=set(keys.values())).values("pk", *columns)
        called = {row["pk"]: _called(row) for row in rows}
        for name, pk in keys.items():
            self.known[kind.key, name] = called.get(pk) or self.known.get((kind.key, name), "")

    def told(self, differing: Differing) -> Differing:
        """The same fields, with names in place of ids."""
        return {
            name: (self._told(name, here), self._told(name, there)) if name in _LINKS else (here, there)
            for name, (here, there) in differing.items()
        }

    def _told(self, name: str, value: Any) -> Any:
        if name == "organisation":
            return self._one(ORGANISATION, value) if isinstance(value, str) else value
        if not isinstance(value, list):
            return value
        if name == "locations":
            return [self._one(LOCATION, each) for each in value]
        return [row | {AT: self._one(LOCATION, row[AT])} if row.get(AT) else row for row in value]

    def _one(self, kind: Kind, name: str) -> str:
        if not name:
            return name
        return self.known.get((kind.key, name)) or (NAMELESS if name.startswith(HERE) else name)


def _called(facts: dict[str, Any]) -> str:
    """A name; of a place without one, its first line and postcode."""
    return str(facts.get("name") or ", ".join(filter(None, [facts.get("address_1"), facts.get("postcode")])))


def _ids(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, str) and name == "organisation":
        yield value
    elif name == "locations" and isinstance(value, list):
        yield from value
    elif isinstance(value, list):
        yield from (row[AT] for row in value if row.get(AT))
