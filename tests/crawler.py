"""Reads every address that a visitor can reach by links, without following what a form would ask."""

import re
from collections import deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

from django.test import Client

LINK = re.compile(r"""(?:href|src)=["']([^"']+)["']""")
LOC = re.compile(r"<loc>\s*([^<\s]+)\s*</loc>")
# Looking back to a day, and the admin, are other tests' matter; static files hold no words of families.
LEFT_ALONE = ("/admin/", "/static/", "/media/", "/documents/", "/as-of/", "/django-admin/")
# Addresses that nothing links to, or only a program asks for.
STARTS = ("/", "/sitemap.xml", "/coverage.json", "/robots.txt", "/nowhere-at-all/")


def crawl(
    client: Client, *, starts: tuple[str, ...] = STARTS, queries_under: str = ""
) -> Iterator[tuple[str, str]]:
    """(address, text) of every page, feed and file. Queries are followed under one path alone."""
    waiting, seen = deque(starts), set(starts)
    while waiting:
        address = waiting.popleft()
        response = client.get(address)
        if response.status_code in (301, 302):
            found = [response.url]
            text = ""
        else:
            assert response.status_code in (200, 404), (address, response.status_code)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            text = content.decode("utf-8", "replace")
            yield address, text
            found = [unescape(link) for link in [*LINK.findall(text), *LOC.findall(text)]]
        for link in found:
            target = _ours(urljoin(address, link), queries_under)
            if target and target not in seen:
                seen.add(target)
                waiting.append(target)


def _ours(link: str, queries_under: str) -> str:
    """The path of a link on this site that is to be read; empty for any other."""
    parts = urlsplit(urldefrag(link).url)
    if parts.scheme not in ("", "http", "https") or parts.netloc not in ("", "testserver", "localhost"):
        return ""
    if not parts.path.startswith("/") or parts.path.startswith(LEFT_ALONE):
        return ""
    if not parts.query:
        return parts.path
    follow = queries_under and parts.path.startswith(queries_under) and parts.query.count("=") == 1
    return f"{parts.path}?{parts.query}" if follow else parts.path
