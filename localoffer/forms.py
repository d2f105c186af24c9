"""The editor's form of a section: silence about a mandatory requirement is not publishable."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks.stream_block import StreamBlockValidationError

from localoffer.silence import silence_message


class SectionPageForm(WagtailAdminPageForm):
    """Refuses to publish, or to submit for publishing, with the list; a draft may be incomplete."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        answers = cleaned.get("answers")
        if answers is None or self.is_deferred_validation:
            return cleaned
        messages = silence_message(self.instance.section, answers)
        if messages:
            errors = [ValidationError(message) for message in messages]
            self.add_error("answers", StreamBlockValidationError(non_block_errors=errors))
            self.add_error(NON_FIELD_ERRORS, messages[0])
        return cleaned
