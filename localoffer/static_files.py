"""Where static files are, in production."""

from functools import lru_cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Remembers addresses: every page asks for nine, and working one out takes as long as a query."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._known = lru_cache(maxsize=1_000)(super().url)

    def url(self, name: str, force: bool = False) -> str:
        return str(self._known(name, force))

    def post_process(self, *args: object, **kwargs: object) -> object:
        """`collectstatic` gives files new names."""
        self._known.cache_clear()
        return super().post_process(*args, **kwargs)
