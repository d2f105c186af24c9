"""Forms with which staff write the directory."""

import re
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.models import Site

from localoffer.belonging import authorities_of
from localoffer.own_choices import rights_on
from services import postcode_table, postcodes
from services.enums import CostKind, Day
from services.fields import KeysField
from services.intervals import next_review
from services.models import Category, Location, Need, Organisation, Service
from services.vocabulary import labels

# What only an installation with several councils asks.
MANY_SITES_FIELDS = ("authority", "serves")


class AuthorityForm(WagtailAdminModelForm):
    """Gives a new object its authority: asks only whoever works for more than one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = list(Site.objects.order_by("-is_default_site", "site_name", "hostname"))
        rights = rights_on(type(self.instance), "add", "change")
        own = list(authorities_of(self.for_user, *rights)) if self.for_user else sites
        if own and self.instance.authority_id is None:
            self.instance.authority = own[0]
            self.initial.setdefault("authority", own[0].pk)
        for name in MANY_SITES_FIELDS:
            offered = own if name == "authority" else sites
            if name in self.fields and len(offered) == 1:
                del self.fields[name]
            elif name in self.fields:
                self.fields[name].label_from_instance = _site_name


def _site_name(site: Site) -> str:
    return site.site_name or site.hostname


class ServiceForm(AuthorityForm):
    """A service. What an old entry holds of a retired vocabulary is kept until somebody takes it off."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in Service._meta.fields:
            if isinstance(field, KeysField) and field.name in self.fields:
                keep_retired_keys(self.fields[field.name], field.kind, getattr(self.instance, field.name))
        _offer_terms(self.fields.get("needs"), Need, self.instance.needs.all())
        _offer_terms(self.fields.get("categories"), Category, self.instance.categories.all())

    def clean(self) -> dict[str, Any]:
        """A check needs a day that has come; the next one is due by the provider's interval."""
        cleaned = super().clean()
        checked = cleaned.get("last_checked")
        if checked and checked > timezone.localdate():
            self.add_error("last_checked", "This day is still to come.")
        elif checked and not cleaned.get("review_by") and "review_by" in self.fields:
            provider = cleaned.get("organisation")
            kind = provider.provider_type if provider else ""
            cleaned["review_by"] = next_review(
                checked=checked,
                provider_type=kind,
                authority=cleaned.get("authority") or self.instance.authority,
            )
        return cleaned


def keep_retired_keys(field: forms.Field, kind: str, held: list[str]) -> None:
    """Offer the terms in use, and what this entry holds of those no longer offered."""
    used = labels(kind)
    every = labels(kind, retired=True)
    old = [
        (key, f"{every[key]} (no longer offered)") for key in held or () if key in every and key not in used
    ]
    field.choices = [*used.items(), *old]


def _offer_terms(field: forms.Field | None, model: type[Need | Category], held: Any) -> None:
    if field is None:
        return
    kept = [term.pk for term in held]
    field.queryset = model.objects.filter(retired=False) | model.objects.filter(pk__in=kept)
    if model is Category:
        field.queryset = field.queryset.order_by("section", "order", "label")
        field.label_from_instance = lambda term: f"{term.get_section_display()}: {term.label}"


class OrganisationForm(AuthorityForm):
    """A provider. Its numbers are written as their registers write them, so that they can be looked up."""

    NUMBERS = {
        "urn": (r"\d{5,7}", "A school number has six figures, such as 109104."),
        "ofsted_urn": (r"(?:EY|SC|CA|VC|RP)?\d{5,8}", "An Ofsted number is like EY123456 or 2501234."),
        "charity_number": (
            r"(?:SC0|NIC)?\d{5,7}(?:-\d{1,3})?",
            "A charity number has six or seven figures, such as 1089464.",
        ),
    }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name, (shape, example) in self.NUMBERS.items():
            typed = "".join((cleaned.get(name) or "").split()).upper()
            if typed and not re.fullmatch(shape, typed, re.ASCII):
                self.add_error(name, example)
            elif typed:
                cleaned[name] = typed
        return cleaned


