"""Contrast of two colours (WCAG 2.2, relative luminance). Pure."""

import re

HEX = re.compile(r"#[0-9a-f]{6}\Z", re.IGNORECASE)


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white), of `#rrggbb`. Raises ValueError."""
    if not HEX.match(colour):
        raise ValueError(f"{colour!r} is not a colour such as #0b5351")
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
