"""A person's own account in the admin: Wagtail's page, with the form to sign in's limit on guesses.

Whoever sits down at a screen that was left open may guess the password that is asked for before it is
changed, and an email address is what a sign-on finds an account by. There are no pictures of staff: nothing
serves them.
"""

from functools import cached_property
from typing import Any

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

TAKEN = "Another account has this email address. Use one of your own."


class OwnEmailForm(NameEmailForm):
    """Refuses the address of another account."""

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
        taken = throttle.take(limits_of(self.request, self.user.get_username()))
        if taken is None:
            raise ValidationError(LOCKED, code="locked")
        given = str(super().clean_old_password())
        throttle.give_back(taken)
        return given


class OwnEmailPanel(account.NameEmailSettingsPanel):
    form_class = OwnEmailForm


class SparingPasswordPanel(account.ChangePasswordPanel):
    form_class = SparingPasswordForm

    @cached_property
    def form(self) -> SparingPasswordForm:
        """Made once: one guess is looked at, and counted, once."""
        made: SparingPasswordForm = super().get_form()
        made.request = self.request
        return made

    def get_form(self) -> SparingPasswordForm:
        return self.form


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
