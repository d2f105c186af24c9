"""Where a service happens, and what it is like to be there."""

import uuid

from django.db import models
from wagtail.models import Site

from services import postcode_table, postcodes
from services.enums import TermKind
from services.fields import KeysField


class Location(models.Model):
    """A place (Open Referral `location`). `latitude` and `longitude` are WGS84 degrees.

    A place whose address is hidden (a refuge, a childminder) shows the first half of its
    postcode and nothing nearer, everywhere.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="locations")
    name = models.CharField(max_length=200, blank=True)
    address_1 = models.CharField("address", max_length=200, blank=True)
    address_2 = models.CharField("address, second line", max_length=200, blank=True)
    city = models.CharField("town or city", max_length=100, blank=True)
    county = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    address_hidden = models.BooleanField(
        "hide the exact address",
        default=False,
        help_text="For a refuge or a childminder. Families see only the first half of the postcode.",
    )
    access = KeysField("access facts", kind=TermKind.ACCESS_FACT)
    senses = KeysField("noise, light and space", kind=TermKind.SENSORY_FACT)
    sensory = models.TextField(
        "before you go",
        blank=True,
        help_text="Noise, light, smells, crowds and quiet places. One fact a line.",
    )
    source = models.CharField(max_length=40, blank=True, editable=False)
    external_id = models.CharField(max_length=100, blank=True, editable=False)

    class Meta:
        ordering = ["name", "address_1", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "source", "external_id"],
                condition=~models.Q(external_id=""),
                name="location_source_id",
            )
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.name, self.address_1, self.postcode]))

    @property
    def outcode(self) -> str:
        """The first half of the postcode, "BS5", however it was typed: "BS56RJ" must not show whole."""
        postcode = postcodes.parse(self.postcode)
        return postcode.outcode if postcode else ""

    @property
    def public_point(self) -> tuple[float, float] | None:
        """(latitude, longitude) as near as the public may know; None when nobody knows.

        A hidden place is at the middle of its outward code, whatever its own coordinates say.
        """
        if not self.address_hidden and self.latitude is not None and self.longitude is not None:
            return (self.latitude, self.longitude)
        if not self.postcode:
            return None
        found = postcode_table.locate(self.outcode if self.address_hidden else self.postcode)
        return (found.latitude, found.longitude) if found else None

    @property
    def public_name(self) -> str:
        """What a reader may call it. A hidden place keeps its name to itself: a name can be an address."""
        if self.address_hidden:
            return f"Near {self.outcode}" if self.outcode else ""
        return self.name or self.address_1 or self.city or self.postcode

    @property
    def address_lines(self) -> list[str]:
        """What the public may read of the address, line by line."""
        if self.address_hidden:
            return [f"Near {self.outcode}"] if self.outcode else []
        lines = [self.address_1, self.address_2, self.city, self.county, self.postcode]
        return [line for line in lines if line]

    @property
    def sensory_facts(self) -> list[str]:
        return [line.strip() for line in self.sensory.splitlines() if line.strip()]
