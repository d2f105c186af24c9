"""Keeps robots and floods away from the comment form with no third party, cookie or kept address.

A form carries a signed token with the time it was made. The same answers under the same token are
one comment, however often they are sent. What stops a person is said to them, and never costs them
their words: they are shown back.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import get_random_string

from localoffer import throttle

TOKEN_SALT = "feedback.form"  # noqa: S105 a label, not a secret
SENT_SALT = "feedback.sent"
TOKEN_LIFE = timedelta(hours=24)
# Nobody reads three questions and writes an answer in less. It is a sign for moderators, no ground to refuse.
LEAST_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Token:
    """What a form's token says. `is_fresh` is false for a forged, garbled or old one.

    `is_hasty`: it came back sooner than a person can write.
    """

    nonce: str = ""
    is_fresh: bool = False
    is_hasty: bool = False


def new_token() -> str:
    """Made with the first page of the form and carried through it."""
    return str(signing.dumps(get_random_string(16), salt=TOKEN_SALT))


def read_token(text: str) -> Token:
    """What a token says, whatever was sent."""
    try:
        nonce = signing.loads(text, salt=TOKEN_SALT, max_age=TOKEN_LIFE)
    except signing.BadSignature:
        return Token()
    if not isinstance(nonce, str):
        return Token()
    try:
        signing.loads(text, salt=TOKEN_SALT, max_age=LEAST_SECONDS)
    except signing.SignatureExpired:
        return Token(nonce, is_fresh=True)
    return Token(nonce, is_fresh=True, is_hasty=True)


def key_of(token: Token, authority_id: int, answers: dict[str, str]) -> str:
    """The same for the same answers under one token: what makes a comment be kept once."""
    content = json.dumps([token.nonce, authority_id, sorted(answers.items())])
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def seal(reference: str) -> str:
    """A reference as the address of the thank-you page, which only the sender gets."""
    return str(signing.dumps(reference, salt=SENT_SALT))


def unseal(text: str) -> str:
    """The reference, or empty for anything we did not make."""
    try:
        reference = signing.loads(text, salt=SENT_SALT)
    except signing.BadSignature:
        return ""
    return reference if isinstance(reference, str) else ""


def is_flood(request: HttpRequest) -> bool:
    """Whether one source, or all of them together, have sent more than their share this hour.

    Counts this one. What is kept is a salted hash of the day, in the database: see `throttle`.
    """
    if throttle.is_flood(request, name="comment", hourly=settings.COMMENTS_AN_HOUR_FROM_ONE_PLACE):
        return True
    return throttle.is_flood_of("everybody", name="comments", hourly=settings.COMMENTS_AN_HOUR)
