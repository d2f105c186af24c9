"""What families looked for, with nothing that says who looked. See `search.log` for the rules."""

from django.db import models
from wagtail.models import Site


class RareSearch(models.Model):
    """A search that too few people have made yet: a keyed digest of its words, never the words.

    Forgotten when nobody else has made it within `log.WINDOW_DAYS`.
    """

    authority = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=32)
    since = models.DateField()
    searches = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "digest"], name="rare_search_once")]

    def __str__(self) -> str:
        return f"{self.searches} searches since {self.since}"


class SearchCount(models.Model):
    """How often words were searched on a day, and how often nothing was found.

    `outcode` is empty for all of an authority's searches; a row with one counts those from there too.
    """

    authority = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="search_counts")
    day = models.DateField(db_index=True)
    words = models.CharField(max_length=80)
    outcode = models.CharField(max_length=4, blank=True)
    searches = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day", "words", "pk"]
        verbose_name = "count of searches"
        verbose_name_plural = "counts of searches"
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "day", "words", "outcode"], name="counted_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.words}: {self.searches} on {self.day}"
