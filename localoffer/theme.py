"""A council's colours as a style sheet, so that no page needs inline style."""

from hashlib import sha256

from localoffer.colour import HEX
from localoffer.models import CouncilSettings

COLOURS = {"brand": "brand_colour", "accent": "accent_colour", "paper": "paper_colour"}


def colours(council: CouncilSettings) -> dict[str, str]:
    """The three colours as `#rrggbb`. One that is not is replaced by the product's own, whatever
    wrote it: a value that reached the database unchecked must not become CSS."""
    found = {}
    for name, field in COLOURS.items():
        value = str(getattr(council, field))
        found[name] = value if HEX.match(value) else CouncilSettings._meta.get_field(field).default
    return found


def stylesheet(council: CouncilSettings) -> str:
    """CSS that sets the three properties from which every other colour is derived."""
    properties = "".join(f"--council-{name}:{value.lower()};" for name, value in colours(council).items())
    return f":root{{{properties}}}\n"


def digest(council: CouncilSettings) -> str:
    """Twelve characters that change when the colours do."""
    return sha256(stylesheet(council).encode()).hexdigest()[:12]
