"""Where static files are in production, and how they are sent."""

from functools import lru_cache

from django.http import HttpRequest, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware
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


class WholeFiles(WhiteNoiseMiddleware):
    """Sends each file whole, which is right for any range (RFC 9110, 14.2): the files are small.

    WhiteNoise 6.12 takes a range of one byte for an empty one and refuses it, and reads past others.
    """

    @staticmethod
    def serve(static_file: object, request: HttpRequest) -> HttpResponseBase:
        request.META.pop("HTTP_RANGE", None)
        return WhiteNoiseMiddleware.serve(static_file, request)
