"""Signing in: too many wrong passwords lock an account for the rest of the hour, whichever form they came by.

Failures are counted like floods are (`localoffer.throttle`): under a hash of the day, never under an
address or a name, and forgotten within two hours. The known packages keep network addresses and what
was typed, which this site never does. A new password, chosen by the emailed link, ends the lock: the
account's present password is part of what is hashed.
"""

from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from wagtail.admin.forms.auth import LoginForm, PasswordResetForm

from localoffer import throttle
from localoffer.after_answer import do_later

# Wrong passwords an hour: for an account from one place; from one place; for an account from everywhere.
MOST_FOR_ONE_FROM_ONE_PLACE, MOST_FROM_ONE_PLACE, MOST_FOR_ONE = 5, 50, 50
# Letters with a link to a new password, an hour, to one address.
MOST_RESETS = 3
LOCKED = (
    "Too many wrong passwords. Wait until the next hour, or choose “Forgotten password?” to get a new "
    "password by email."
)


def limits_of(request: HttpRequest | None, username: str) -> list[throttle.Limit]:
    """How many failures are allowed."""
    place = throttle.address_of(request) if request is not None else ""
    people = get_user_model()._default_manager.filter(username=username)
    account = f"{username.casefold()}|{people.values_list('password', flat=True).first() or ''}"
    limits = [("login", account, MOST_FOR_ONE)]
    if place:
        limits.append(("login", f"{account}|{place}", MOST_FOR_ONE_FROM_ONE_PLACE))
        limits.append(("login", place, MOST_FROM_ONE_PLACE))
    return limits


def is_locked(request: HttpRequest | None, username: str) -> bool:
    """Whether no password is looked at for this account from here, not even the right one."""
    return throttle.is_reached(limits_of(request, username))


class LockingBackend(ModelBackend):
    """Django's own accounts, behind the lock."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """Raises PermissionDenied where locked, so that no other backend is asked either."""
        name = (username or kwargs.get(get_user_model().USERNAME_FIELD) or "")[:150]
        if not name or password is None:
            return None
        taken = throttle.take(limits_of(request, name))
        if taken is None:
            raise PermissionDenied
        user = super().authenticate(request, username=name, password=password, **kwargs)
        if user is not None:
            throttle.give_back(taken)
        return user


class SaysLocked:
    """A mixin before a form to sign in: says that the account is locked and what to do, not only that
    name and password did not match."""

    cleaned_data: dict[str, Any]
    request: Any

    def clean(self) -> dict[str, Any]:
        name = (self.cleaned_data.get("username") or "")[:150]
        if name and is_locked(self.request, name):
            raise ValidationError(LOCKED, code="locked")
        return super().clean()


class LockingLoginForm(SaysLocked, LoginForm):
    """Of the admin."""


class SparingResetForm(PasswordResetForm):
    """Sends few letters an hour to one address: anybody can ask for them. The answer says what it always
    says, and the account is looked for when it has gone, so that nobody learns by the words or by the time
    they took which addresses have an account."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        email = str(self.cleaned_data["email"]).casefold()
        if not throttle.is_flood_of(email, name="reset", hourly=MOST_RESETS):
            do_later(partial(super().save, *args, **kwargs))


class LockingReaderForm(SaysLocked, AuthenticationForm):
    """Of pages that only some may read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    @property
    def summary(self) -> list[dict[str, str]]:
        """What is wrong, with the box it is about where it is about one."""
        return [
            {"text": text, "anchor": self[name].id_for_label if name in self.fields else ""}
            for name, errors in self.errors.items()
            for text in errors
        ]


reader_login = LoginView.as_view(
    template_name="wagtailcore/login.html", authentication_form=LockingReaderForm
)
