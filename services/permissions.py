"""What nobody may delete, whatever their rights: shared words, and what services still use."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model
from wagtail.permissions import register_permission_policy

from localoffer.belonging import ApartPolicy, SharedPolicy, belongs_by, owns
from services.models import (
    Category,
    Location,
    Need,
    Organisation,
    SchoolTerm,
    Service,
    Suggestion,
    VocabularyTerm,
)


class NeverDeleted(SharedPolicy):
    """A vocabulary term is retired, never deleted: old entries, addresses and imports name it."""

    def user_has_permission(self, user: AbstractBaseUser, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)


class DeletedWhenDown(ApartPolicy):
    """To delete a live entry is to take it off the site, which is for those who publish."""

    def user_has_permission_for_instance(self, user: AbstractBaseUser, action: str, instance: Any) -> bool:
        allowed = super().user_has_permission_for_instance(user, action, instance)
        is_public = action == "delete" and instance.live
        return allowed and (not is_public or owns(user, instance, *self.rights_of(["publish"])))


class KeptWhileUsed(ApartPolicy):
    """An organisation or a place may be deleted when no service names it any more."""

    def __init__(self, model: type[Model], used_by: str) -> None:
        super().__init__(model)
        self.used_by = used_by

    def is_used(self, instance: Any) -> bool:
        return getattr(instance, self.used_by).exists()

    def user_has_permission_for_instance(self, user: AbstractBaseUser, action: str, instance: Any) -> bool:
        allowed = super().user_has_permission_for_instance(user, action, instance)
        return allowed and not (action == "delete" and self.is_used(instance))


class SuggestionPolicy(ApartPolicy):
    """The rights on services, for what is suggested of them."""


def register() -> None:
    """Before any view asks for a policy."""
    for term in (Need, Category, VocabularyTerm):
        register_permission_policy(term, NeverDeleted(term))
    register_permission_policy(Organisation, KeptWhileUsed(Organisation, "services"))
    register_permission_policy(Location, KeptWhileUsed(Location, "service_locations"))
    register_permission_policy(Service, DeletedWhenDown(Service))
    # Who may edit entries decides on what providers suggest for them.
    register_permission_policy(Suggestion, SuggestionPolicy(Suggestion, auth_model=Service))
    register_permission_policy(SchoolTerm, ApartPolicy(SchoolTerm))
    belongs_by(Suggestion, "service__authority")
