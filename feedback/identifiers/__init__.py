"""Finds what could identify somebody in what families write. Pure; a person always decides.

`find` marks names, addresses, numbers, dates of birth and the details that point to one child
("the only wheelchair user in Year 4 at …"). It leans to marking too much in a sentence about a
child and too little elsewhere: services and schools that are themselves the subject are left alone.
"""

from feedback.identifiers.kinds import Identifier, Kind
from feedback.identifiers.marks import find, removed

__all__ = ["Identifier", "Kind", "find", "removed"]
