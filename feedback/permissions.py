"""Who may do what with feedback in the admin: one right, to moderate, and nobody deletes."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from wagtail.models import Site
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from feedback.models import (
    Action,
    Comment,
    ConsultationRound,
    ConsulteeCategory,
    Gap,
    ModerationEvent,
    ResponseTemplate,
)
from feedback.record import MODERATE
from localoffer.belonging import Apart, ApartPolicy, SharedPolicy, belongs_by, people_of


class ModeratorPolicy(Apart, BasePermissionPolicy):
    """`allowed` are the actions open to moderators; `readable` is a right that lets others look.

    A superuser is a moderator too, but what is not allowed is allowed to nobody.
    """

    def __init__(self, model: Any, allowed: Iterable[str], readable: str = "") -> None:
        super().__init__(model)
        self.allowed, self.readable = frozenset(allowed), readable

    def user_has_permission(self, user: Any, action: str) -> bool:
        if action not in self.allowed:
            return False
        return bool(
            user.has_perm(MODERATE) or (action == "view" and self.readable and user.has_perm(self.readable))
        )

    def rights_of(self, actions: Iterable[str]) -> list[str]:
        """To moderate, or where it is only to look, the right to look."""
        reads = self.readable and "view" in actions
        return [MODERATE, *([self.readable] if reads else [])]

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Any]:
        return moderators() if self.allowed.intersection(actions) else get_user_model().objects.none()


def moderators(site: Site | None = None) -> QuerySet[Any]:
    """Everybody who may moderate, by name; with a site, those who belong to it."""
    app, code = MODERATE.split(".")
    right = {"content_type__app_label": app, "codename": code}
    people = get_user_model().objects.all() if site is None else people_of(site)
    return (
        people.filter(
            Q(is_superuser=True)
            | Q(**{f"user_permissions__{key}": value for key, value in right.items()})
            | Q(**{f"groups__permissions__{key}": value for key, value in right.items()}),
            is_active=True,
        )
        .distinct()
        .order_by("username")
    )


def register() -> None:
    """Called once, when the app is ready."""
    register_permission_policy(Comment, ModeratorPolicy(Comment, ("view", "add", "change")), exact_class=True)
    register_permission_policy(
        Action, ModeratorPolicy(Action, ("view", "add", "change"), "feedback.view_action"), exact_class=True
    )
    register_permission_policy(ModerationEvent, ModeratorPolicy(ModerationEvent, ("view",)), exact_class=True)
    belongs_by(ModerationEvent, "comment__authority", "action__authority")
    for model in (ConsultationRound, Gap):
        register_permission_policy(model, ApartPolicy(model))
    register_permission_policy(ConsulteeCategory, SharedPolicy(ConsulteeCategory))
    everything = ("view", "add", "change", "delete")
    register_permission_policy(
        ResponseTemplate, ModeratorPolicy(ResponseTemplate, everything), exact_class=True
    )