class LocationForm(AuthorityForm):
    """A place. What nobody measured is put at the middle of its postcode's first half."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("access", "senses"):
            if name in self.fields:
                kind = Location._meta.get_field(name).kind
                keep_retired_keys(self.fields[name], kind, getattr(self.instance, name))

    def clean_postcode(self) -> str:
        """As it is written on an envelope, so that its first half can be told from the rest."""
        typed = self.cleaned_data["postcode"]
        postcode = postcodes.parse(typed) if typed else None
        if typed and postcode is None:
            raise forms.ValidationError(postcodes.explain(typed))
        return str(postcode or "")

    def clean(self) -> dict[str, Any]:
        """Coordinates come in pairs, lie on the globe, and follow a postcode that changed."""
        cleaned = super().clean()
        latitude, longitude = cleaned.get("latitude"), cleaned.get("longitude")
        for name, value, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
            if value is not None and not -most <= value <= most:
                self.add_error(name, f"This must be between -{most} and {most}.")
        untouched = not {"latitude", "longitude"} & set(self.changed_data)
        if (latitude is None and longitude is None) or ("postcode" in self.changed_data and untouched):
            place = postcode_table.locate(cleaned.get("postcode") or "")
            centre = (place.latitude, place.longitude) if place else (None, None)
            cleaned["latitude"], cleaned["longitude"] = centre
            self.instance.latitude, self.instance.longitude = centre  # the chooser's form does not ask
        elif latitude is None or longitude is None:
            self.add_error("longitude" if longitude is None else "latitude", "Give both numbers or neither.")
        return cleaned


class TermForm(WagtailAdminModelForm):
    """A vocabulary term. Its key is in addresses, imports and other systems: once made it stays."""

    fixed = ("key", "kind")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in self.fixed:
                if name in self.fields:
                    self.fields[name].disabled = True


class RowForm(WagtailAdminModelForm):
    """A row of a service. `needs_one_of` refuses a row that says nothing, except in a draft."""

    needs_one_of: tuple[str, ...] = ()
    nothing_said = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        said = any(cleaned.get(name) not in (None, "", []) for name in self.needs_one_of)
        if not said and not self.errors and not self.is_deferred_validation:
            self.add_error(self.needs_one_of[0], self.nothing_said)
        return cleaned


class ContactForm(RowForm):
    needs_one_of = ("phone", "email")
    nothing_said = "Give a phone number or an email address."


class ScheduleForm(RowForm):
    """A session: its days are ticked."""

    needs_one_of = ("days", "opens", "closes", "extra", "note")
    nothing_said = "Tick a day, or say in a note when it happens."

    days = forms.MultipleChoiceField(
        choices=Day.choices, required=False, widget=forms.CheckboxSelectMultiple, label="Days"
    )


class CostForm(RowForm):
    """A cost. Nobody pays less than nothing, and an amount is not free."""

    needs_one_of = ("kind",)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        amount = cleaned.get("amount")
        if amount is not None and amount < 0:
            self.add_error("amount", "An amount is 0 or more.")
        elif amount and cleaned.get("kind") in {CostKind.FREE, CostKind.NOT_STATED}:
            self.add_error("kind", "You gave an amount: choose “You pay” or “Some help with cost”.")
        return cleaned


class NameFilterForm(BaseFilterForm):
    """The search box of a chooser: part of a name, address or postcode."""

    q = forms.CharField(
        label="Search", required=False, widget=forms.TextInput(attrs={"placeholder": "Part of the name"})
    )
    fields_searched: tuple[str, ...] = ("name",)

    def filter(self, objects: Any) -> Any:
        words = self.cleaned_data.get("q", "").split()
        self.is_searching, self.search_query = bool(words), " ".join(words)
        for word in words:
            found = Q()
            for name in self.fields_searched:
                found |= Q(**{f"{name}__icontains": word})
            objects = objects.filter(found)
        return objects


class LocationFilterForm(NameFilterForm):
    fields_searched = ("name", "address_1", "postcode")


class NewOrganisationForm(AuthorityForm):
    """Enough of an organisation to name it from a service."""

    class Meta(AuthorityForm.Meta):
        model = Organisation
        fields = ("authority", "name", "provider_type", "url", "email")


class NewLocationForm(LocationForm):
    """Enough of a place to name it from a service."""

    class Meta(AuthorityForm.Meta):
        model = Location
        fields = (
            "authority",
            "name",
            "address_1",
            "city",
            "postcode",
            "address_hidden",
            "access",
            "senses",
            "sensory",
        )
