"""That something a reader can see has changed: what every worker asks before it shows what it remembers."""

from django.db import models


class Change(models.Model):
    """One change, written in the transaction that makes it; `localoffer.versions` reads them together.

    Rows are only added, so that two people who save at once never wait for each other. `mark` is random:
    the sum of the marks is a number that does not come back. `at` is seconds since 1970.
    """

    subject = models.CharField(max_length=20)
    mark = models.PositiveBigIntegerField()
    at = models.FloatField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.subject} {self.mark}"
