"""What a mark is."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What could identify somebody, in words a moderator reads."""

    EMAIL = "email address"
    PHONE = "phone number"
    POSTCODE = "postcode"
    ADDRESS = "address"
    BIRTH = "date or age"
    NUMBER = "personal number or reference"
    ACCOUNT = "account on another site"
    NAME = "name"
    STAFF = "member of staff"
    SETTING = "school or place with a child"
    POINTER = "detail that points to one person"
    HEALTH = "rare condition"

    @property
    def removed_as(self) -> str:
        """What the public reads in its place: "[removed: names a person]"."""
        return REMOVED_AS.get(self, str(self))


REMOVED_AS = {
    Kind.NAME: "names a person",
    Kind.STAFF: "names a member of staff",
    Kind.SETTING: "names a school or place",
    Kind.POINTER: "points to one person",
}


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """Characters `start` to `end` of a text, which are `text`."""

    start: int
    end: int
    kind: Kind
    text: str
