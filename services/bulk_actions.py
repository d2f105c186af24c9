"""Bulk actions of the list of services in the admin: choose, confirm, and read what was left alone."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from localoffer.belonging import own_rows
from localoffer.day_input import DayInput
from services.bulk import MOST_AT_ONCE, Changes, Outcome, edit_many, publish_many, unpublish_many
from services.enums import Level, Scope, SectionKey
from services.filters import ServiceFilterSet
from services.models import Category, Need, Service

# How many of those left alone are named in a message.
MOST_NAMED = 10


class _ServiceAction(SnippetBulkAction):
    """What the three share. `right` is the permission it needs on each entry."""

    models = [Service]
    right = "change"
    done_words = ""
    question = ""
    button = ""
    template_name = "services/admin/bulk_action.html"

    def check_perm(self, service: Service) -> bool:
        return self.permission_policy.user_has_permission_for_instance(self.request.user, self.right, service)

    def get_all_objects_in_listing_query(self, parent_id: str | None) -> Any:
        """Every entry of the list as it was filtered, not every entry there is."""
        query = QueryDict(urlsplit(self.next_url).query)
        ours = own_rows(Service.objects.all(), self.request.user)
        chosen = ServiceFilterSet(query, queryset=ours, request=self.request).qs
        for word in query.get("q", "").split():
            chosen = chosen.filter(name__icontains=word) | chosen.filter(organisation__name__icontains=word)
        return chosen.values_list("pk", flat=True)

    @classmethod
    def get_queryset(cls, model: type[Service], object_ids: Any) -> list[Service]:
        """Those that are still there; an id that is none is left out."""
        pks = [int(pk) for pk in object_ids if str(pk).isascii() and str(pk).isdigit() and len(str(pk)) < 18]
        return list(Service.objects.filter(pk__in=pks).order_by("name", "pk"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"question": self.question, "button": self.button, "action_words": self.display_name}
        return super().get_context_data(**kwargs) | words | {"most": MOST_AT_ONCE}

    def prepare_action(self, objects: list[Service], objects_without_access: Any) -> HttpResponse | None:
        if len(objects) > MOST_AT_ONCE:
            messages.error(
                self.request,
                f"You chose {len(objects)} entries. Choose {MOST_AT_ONCE} at most, then the rest.",
            )
            return redirect(self.next_url)
        return None

    @classmethod
    def execute_action(cls, objects: list[Service], **kwargs: Any) -> tuple[int, int]:
        action: _ServiceAction = kwargs["self"]
        outcome = action.act(objects)
        action.tell_what_was_left(outcome)
        return len(outcome.done), 0

    def act(self, services: list[Service]) -> Outcome:
        raise NotImplementedError

    def tell_what_was_left(self, outcome: Outcome) -> None:
        if outcome.left:
            named = "; ".join(f"“{service}”: {reason}" for service, reason in outcome.left[:MOST_NAMED])
            more = len(outcome.left) - MOST_NAMED
            rest = f"; and {more} more" if more > 0 else ""
            messages.warning(self.request, f"{len(outcome.left)} left as they were. {named}{rest}.")

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        words = "entry" if num_parent_objects == 1 else "entries"
        return f"{num_parent_objects} {words} {self.done_words}."


class PublishAction(_ServiceAction):
    display_name = "Publish"
    action_type = "publish"
    aria_label = "Publish the chosen services"
    action_priority = 10
    right = "publish"
    done_words = "published"
    question = "Publish these entries, so that families see them?"
    button = "Publish"

    def act(self, services: list[Service]) -> Outcome:
        return publish_many(services=services, user=self.request.user)


class UnpublishAction(_ServiceAction):
    display_name = "Take down"
    action_type = "unpublish"
    aria_label = "Take the chosen services off the site"
    action_priority = 20
    classes = {"serious"}
    right = "publish"
    done_words = "taken down"
    question = "Take these entries off the site? They and their history are kept."
    button = "Take down"

    def act(self, services: list[Service]) -> Outcome:
        return unpublish_many(services=services, user=self.request.user)


class BulkEditForm(forms.Form):
    """What to change. A field that is left empty changes nothing."""

    section = forms.ChoiceField(choices=[("", "Leave as it is"), *SectionKey.choices], required=False)
    level = forms.ChoiceField(
        choices=[("", "Leave as it is"), *Level.choices], required=False, label="How open it is"
    )
    scope = forms.ChoiceField(
        choices=[("", "Leave as it is"), *Scope.choices], required=False, label="How far it reaches"
    )
    review_by = forms.DateField(
        required=False,
        label="Check again by",
        widget=DayInput(),
    )
    add_needs = forms.ModelMultipleChoiceField(
        Need.objects.filter(retired=False), required=False, widget=forms.CheckboxSelectMultiple
    )
    remove_needs = forms.ModelMultipleChoiceField(
        Need.objects.all(), required=False, widget=forms.CheckboxSelectMultiple, label="Take needs away"
    )
    add_categories = forms.ModelMultipleChoiceField(
        Category.objects.filter(retired=False),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Add kinds of help",
    )
    remove_categories = forms.ModelMultipleChoiceField(
        Category.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Take kinds of help away",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, words in (("needs", "need"), ("categories", "kind of help")):
            both = set(cleaned.get(f"add_{name}") or ()) & set(cleaned.get(f"remove_{name}") or ())
            if both:
                self.add_error(f"remove_{name}", f"You add and take away the same {words}.")
        if not self.errors and self.changes.is_empty:
            raise ValidationError("Choose at least one thing to change.")
        return cleaned

    @property
    def changes(self) -> Changes:
        return Changes(
            **{name: self.cleaned_data.get(name) or None for name in ("section", "level", "scope")},
            review_by=self.cleaned_data.get("review_by"),
            **{
                name: list(self.cleaned_data.get(name) or ())
                for name in ("add_needs", "remove_needs", "add_categories", "remove_categories")
            },
        )


class EditAction(_ServiceAction):
    display_name = "Change"
    action_type = "edit_many"
    aria_label = "Change facts of the chosen services"
    action_priority = 30
    form_class = BulkEditForm
    done_words = "changed"
    question = "Change these entries together. What you leave empty stays as it is."
    button = "Change them"

    def check_perm(self, service: Service) -> bool:
        """A change of a live entry is published at once, so it needs the right to publish."""
        needed = "publish" if service.live else "change"
        return self.permission_policy.user_has_permission_for_instance(self.request.user, needed, service)

    def act(self, services: list[Service]) -> Outcome:
        form: Any = self.cleaned_form
        return edit_many(services=services, changes=form.changes, user=self.request.user)


ACTIONS = (PublishAction, UnpublishAction, EditAction)
