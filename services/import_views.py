"""The import area of the admin: choose a file, explain its words, look at what it would do, apply, undo."""

import logging
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, OperationalError
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Site

from localoffer.belonging import authorities_of, site_of
from localoffer.pagination import paginate
from localoffer.spreadsheets import streamed_csv
from services.import_forms import UploadForm, WordsForm
from services.importers import FORMATS, jobs
from services.importers.base import BUSY, ChangedMeanwhile, UnknownColumns, UnusableFile
from services.importers.demonstration import DemonstrationImporter
from services.importers.remembering import remember
from services.importers.staging import (
    GROUPS,
    all_rows,
    apply_pending,
    discard,
    examine,
    is_long,
    receive,
    rows_of,
)
from services.importers.undoing import CannotUndo, last_import, undo_import
from services.models import ImportBatch, ImportJob, ImportStep, JobState, PendingImport
from services.package.downloads import DOWNLOADS, made

logger = logging.getLogger(__name__)

NAMESPACE = "service_imports"
ROWS_A_PAGE = 50
BATCHES_A_PAGE = 20
# Between one look at a long import and the next.
SECONDS = 3
# What a format is called in the history, by its source.
LABELS = {each.source: each.label for each in (*FORMATS.values(), DemonstrationImporter())}
# What an import does: it makes, changes and publishes.
RIGHTS = ("services.add_service", "services.change_service", "services.publish_service")


def may_import(user: AbstractBaseUser) -> bool:
    return user.is_active and user.has_perms(RIGHTS) and bool(importing_for(user))


def importing_for(user: AbstractBaseUser) -> list[Site]:
    """The authorities in which somebody holds every right of an import."""
    return [
        site for site in authorities_of(user) if all(site in authorities_of(user, right) for right in RIGHTS)
    ]


def own_imports(rows: QuerySet[Any], user: AbstractBaseUser) -> QuerySet[Any]:
    return rows.filter(authority__in=[site.pk for site in importing_for(user)])


def address(name: str, *args: Any) -> str:
    return reverse(f"{NAMESPACE}:{name}", args=args)


