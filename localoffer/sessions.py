"""Sessions in the database, looked for by such keys alone as we give: letters and digits.

A cookie may hold anything. PostgreSQL refuses a question with a NUL in it, and whoever asked for the page
to sign in with one was told that the site is broken.
"""

from typing import Any

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: Any) -> bool:
        return bool(super()._validate_session_key(key)) and key.isascii() and key.isalnum()
