"""Our own simple pictures for the demonstration's Easy Read page, drawn when it is loaded."""

from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw

SIZE = (480, 360)
FINE = 3  # drawn larger and made smaller, so that edges are smooth
SKY, GROUND, INK, BRAND, ACCENT, WHITE, SKIN, GLASS = (
    "#e5f3f2",
    "#cfe3d4",
    "#1d2a30",
    "#0b5351",
    "#f3b23c",
    "#ffffff",
    "#b9805a",
    "#bcdff0",
)


class Sheet:
    """A sheet of paper with the sky and the ground on it, measured in points of the finished picture."""

    def __init__(self, *, indoors: bool = False) -> None:
        self.image = Image.new("RGB", (SIZE[0] * FINE, SIZE[1] * FINE), SKY)
        self.draw = ImageDraw.Draw(self.image)
        if not indoors:
            self.box(0, 300, 480, 360, GROUND)

    def box(self, x: float, y: float, to_x: float, to_y: float, colour: str, radius: float = 0) -> None:
        area = [n * FINE for n in (x, y, to_x, to_y)]
        self.draw.rounded_rectangle(area, radius * FINE, fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        area = [n * FINE for n in (x - radius, y - radius, x + radius, y + radius)]
        self.draw.ellipse(area, fill=colour)

    def shape(self, *points: tuple[float, float], colour: str) -> None:
        self.draw.polygon([(x * FINE, y * FINE) for x, y in points], fill=colour)

    def line(self, *points: tuple[float, float], colour: str = INK, width: float = 8) -> None:
        self.draw.line([(x * FINE, y * FINE) for x, y in points], colour, int(width * FINE), joint="curve")

    def person(self, x: float, y: float, colour: str, scale: float = 1) -> None:
        """Standing with the feet at (x, y)."""
        self.box(x - 26 * scale, y - 130 * scale, x + 26 * scale, y - 50 * scale, colour, 20 * scale)
        self.line((x - 12 * scale, y - 56 * scale), (x - 12 * scale, y), width=16 * scale)
        self.line((x + 12 * scale, y - 56 * scale), (x + 12 * scale, y), width=16 * scale)
        self.disc(x, y - 158 * scale, 28 * scale, SKIN)

    def png(self) -> bytes:
        """A small file: few colours, no more points than the page shows."""
        small = self.image.resize(SIZE, Image.Resampling.LANCZOS).quantize(24)
        out = BytesIO()
        small.save(out, "PNG", optimize=True)
        return out.getvalue()


def school(sheet: Sheet) -> None:
    sheet.box(70, 150, 410, 310, WHITE)
    sheet.shape((50, 155), (240, 60), (430, 155), colour=BRAND)
    sheet.box(210, 220, 270, 310, BRAND, 28)
    for x in (100, 155, 300, 355):
        sheet.box(x, 190, x + 34, 235, GLASS, 4)
    sheet.line((240, 62), (240, 20), width=5)
    sheet.shape((243, 20), (290, 33), (243, 46), colour=ACCENT)


def family(sheet: Sheet) -> None:
    sheet.person(150, 330, BRAND, 1.25)
    sheet.person(250, 330, ACCENT, 0.85)
    sheet.person(345, 330, BRAND, 1.1)


def bus(sheet: Sheet) -> None:
    sheet.box(60, 110, 420, 285, ACCENT, 24)
    for x in (85, 160, 235):
        sheet.box(x, 140, x + 58, 195, GLASS, 8)
    sheet.box(320, 140, 372, 270, GLASS, 8)
    sheet.box(60, 225, 300, 240, WHITE)
    for x in (140, 340):
        sheet.disc(x, 288, 34, INK)
        sheet.disc(x, 288, 14, SKY)


def taxi(sheet: Sheet) -> None:
    sheet.shape((120, 200), (170, 130), (310, 130), (370, 200), colour=BRAND)
    sheet.shape((150, 196), (182, 148), (232, 148), (232, 196), colour=GLASS)
    sheet.shape((246, 196), (246, 148), (300, 148), (340, 196), colour=GLASS)
    sheet.box(60, 195, 425, 275, BRAND, 22)
    sheet.box(210, 105, 270, 130, ACCENT, 6)
    for x in (140, 345):
        sheet.disc(x, 278, 34, INK)
        sheet.disc(x, 278, 14, SKY)


def helper(sheet: Sheet) -> None:
    bus_stop = 90
    sheet.line((bus_stop, 330), (bus_stop, 90), width=8)
    sheet.box(bus_stop - 42, 50, bus_stop + 42, 110, ACCENT, 8)
    sheet.person(230, 330, BRAND, 1.2)
    sheet.person(330, 330, ACCENT, 1)
    sheet.line((258, 210), (312, 236), colour=SKIN, width=16)


def form(sheet: Sheet) -> None:
    sheet.box(140, 40, 340, 320, WHITE, 10)
    for y in (90, 135, 180, 225):
        sheet.box(165, y, 185, y + 20, BRAND, 4)
        sheet.line((205, y + 10), (310, y + 10), colour=INK, width=5)
    sheet.shape((300, 300), (400, 170), (424, 190), (324, 318), colour=ACCENT)
    sheet.shape((300, 300), (324, 318), (292, 332), colour=INK)


def calendar(sheet: Sheet) -> None:
    sheet.box(110, 70, 370, 310, WHITE, 16)
    sheet.box(110, 70, 370, 130, BRAND, 16)
    for x in (170, 310):
        sheet.line((x, 50), (x, 92), width=12)
    for row in range(3):
        for column in range(5):
            last = (row, column) == (2, 4)
            x, y = 134 + column * 44, 155 + row * 48
            sheet.box(x, y, x + 30, y + 30, ACCENT if last else SKY, 6)


def clock(sheet: Sheet) -> None:
    sheet.disc(240, 180, 130, BRAND)
    sheet.disc(240, 180, 112, WHITE)
    sheet.line((240, 180), (240, 100), width=10)
    sheet.line((240, 180), (300, 205), width=10)
    sheet.disc(240, 180, 10, ACCENT)


def talk(sheet: Sheet) -> None:
    sheet.person(130, 340, BRAND, 1.1)
    sheet.person(350, 340, ACCENT, 1.1)
    sheet.box(150, 30, 300, 120, WHITE, 24)
    sheet.shape((170, 115), (210, 115), (165, 150), colour=WHITE)
    for x in (190, 225, 260):
        sheet.disc(x, 75, 9, BRAND)


def phone(sheet: Sheet) -> None:
    sheet.box(165, 30, 315, 330, INK, 22)
    sheet.box(178, 62, 302, 282, WHITE, 6)
    sheet.disc(240, 306, 11, WHITE)
    sheet.box(205, 135, 275, 205, BRAND, 35)
    sheet.line((226, 158), (236, 184), (256, 190), colour=WHITE, width=9)


DRAWINGS: dict[str, Callable[[Sheet], None]] = {
    draw.__name__: draw for draw in (school, family, bus, taxi, helper, form, calendar, clock, talk, phone)
}
INDOORS = frozenset({"form", "calendar", "clock", "phone"})


def png(name: str) -> bytes:
    """The picture of that name as a PNG file. Raises KeyError for a name that is none."""
    sheet = Sheet(indoors=name in INDOORS)
    DRAWINGS[name](sheet)
    return sheet.png()
