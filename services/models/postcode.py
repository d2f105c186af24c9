"""Where each whole postcode is: the optional table that `manage.py load_postcodes` fills."""

from django.db import models


class PostcodeArea(models.Model):
    """All the postcodes of one outward code, packed: see `services.postcode_table`.

    Three thousand short rows hold 2.6 million postcodes in some 26 MB; a look-up reads one row.
    """

    outcode = models.CharField(max_length=4, primary_key=True)
    packed = models.BinaryField()

    class Meta:
        ordering = ["outcode"]

    def __str__(self) -> str:
        return self.outcode
