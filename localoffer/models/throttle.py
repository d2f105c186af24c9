"""How often a source did something this hour, in the database, so that every worker counts the same."""

from django.db import models


class ThrottleCount(models.Model):
    """`key` is a salted hash of the day that cannot be turned back; rows live for an hour or two."""

    key = models.CharField(max_length=80, unique=True)
    hits = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.hits} this hour"
