"""What came from elsewhere: each import that was applied, and the values each entry came with."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.models import Site

from services.models.service import Service


class ImportKind(models.TextChoices):
    SERVICE = "service", "Service"
    ORGANISATION = "organisation", "Organisation"
    LOCATION = "location", "Place"


class ImportBatch(models.Model):
    """One import that changed something. A repeat that changes nothing leaves none."""

    authority = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="import_batches")
    source = models.CharField(max_length=40, help_text="The format, which is also the source of its entries.")
    file_name = models.CharField(max_length=255, blank=True)
    counts = models.JSONField(default=dict, help_text="How many were added, changed, rejected and the rest.")
    applied_at = models.DateTimeField(default=timezone.now, db_index=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    undone = models.JSONField(
        default=dict, blank=True, help_text="What undoing it removed, restored and left alone, and why."
    )

    class Meta:
        ordering = ["-applied_at", "-pk"]
        verbose_name_plural = "import batches"

    def __str__(self) -> str:
        return f"{self.file_name or self.source}, {self.applied_at:%d %B %Y}"


class ImportRecord(models.Model):
    """The values that one thing had in its source when it was last taken from there.

    They tell a change in the source from a change made here. `previous` is what they were
    before `batch` (null: the batch added it), and `changes` what the batch wrote: field to
    [value here before, value written]. Together they are enough to undo the last import.
    `incoming` is what the source sent, whole, where its importer keeps that.
    """

    authority = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=ImportKind.choices)
    external_id = models.CharField(max_length=100)
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="import_records"
    )
    values = models.JSONField(default=dict)
    digest = models.CharField(
        max_length=32, blank=True, help_text="Of the values as they came; blank while some conflict."
    )
    previous = models.JSONField(null=True, blank=True)
    previous_digest = models.CharField(max_length=32, blank=True)
    changes = models.JSONField(default=dict, blank=True)
    incoming = models.JSONField(null=True, blank=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="records")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "source", "kind", "external_id"], name="import_record_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source}:{self.external_id}"


class ImportMeanings(models.Model):
    """What one council's staff said that the words of one source mean, so that it is asked once."""

    authority = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=40)
    chosen = models.JSONField(default=dict, help_text="Subject to word to key; a blank key leaves it out.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "source"], name="import_meanings_once_a_source")
        ]

    def __str__(self) -> str:
        return f"Words of {self.source}"


class PendingImport(models.Model):
    """A file that somebody chose and has not applied. The file and what it would do are kept apart
    (`services.importers.staging`), for a day.

    `digest` marks what its dry run found; it is blank while a word or column must be explained.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    format = models.CharField(max_length=40)
    file_name = models.CharField(max_length=255, blank=True)
    uploaded_at = models.DateTimeField(default=timezone.now, db_index=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    counts = models.JSONField(default=dict)
    unrecognised = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name or str(self.uuid)


class ImportStep(models.TextChoices):
    LOOK = "look", "Looking at the file"
    APPLY = "apply", "Importing"
    UNDO = "undo", "Undoing an import"


class JobState(models.TextChoices):
    WAITING = "waiting", "Under way"
    WRITTEN = "written", "Written: search catches up"
    DONE = "done", "Done"
    REFUSED = "refused", "Not done"


class ImportJob(models.Model):
    """What an officer asked for that takes longer than a page may (`services.importers.jobs`).

    `digest` is that of the dry run which the officer saw. `feed` is the address to fetch, forgotten
    once it was. `batch` is the import that was made, or the one to undo.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    step = models.CharField(max_length=10, choices=ImportStep.choices)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING, db_index=True)
    file_name = models.CharField(max_length=255, blank=True)
    feed = models.TextField(blank=True)
    pending = models.ForeignKey(
        PendingImport, null=True, blank=True, on_delete=models.SET_NULL, related_name="jobs"
    )
    batch = models.ForeignKey(ImportBatch, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(default=timezone.now, db_index=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.file_name}"
