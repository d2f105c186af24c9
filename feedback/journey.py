"""Where somebody is in the comment form. All answers travel in the form itself: nothing is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from django import forms
from django.http import QueryDict

from feedback import submission
from feedback.enums import Topic
from feedback.forms import FAMILY, Step, Way
from localoffer.plain_text import plain

CHECK = "check"
ANSWERS = ("role", "topic", "text", "consent", "email", "phone")
CARRIED = (*ANSWERS, "about", "token")


@dataclass(frozen=True)
class Journey:
    """One page of the form with everything said so far. `values` are as typed, never trusted.

    `reviewing` means that the person came from "Change" and goes back to the last page.
    `trap` is the box that people do not see.
    """

    page: str
    values: Mapping[str, str]
    reviewing: bool = False
    trap: str = ""
    checked: bool = False
    way: Way = FAMILY

    @classmethod
    def start(cls, query: QueryDict, way: Way = FAMILY) -> Self:
        """The first page; `about`, `topic` and first words may come with the address."""
        values = dict.fromkeys(CARRIED, "")
        values["about"] = plain(query.get("about", ""))[:500]
        values["text"] = plain(query.get("text", ""))[:500]
        if query.get("topic") in Topic.values:
            values["topic"] = query["topic"]
        values["token"] = submission.new_token()
        return cls(way.keys[0], values, way=way)

    @classmethod
    def read(cls, posted: QueryDict, way: Way = FAMILY) -> Self:
        """The page that was sent, whatever was sent. An unknown page is the first one."""
        page = posted.get("step", "")
        return cls(
            page if page in (*way.keys, CHECK) else way.keys[0],
            {name: plain(posted.get(name, "")) for name in CARRIED},
            reviewing=bool(posted.get("reviewing")),
            trap=plain(posted.get("website", "")),
            way=way,
        )

    # -- moves -------------------------------------------------------------------

    def move(self, go: str) -> Self:
        """The page that follows from the button pressed; "send" is none of these."""
        if go == "back":
            return self._to(CHECK) if self.reviewing else self._to(self._neighbour(-1))
        if go == "forget":
            return replace(self, page=CHECK, values={**self.values, "about": ""})
        if go.startswith("change-") and go.removeprefix("change-") in self.way.keys:
            return replace(self._to(go.removeprefix("change-")), reviewing=True)
        if self.page != CHECK and not self.form().is_valid():
            return replace(self, checked=True)
        return self._to(CHECK) if self.reviewing else self._to(self._neighbour(+1))

    def first_wrong(self) -> Self | None:
        """The first page with something to put right, showing what; None where all is well."""
        for step in self.way.steps:
            if not self._form_of(step).is_valid():
                return replace(self, page=step.key, checked=True, reviewing=True)
        return None

    def at_check(self) -> Self:
        """The last page, with everything as it is."""
        return self._to(CHECK)

    def renewed(self) -> Self:
        """The last page again, under a fresh token."""
        return replace(self._to(CHECK), values={**self.values, "token": submission.new_token()})

    def _to(self, page: str) -> Self:
        return replace(self, page=page, reviewing=False, checked=False)

    def _neighbour(self, by: int) -> str:
        pages = (*self.way.keys, CHECK)
        return pages[min(max(pages.index(self.page) + by, 0), len(pages) - 1)]

    # -- what the page shows -------------------------------------------------------

    @property
    def step(self) -> Step | None:
        """The question of this page; None on the last page."""
        return next((step for step in self.way.steps if step.key == self.page), None)

    @property
    def number(self) -> int:
        keys = self.way.keys
        return keys.index(self.page) + 1 if self.page in keys else len(keys)

    def form(self) -> forms.Form:
        """The question with what was typed; its errors show only where it was checked."""
        if self.step is None:
            raise LookupError("The last page has no question.")
        return self._form_of(self.step)

    def _form_of(self, step: Step) -> forms.Form:
        return step.form(data=self.values)

    def shown_form(self) -> forms.Form:
        """As `form`, without complaining of a question that was not answered yet."""
        if self.checked or self.step is None:
            return self.form()
        return self.step.form(initial=self.values)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What this page does not ask, to be carried along."""
        asked = set(self.step.form.base_fields) if self.step else set()
        pairs = [(name, value) for name, value in self.values.items() if name not in asked]
        return [*pairs, ("step", self.page), *([("reviewing", "1")] if self.reviewing else [])]

    def answers(self) -> dict[str, str]:
        """The checked answers of every page. Call after `first_wrong` found nothing."""
        found: dict[str, str] = dict(self.way.fixed)
        for step in self.way.steps:
            form = self._form_of(step)
            form.is_valid()
            found.update(form.cleaned_data)
        return found
