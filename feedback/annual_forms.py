"""The editor's form of a yearly report: counts as it is made, and changes nothing once it is fixed."""

from typing import Any

from localoffer.own_choices import OwnPageForm

FIXED = "This report is fixed and cannot be changed. You can add a correction."


class AnnualReportForm(OwnPageForm):
    """`data` is not in the form: it is counted, and counted again where the days change."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.instance.is_frozen:
            return cleaned
        own = ("title", "slug", "start", "end", "introduction", "engagement", "could_not", "next_steps")
        changed = [name for name in own if name in self.changed_data]
        for name in changed:
            self.add_error(name, FIXED)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        from feedback import annual

        page = self.instance
        if page.start and page.end and not page.is_frozen:
            annual.count_if_needed(page, self.parent_page)
        return super().save(commit=commit)
