"""The index at rest: one row a document, and a number that tells workers what is new.

The words of each document are in `search_text`, a table of the database's own full-text kind which
migration 0001 makes: FTS5 on SQLite, a `tsvector` on PostgreSQL. Its key is `IndexedDocument.pk`.
"""

from typing import Self

from django.db import connection, models


class IndexedDocument(models.Model):
    """One service (later also one page) as search sees it.

    `entry` is what each worker holds in memory (`engines.bitmaps.Entry`); `card` is what a result
    shows. A removed row stays as a marker until the next rebuild, so that every worker hears of it.
    """

    kind = models.CharField(max_length=20)
    object_id = models.PositiveBigIntegerField()
    generation = models.PositiveBigIntegerField(db_index=True)
    removed = models.BooleanField(default=False)
    entry = models.JSONField(default=dict)
    card = models.JSONField(default=dict)
    # `search.meaning.of_documents`
    meaning = models.BinaryField(default=bytes)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="indexed_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class IndexedWord(models.Model):
    """A word that some document holds, as written: what a misspelt word may have meant."""

    word = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.word


class IndexSnapshot(models.Model):
    """The name of a file that holds the index of this generation on some server's disk
    (`search.engines.snapshots`)."""

    name = models.CharField(max_length=32, unique=True)
    generation = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.name}, generation {self.generation}"


class IndexState(models.Model):
    """The one row that each request reads first.

    `generation` grows with every write to the index, `synonyms` with every edit of a synonym.
    Workers whose generation is below `purged` may have missed a removal and must load afresh.
    """

    ONLY = 1

    generation = models.PositiveBigIntegerField(default=0)
    purged = models.PositiveBigIntegerField(default=0)
    synonyms = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"generation {self.generation}"

    @classmethod
    def read(cls) -> Self:
        """The state now, in one query; zeroes before anything was indexed. By hand: every request asks it,
        and making the statement would cost several times what answering it does."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT generation, purged, synonyms FROM search_indexstate WHERE id = %s", [cls.ONLY]
            )
            generation, purged, synonyms = cursor.fetchone() or (0, 0, 0)
        return cls(pk=cls.ONLY, generation=generation, purged=purged, synonyms=synonyms)

    @classmethod
    def advance(cls, field: str = "generation") -> int:
        """The next number of `field`. Call inside a transaction.

        The row stays locked until that transaction ends, so numbers become visible in order: a
        worker that has seen number n has seen all that was written under smaller numbers.
        """
        cls.objects.get_or_create(pk=cls.ONLY)
        cls.objects.filter(pk=cls.ONLY).update(**{field: models.F(field) + 1})
        return int(cls.objects.values_list(field, flat=True).get(pk=cls.ONLY))
