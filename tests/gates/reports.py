"""What the gates found, by gate: pages looked at, and what is wrong where."""

import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass(slots=True)
class Findings:
    pages: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    wrong: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, gate: str, where: str, found: list[str]) -> None:
        """Told at once too, for whoever waits."""
        self.pages[gate] += 1
        for words in found:
            sys.stderr.write(f"{gate}: {where}: {words[:300]}\n")
        self.wrong[gate] += [(where, words) for words in found]

    @property
    def total(self) -> int:
        return sum(len(rows) for rows in self.wrong.values())

    def lines(self, most: int = 400) -> list[str]:
        """What is wrong, the same words once with the places where they are, then a table."""
        out = []
        for gate, rows in self.wrong.items():
            places: dict[str, list[str]] = defaultdict(list)
            for where, words in rows:
                places[words].append(where)
            for words, names in places.items():
                more = f" and {len(names) - 3} more" if len(names) > 3 else ""
                out.append(f"{gate}: {words[:most]}\n    {'; '.join(names[:3])}{more}")
        out += self.notes
        out.append(f"\n{'gate':<28}{'looked at':>10}{'wrong':>8}")
        out += [f"{gate:<28}{count:>10}{len(self.wrong[gate]):>8}" for gate, count in self.pages.items()]
        return out
