"""What the site keeps about people, why and for how long: declared once, beside the code that keeps it.

The admin's page, the commands and the check read these declarations, so that none can drift. An app
declares with the Wagtail hook `localoffer_personal_data`: a function `() -> Iterable[Kept]`.
`undeclared()` finds fields of our models that look personal and that nobody has declared.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.apps import apps
from django.core.checks import CheckMessage, Warning
from django.db import models
from wagtail import hooks
from wagtail.models import Site

from localoffer.apps import OURS

STAFF = "auth.User"
PERSONAL = re.compile(
    r"(?:^|_)(?:emails?|phone|mobile|telephone|address|postcode|ip|birth|dob|original|signature)(?:_|$)"
    r"|^(?:by_name|contact_name|first_name|last_name)$"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a request is about, as far as they told us. Empty parts match nobody."""

    email: str = ""
    phone: str = ""
    reference: str = ""

    def __bool__(self) -> bool:
        return bool(self.email or self.phone or self.reference)

    @property
    def phone_digits(self) -> str:
        """The last nine digits, which are the same however a number is written; empty for fewer."""
        digits = re.sub(r"\D", "", self.phone)
        return digits[-9:] if len(digits) >= 9 else ""


@dataclass(frozen=True, slots=True)
class Held:
    """One thing kept about somebody. `data` is plain JSON; `is_theirs` is false where it only names them."""

    key: str
    title: str
    data: dict[str, Any]
    is_theirs: bool = True


class Subject(Protocol):
    """How an app finds and erases what it keeps about one person. To read is not yet to erase."""

    right: str
    erase_right: str

    def find(self, site: Site, who: Identity) -> list[Held]:
        """All that is kept about them."""

    def erase(self, *, site: Site, keys: Iterable[str], by: Any, reason: str) -> int:
        """Erase what `find` gave under these keys; what the law wants published stays. How many."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of personal data. `holds` names fields, "app.Model.field", or "app.Model.*" for all of one.

    `how_long` gives words for an authority, from the very setting that the purge reads.
    """

    key: str
    what: str
    whose: str
    why: str
    basis: str
    how_long: Callable[[Site], str]
    removed_by: str
    seen_by: str
    holds: tuple[str, ...]
    subject: Subject | None = None


def declared() -> list[Kept]:
    """Every declaration of every app, in the order of the apps."""
    found = [kept for declare in hooks.get_hooks("localoffer_personal_data") for kept in declare()]
    apps_in_order = {name: number for number, name in enumerate(OURS)}
    return sorted(found, key=lambda kept: apps_in_order.get(kept.holds[0].partition(".")[0], -1))


def subjects() -> list[tuple[Kept, Subject]]:
    return [(kept, kept.subject) for kept in declared() if kept.subject is not None]


def looks_personal(field: Any) -> bool:
    """By its kind or by its name; being wrong here costs one line of declaration."""
    if isinstance(field, models.EmailField | models.GenericIPAddressField):
        return True
    related = getattr(field, "related_model", None)
    if related is not None:
        return field.many_to_one and related._meta.label == STAFF
    return isinstance(field, models.CharField | models.TextField) and bool(PERSONAL.search(field.name))


def undeclared() -> list[str]:
    """ "app.Model.field" of each field that looks personal and that no declaration names."""
    covered = {name for kept in declared() for name in kept.holds}
    found = []
    for app in OURS:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.local_fields:
                name = f"{model._meta.label}.{field.name}"
                is_staff = field.many_to_one and STAFF in covered and field.related_model._meta.label == STAFF
                if is_staff or not looks_personal(field):
                    continue
                if name not in covered and f"{model._meta.label}.*" not in covered:
                    found.append(name)
    return found


def check_declared(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A field about people that nobody explains is told to the developer who added it."""
    return [
        Warning(
            f"{name} looks like personal data, and nobody says why it is kept and for how long.",
            hint="Name it in a declaration of the hook localoffer_personal_data.",
            id="localoffer.W010",
        )
        for name in undeclared()
    ]


def plain(value: Any) -> Any:
    """A value as JSON holds it."""
    return value.isoformat() if isinstance(value, date) else value
