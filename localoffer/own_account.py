"""A person's own account in the admin: Wagtail's page, with the form to sign in's limit on guesses.

Whoever sits down at a screen that was left open may guess the password that is asked for before it is
changed. By another email address they would be sent a new one, so that asks for the password too; and it is
what a sign-on finds an account by. There are no pictures of staff: nothing serves them.
"""

from functools import cached_property
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import path
from wagtail.admin.auth import require_admin_access
from wagtail.admin.forms.account import NameEmailForm
from wagtail.admin.forms.auth import PasswordChangeForm
from wagtail.admin.views import account

from localoffer import throttle
from localoffer.login import LOCKED, limits_of

NONE = "Type the password that you have now."
WRONG = "This is not your password. Nothing was changed. Try again."
TAKEN = "Another account has this email address. Use one of your own."


def require_password(request: HttpRequest, given: str) -> None:
    """Counts wrong passwords with those of the form to sign in. Raises ValidationError."""
    if not given:
        raise ValidationError(NONE)
    taken = throttle.take(limits_of(request, request.user.get_username()))
    if taken is None:
        raise ValidationError(LOCKED, code="locked")
    if not request.user.check_password(given):
        raise ValidationError(WRONG)
    throttle.give_back(taken)


class OwnEmailForm(NameEmailForm):
    """Asks for the password before another address is taken, and refuses that of another account."""

    request: HttpRequest
    present_password = forms.CharField(
        label="Your password",
        help_text="Only if you change the email address.",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_present_password(self) -> str:
        given = str(self.cleaned_data["present_password"])
        if "email" in self.changed_data and self.instance.has_usable_password():
            require_password(self.request, given)
        return given

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        others = get_user_model()._default_manager.exclude(pk=self.instance.pk)
        if "email" in self.changed_data and others.filter(email__iexact=email).exists():
            raise ValidationError(TAKEN)
        return email


class SparingPasswordForm(PasswordChangeForm):
    """Counts wrong passwords with those of the form to sign in."""

    request: HttpRequest

    def clean_old_password(self) -> str:
        given = str(self.cleaned_data["old_password"])
        require_password(self.request, given)
        return given


class _Asks:
    """A mixin before a panel whose form asks for the password."""

    request: HttpRequest

    @cached_property
    def form(self) -> Any:
        """Made once: one guess is looked at, and counted, once."""
        made = super().get_form()
        made.request = self.request
        return made

    def get_form(self) -> Any:
        return self.form


class OwnEmailPanel(_Asks, account.NameEmailSettingsPanel):
    form_class = OwnEmailForm


class SparingPasswordPanel(_Asks, account.ChangePasswordPanel):
    form_class = SparingPasswordForm


OURS = {
    account.NameEmailSettingsPanel: OwnEmailPanel,
    account.ChangePasswordPanel: SparingPasswordPanel,
    account.AvatarSettingsPanel: None,
}


class OwnAccountView(account.AccountView):
    """Wagtail's page, with panels of ours."""

    @cached_property
    def panels(self) -> list[Any]:
        given = [(panel, OURS.get(type(panel), type(panel))) for panel in super().get_panels()]
        return [ours(panel.request, panel.user, panel.profile) for panel, ours in given if ours]

    def get_panels(self) -> list[Any]:
        return self.panels


urls = [path("account/", require_admin_access(OwnAccountView.as_view()), name="wagtailadmin_account")]
