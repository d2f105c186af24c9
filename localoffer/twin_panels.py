"""In the editor of a twin: whether the page it retells has changed."""

from typing import Any

from wagtail.admin.panels import Panel


class TwinStatePanel(Panel):
    """Read from the live twin, whatever the draft in the form says."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "localoffer/admin/twin_state.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            live = type(self.instance).objects.live().filter(pk=self.instance.pk).first()
            context["parent"] = live and live.twin_of
            context["behind"] = bool(live and live.is_behind())
            return context