class ImportersOnly:
    """Nobody without the rights of an import gets further."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_import(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # a mixin before View


class ImportPage(ImportersOnly, WagtailAdminTemplateMixin, TemplateView):
    """A page of the area, with the way back to its start."""

    header_icon = "upload"
    page_title = "Import and export"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        items = [*self.breadcrumbs_items, {"url": address("index"), "label": "Import and export"}]
        if self.page_title != ImportPage.page_title:
            items.append({"url": "", "label": self.page_title})
        return items


class OfPending(ImportersOnly):
    """A view of one file that waits."""

    kwargs: dict[str, Any]
    request: HttpRequest

    @cached_property
    def pending(self) -> PendingImport:
        waiting = own_imports(PendingImport.objects.select_related("authority"), self.request.user)
        return get_object_or_404(waiting, uuid=self.kwargs["uuid"])


class IndexView(ImportPage):
    """Choose a file; what waits; what was imported."""

    template_name = "services/admin/imports.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, sites = self.request.user, importing_for(self.request.user)
        form = UploadForm(sites=sites, initial={"authority": site_of(self.request, *RIGHTS).pk})
        batches = own_imports(
            ImportBatch.objects.select_related("authority", "applied_by", "undone_by"), user
        )
        waiting = own_imports(PendingImport.objects.select_related("authority", "uploaded_by"), user)
        page = Paginator(batches, BATCHES_A_PAGE).get_page(self.request.GET.get("p"))
        return {
            **super().get_context_data(**kwargs),
            "form": kwargs.get("form", form),
            "waiting": waiting[:BATCHES_A_PAGE],
            "jobs": own_imports(unended(), user)[:BATCHES_A_PAGE],
            "labels": {importer.source: importer.label for importer in FORMATS.values()},
            "batches": [batch_line(batch) for batch in page],
            "page": page,
            "downloads": DOWNLOADS.values(),
            "sites": len(sites) > 1,
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES, sites=importing_for(request.user))
        if form.is_valid():
            try:
                return take(request, form.cleaned_data)
            except UnusableFile as error:
                form.add_error("file", str(error))
        messages.error(request, "Nothing was taken. Look at what is marked below.")
        return self.render_to_response(self.get_context_data(form=form))


def take(request: HttpRequest, given: dict[str, Any]) -> HttpResponse:
    """Keep the file that was chosen and look at it, or have a feed fetched. Raises UnusableFile."""
    site, user = given["authority"], request.user
    if given["feed"]:
        return under_way(jobs.ask_for_feed(url=given["feed"], authority=site, user=user))
    pending = receive(upload=given["file"], format=given["format"], authority=site, user=user)
    return look_through(request, pending)


def under_way(job: ImportJob) -> HttpResponse:
    return redirect(address("job", job.uuid))


def look_through(request: HttpRequest, pending: PendingImport) -> HttpResponse:
    """Make the dry run, then go to it, or to the columns that must be explained first.

    A long file is looked at by a process of its own. Raises UnusableFile, with the file forgotten,
    when nothing can be made of it.
    """
    if is_long(pending):
        return under_way(jobs.ask_to_look(pending=pending, user=request.user))
    try:
        examine(pending=pending)
    except UnknownColumns as error:
        if not pending.unrecognised:
            discard(pending=pending)
            raise
        messages.warning(request, f"{error} Say below which column is which.")
        return redirect(address("words", pending.uuid))
    except UnusableFile:
        discard(pending=pending)
        raise
    return redirect(address("dry_run", pending.uuid))


def unended() -> QuerySet[ImportJob]:
    """What is under way, and what was refused this week."""
    lately = timezone.now() - timedelta(days=7)
    refused = Q(state=JobState.REFUSED, ended_at__gte=lately)
    under = ImportJob.objects.filter(refused | Q(state__in=[JobState.WAITING, JobState.WRITTEN]))
    return under.select_related("authority", "asked_by").order_by("-asked_at", "-pk")


def batch_line(batch: ImportBatch) -> dict[str, Any]:
    """A line of the history."""
    newest = last_import(authority=batch.authority, source=batch.source)
    return {
        "batch": batch,
        "format": LABELS.get(batch.source, batch.source),
        "added": batch.counts.get("added", 0),
        "changed": batch.counts.get("changed", 0),
        "may_undo": newest == batch and batch.undone_at is None,
    }


class DryRunView(OfPending, ImportPage):
    """What applying the file would do, a group of rows at a time."""

    template_name = "services/admin/import_dry_run.html"
    page_title = "Dry run"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if job := self.pending.jobs.filter(state=JobState.WAITING).first():
            return under_way(job)
        if not self.pending.digest:
            return redirect(address("words", self.pending.uuid))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = {group: self.pending.counts.get(_counted(group), 0) for group in GROUPS}
        asked = self.request.GET.get("group", "")
        group = asked if asked in GROUPS else next((name for name in GROUPS if counts[name]), "added")
        pager = paginate(counts[group], self.request.GET, per_page=ROWS_A_PAGE)
        start = pager.slice.start
        return {
            **super().get_context_data(**kwargs),
            "pending": self.pending,
            "importer": FORMATS[self.pending.format],
            "groups": [(name, label, counts[name], name == group) for name, label in GROUPS.items()],
            "group": group,
            "title": GROUPS[group],
            "rows": rows_of(self.pending, group, start=start, size=ROWS_A_PAGE),
            "pager": pager,
            "has_fields": group in ("changed", "conflicts"),
            "has_reason": group in ("rejected", "vanished", "skipped", "warnings"),
            "unknown": len(self.pending.unrecognised),
            "writes": counts["added"] + counts["changed"],
        }


def _counted(group: str) -> str:
    return "unchanged" if group == "same" else group


class WordsView(OfPending, ImportPage):
    """What words and columns that we do not know mean."""

    template_name = "services/admin/import_words.html"
    page_title = "Words to explain"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form") or WordsForm(pending=self.pending)
        context = super().get_context_data(**kwargs)
        return {**context, "form": form, "pending": self.pending, "importer": form.importer}

    def post(self, request: HttpRequest, uuid: str) -> HttpResponse:
        form = WordsForm(request.POST, pending=self.pending)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        remember(authority=self.pending.authority, importer=form.importer, chosen=form.chosen())
        try:
            return look_through(request, self.pending)
        except UnusableFile as error:
            messages.error(request, str(error))
            return redirect(address("index"))


class ApplyView(OfPending, View):
    """All that the dry run showed, or nothing."""

    def post(self, request: HttpRequest, uuid: str) -> HttpResponse:
        dry_run = address("dry_run", self.pending.uuid)
        if request.POST.get("digest") != self.pending.digest:
            messages.warning(request, "There is a newer dry run than the one you saw. Look at it first.")
            return redirect(dry_run)
        if is_long(self.pending):
            return under_way(jobs.ask_to_apply(pending=self.pending, user=request.user))
        try:
            batch = apply_pending(pending=self.pending, user=request.user)
        except ChangedMeanwhile:
            messages.warning(
                request, "Something changed since the dry run. Nothing was written. This is a new dry run."
            )
            return redirect(dry_run)
        except IntegrityError:
            messages.error(
                request, "Somebody else changed the same entries just now. Nothing was written. Try again."
            )
            return redirect(dry_run)
        except OperationalError:
            logger.exception("An import could not be written: the database was busy.")
            messages.error(request, f"{BUSY} Try again in a minute.")
            return redirect(dry_run)
        except UnusableFile as error:
            messages.error(request, f"{error} Nothing was written.")
            return redirect(address("index"))
        if batch is None:
            messages.success(request, "There was nothing to change.")
            return redirect(address("index"))
        return redirect(address("result", batch.pk))


class DiscardView(OfPending, View):
    def post(self, request: HttpRequest, uuid: str) -> HttpResponse:
        discard(pending=self.pending)
        messages.success(request, "The file was deleted. Nothing was imported.")
        return redirect(address("index"))


class RejectsView(OfPending, View):
    """What was refused and what was left out, as a table to send to whoever made the file."""

    def get(self, request: HttpRequest, uuid: str) -> StreamingHttpResponse:
        rows = (
            [GROUPS[group], row["line"], row.get("external_id", ""), row["name"], row["field"], row["reason"]]
            for group, row in all_rows(self.pending, ("rejected", "warnings"))
        )
        return streamed_csv("import-rows", ["what", "line", "id", "name", "field", "reason"], rows)


class ResultView(ImportPage):
    """What one import did, and undoing it."""

    template_name = "services/admin/import_result.html"
    page_title = "Import"

    @cached_property
    def batch(self) -> ImportBatch:
        found = own_imports(
            ImportBatch.objects.select_related("authority", "applied_by", "undone_by"), self.request.user
        )
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {_counted(group): label for group, label in GROUPS.items()}
        counts = [(words.get(name, name), count) for name, count in self.batch.counts.items()]
        return {**super().get_context_data(**kwargs), **batch_line(self.batch), "counts": counts}

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if self.batch.records.count() > jobs.LONG_UNDO:
            return under_way(jobs.ask_to_undo(batch=self.batch, user=request.user))
        try:
            undone = undo_import(batch=self.batch, user=request.user)
        except CannotUndo as error:
            messages.error(request, str(error))
        except (IntegrityError, ChangedMeanwhile):
            messages.error(request, jobs.MEANWHILE)
        except OperationalError:
            logger.exception("An import could not be undone: the database was busy.")
            messages.error(request, f"{BUSY} Try again in a minute.")
        else:
            left = f" {undone.left:,} things were left as they are: see below." if undone.left else ""
            messages.success(
                request,
                f"Undone: {undone.removed:,} services taken away, {undone.restored:,} put back.{left}",
            )
        return redirect(address("result", pk))


class JobView(ImportPage):
    """What a long import does just now. The page comes anew by itself until it is done."""

    template_name = "services/admin/import_job.html"
    page_title = "Under way"

    @cached_property
    def job(self) -> ImportJob:
        every = ImportJob.objects.select_related("authority", "pending", "batch", "asked_by")
        return get_object_or_404(own_imports(every, self.request.user), uuid=self.kwargs["job"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.job.state == JobState.DONE:
            return after(request, self.job)
        response = super().get(request, *args, **kwargs)
        if self.job.state != JobState.REFUSED and "still" not in request.GET:
            response["Refresh"] = str(SECONDS)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        job = self.job
        return {
            **super().get_context_data(**kwargs),
            "job": job,
            "far": jobs.how_far(job),
            "refused": job.state == JobState.REFUSED,
            "still": "still" in self.request.GET,
            "seconds": SECONDS,
        }

    def post(self, request: HttpRequest, job: str) -> HttpResponse:
        """Start it again, where it stopped. One that runs goes on undisturbed."""
        jobs.start()
        return under_way(self.job)


def after(request: HttpRequest, job: ImportJob) -> HttpResponse:
    """Where an officer goes when a long step is done."""
    if job.step == ImportStep.LOOK and job.pending is not None:
        if job.message:
            messages.warning(request, job.message)
        return redirect(address("dry_run", job.pending.uuid))
    if job.batch is not None:
        return redirect(address("result", job.batch.pk))
    if job.step == ImportStep.APPLY:
        messages.success(request, "There was nothing to change.")
    return redirect(address("index"))


class DownloadView(ImportersOnly, View):
    """The template, the sample and the whole directory; hidden addresses are for staff alone."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        site = site_of(request, *RIGHTS)
        if name not in DOWNLOADS:
            raise Http404
        response = FileResponse(made(name, site), as_attachment=True, filename=DOWNLOADS[name].file_name)
        response["Cache-Control"] = "no-store"
        return response
