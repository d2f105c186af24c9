"""Choosers of what not every member of staff may read.

Wagtail lets everybody who may open the admin read every chooser: it lists names, and no more. Our
places include hidden addresses, and requests for other formats come from families.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from wagtail.permissions import policy_registry

from localoffer.own_views import OwnChooserViewSet

READS = ("view", "add", "change")


class GuardedChooserViewSet(OwnChooserViewSet):
    """Every address of the chooser is for those with a right to what it lists."""

    def construct_view(self, view_class: Any, **kwargs: Any) -> Callable[..., HttpResponse]:
        view = super().construct_view(view_class, **kwargs)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not policy_registry.get_by_type(self.model).user_has_any_permission(request.user, READS):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded
