"""What an error report may hold: where it went wrong, and nothing that anybody typed."""

from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class HidesWhatWasTyped(SafeExceptionReporterFilter):
    """Every posted value, cookie and local variable is left out of error pages sent to administrators."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        if request is None:
            return {}
        return dict.fromkeys(request.POST, self.cleansed_substitute)

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: Any
    ) -> list[tuple[str, Any]]:
        return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]

    def get_safe_request_meta(self, request: Any) -> dict[str, Any]:
        """Without the network address and the address somebody came from."""
        meta = super().get_safe_request_meta(request)
        hidden = ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_REFERER", "QUERY_STRING", "HTTP_COOKIE")
        return {key: self.cleansed_substitute if key in hidden else value for key, value in meta.items()}
