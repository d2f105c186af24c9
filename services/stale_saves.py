"""An editor is told when the entry changed while they had it open; nothing is overwritten in silence.

Wagtail checks this for what it saves by itself, not for the buttons. A provider's accepted change,
an import or a colleague may come in between.
"""

from typing import Any

from django.forms import BaseForm

CHANGED = (
    "Somebody changed this entry while you had it open. Nothing was saved. What you wrote is still here. "
    "Open the entry in another tab to see what changed. To save yours all the same, press the button again."
)


class StaleSaveMixin:
    """For edit views of models with revisions."""

    def is_valid(self, form: BaseForm) -> bool:
        valid = bool(super().is_valid(form))
        if not valid or self.expects_json_response or not self._is_stale():
            return valid
        self.produced_error_code, self.produced_error_message = "invalid_revision", CHANGED
        form.add_error(None, CHANGED)
        return False

    def _is_stale(self) -> bool:
        """Whether the last revision is not the one that was opened, or came where there was none."""
        posted: Any = self.request.POST
        if posted.get("overwrite_revision_id") or posted.get("loaded_revision_id"):
            return bool(self.is_out_of_date)
        return "loaded_revision_id" in posted and bool(self.latest_revision)
