"""Forms of the import area: the file, and what its words mean."""

from collections import Counter
from typing import Any

from django import forms
from wagtail.models import Site

from services.importers import FORMATS
from services.importers.meanings import COLUMN, LEAVE_OUT, SUBJECTS
from services.importers.oruk import OrukImporter
from services.importers.remembering import choices_of
from services.models import PendingImport

# Questions on one page of the form; the rest come when these are answered.
MOST_QUESTIONS = 100
ACCEPT = ".csv,.xlsx,.zip,.tsv,.txt,.json,.jsonl"
UNDECIDED = "?"


class UploadForm(forms.Form):
    authority = forms.ModelChoiceField(Site.objects.all(), label="Council", empty_label=None)
    format = forms.ChoiceField(label="What the file is")
    file = forms.FileField(
        label="File",
        required=False,
        help_text="CSV, a spreadsheet (XLSX), our own package (ZIP) or an Open Referral UK feed (JSON).",
        error_messages={"empty": "The file is empty. Look whether it was saved, and choose it again."},
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )
    feed = forms.URLField(
        label="Or the address of an Open Referral UK feed",
        required=False,
        assume_scheme="https",
        help_text="Such as https://directory.example.org/open-referral. We fetch it slowly: wait a little.",
        error_messages={"invalid": "This is not a web address. Copy the whole address of the feed."},
    )

    def __init__(self, *args: Any, sites: list[Site], **kwargs: Any) -> None:
        """`sites`: the authorities that the officer may import for."""
        super().__init__(*args, **kwargs)
        self.fields["authority"].queryset = Site.objects.filter(pk__in=[site.pk for site in sites])
        self.fields["format"].choices = [(key, importer.label) for key, importer in FORMATS.items()]
        if len(sites) == 1:
            self.fields["authority"].widget = forms.HiddenInput()
            self.initial["authority"] = sites[0].pk

    def clean(self) -> dict[str, Any]:
        """One source: a file, or a feed, which is of one format only."""
        given = super().clean()
        file, feed = given.get("file"), given.get("feed")
        if not (file or feed) and not self.errors.keys() & {"file", "feed"}:
            self.add_error("file", "Choose a file, or write the address of a feed.")
        elif file and feed:
            self.add_error("feed", "Choose a file or write an address, not both.")
        elif feed and given.get("format") not in (None, OrukImporter.source):
            self.add_error("format", f"Only “{OrukImporter.label}” has an address. Choose it here.")
        return given


class WordsForm(forms.Form):
    """One question a word that nobody has explained: what it means, leave it out, or decide later."""

    def __init__(self, *args: Any, pending: PendingImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pending = pending
        self.importer = FORMATS[pending.format]
        self.words = pending.unrecognised[:MOST_QUESTIONS]
        for number, word in enumerate(self.words):
            self.fields[f"word{number}"] = self._field(word)

    def _field(self, word: dict[str, Any]) -> forms.ChoiceField:
        choices = list(choices_of(self.importer, word["subject"]).items())
        often = "Once" if word["count"] == 1 else f"{word['count']:,} times, first"
        times = f"{often} on line {word['line']:,}."
        return forms.ChoiceField(
            label=word["word"],
            required=False,
            help_text="" if word["subject"] == COLUMN else times,
            choices=[(UNDECIDED, "Decide later"), (LEAVE_OUT, "Leave it out"), *choices],
            initial=UNDECIDED,
        )

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """(subject in words, its questions), in the order of `SUBJECTS`."""
        found = []
        for subject, described in SUBJECTS.items():
            fields = [self[f"word{n}"] for n, word in enumerate(self.words) if word["subject"] == subject]
            if fields:
                found.append((described.label, fields))
        return found

    @property
    def left(self) -> int:
        """How many questions are not on this page."""
        return len(self.pending.unrecognised) - len(self.words)

    def clean(self) -> dict[str, Any]:
        """One column of ours can be one column of the file."""
        given = super().clean()
        columns = [
            given.get(f"word{n}")
            for n, word in enumerate(self.words)
            if word["subject"] == COLUMN and given.get(f"word{n}") not in (UNDECIDED, LEAVE_OUT, None)
        ]
        for name, times in Counter(columns).items():
            if times > 1:
                label = choices_of(self.importer, COLUMN)[str(name)]
                raise forms.ValidationError(f"You chose “{label}” for two columns. Choose it for one.")
        return given

    def chosen(self) -> dict[str, dict[str, str]]:
        """The answers as `remembering.remember` takes them."""
        found: dict[str, dict[str, str]] = {}
        for number, word in enumerate(self.words):
            key = self.cleaned_data.get(f"word{number}", UNDECIDED)
            if key != UNDECIDED:
                found.setdefault(word["subject"], {})[word["word"]] = key
        return found
