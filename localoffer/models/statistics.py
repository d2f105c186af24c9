"""The open statistics that a scorecard compares with, and how each figure has been revised."""

from django.conf import settings
from django.db import models


class StatisticsRelease(models.Model):
    """One file, loaded once. `release` is a key of `statistics_files.RELEASES`."""

    release = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now_add=True)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0, help_text="Held here, and no longer in the file.")

    class Meta:
        ordering = ["-loaded_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.loaded_at:%-d %B %Y}"


class Statistic(models.Model):
    """One figure: an indicator, an area, a period. `value` is None where the source gives a `mark`.

    Percentages are out of 100. It belongs to every authority: the statistics are the nation's.
    """

    indicator = models.CharField(max_length=40)
    area = models.CharField(max_length=9)
    period = models.CharField(max_length=7)
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    mark = models.CharField(max_length=40, blank=True)
    release = models.ForeignKey(StatisticsRelease, on_delete=models.PROTECT, related_name="statistics")

    class Meta:
        ordering = ["indicator", "area", "period", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "area", "period"], name="one_figure_an_area_a_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator}, {self.area}, {self.period}: {self.mark or self.value}"


class StatisticRevision(models.Model):
    """What a figure was before a later release changed it."""

    statistic = models.ForeignKey(Statistic, on_delete=models.CASCADE, related_name="revisions")
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    mark = models.CharField(max_length=40, blank=True)
    release = models.ForeignKey(StatisticsRelease, on_delete=models.PROTECT, related_name="replaced")
    replaced_by = models.ForeignKey(StatisticsRelease, on_delete=models.PROTECT, related_name="revised")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.mark or self.value} until {self.replaced_by}"
