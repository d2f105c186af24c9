"""Stable UUIDs for what has no row of its own: the same thing, the same id, in every installation."""

from uuid import UUID, uuid5

NAMESPACE = UUID("6f0c4f0e-0d1f-5f3b-9a7e-2c8f6f3f7a41")


def derived(*parts: object) -> str:
    """The id of what `parts` name from the general to the particular: "taxonomy", "need", "ASD"."""
    return str(uuid5(NAMESPACE, "/".join(str(part) for part in parts)))
