"""Fetching from the web what somebody else named: public addresses only, bounded in time and size.

An address that staff or a provider typed could name this server, its neighbours or a cloud's
metadata. So the name is looked up once, every answer must be public, and the connection is made
to that very answer: a name that changes between the check and the use (DNS rebinding) gains
nothing. Each redirect is checked as the first address was. No proxy, cookie or login is used.
"""

import http.client
import io
import re
import socket
import ssl
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.conf import settings

CHUNK = 64 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What may stand unquoted in a path or query.
SAFE = "/%:=&?~+!$,;'@()*[]"
_PORTS = {"http": 80, "https": 443}
# All of IPv6 that is given out to anybody; and NAT64, which carries an IPv4 address within. The rest is
# for machines of one network, for tests, or for nobody yet: some of it is turned into IPv4 there.
_GIVEN_OUT, _NAT64 = IPv6Network("2000::/3"), IPv6Network("64:ff9b::/96")
# What is public by its number alone: for protocols (RFC 6890), for documentation (RFC 9637), and where
# Azure tells each of its machines what it is.
_NEVER = (IPv4Network("192.0.0.0/24"), IPv6Network("3fff::/20"), IPv4Network("168.63.129.16/32"))
# The middle of an IPv6 address that ends in one of IPv4 (ISATAP, RFC 5214).
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)


class FetchError(Exception):
    """Nothing usable came back; the message is for the person who gave the address."""


class AddressRefused(FetchError):
    """An address that we never ask: not http, or not public."""


class Unreachable(FetchError):
    """No such name, no answer, or no safe connection."""


class TooSlow(FetchError):
    """It did not finish in the time allowed."""


class TooLarge(FetchError):
    """It sent more than is allowed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`wait` is the longest silence and `total` the longest fetch with its redirects, in seconds;
    `size` is the largest body in bytes, unpacked."""

    wait: float = 10
    total: float = 60
    size: int = 5 * 1024 * 1024
    redirects: int = 5


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer whose body is read while its connection is open. `url` is where it came from in the end."""

    url: str
    status: int
    headers: Mapping[str, str]
    redirected_from: tuple[str, ...]
    _answer: http.client.HTTPResponse
    _limits: Limits

    def chunks(self) -> Iterator[bytes]:
        """The body, unpacked, a piece at a time. Raises TooSlow, TooLarge, Unreachable, FetchError."""
        unpack, size = _unpacker(self.headers.get("content-encoding", "")), 0
        with _explained(self.url):
            while raw := self._answer.read1(CHUNK):
                for piece in unpack(raw):
                    size += len(piece)
                    if size > self._limits.size:
                        raise TooLarge(f"{_host(self.url)} sent more than {_megabytes(self._limits.size)}.")
                    yield piece
            if self._answer.length:
                raise Unreachable(f"{_host(self.url)} stopped in the middle of its answer.")

    def read(self) -> bytes:
        return b"".join(self.chunks())

    @property
    def retry_after(self) -> float | None:
        """Seconds the server asks us to wait (`Retry-After`); None when it does not say."""
        said = self.headers.get("retry-after", "").strip()
        if said.isascii() and said.isdigit():
            return float(said[:9])
        try:
            until = parsedate_to_datetime(said)
        except ValueError:
            return None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(0.0, (until - datetime.now(UTC)).total_seconds())


def user_agent() -> str:
    """Who asks, and where to complain."""
    return f"LocalOffer/1.0 (+{settings.WAGTAILADMIN_BASE_URL})"


@contextmanager
def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[Fetched]:
    """Ask for a public http or https address and follow its redirects, checking each.

    Any status that is no redirect is an answer, 404 too. Raises AddressRefused, TooSlow,
    Unreachable and FetchError; reading the body may raise TooLarge.
    """
    deadline = time.monotonic() + limits.total
    asked: list[str] = []
    while True:
        target = _Target.of(url)
        with _explained(target.url):
            connection = target.connect(limits.wait, deadline)
        try:
            with _explained(target.url):
                connection.request(method, target.path, headers=_request_headers(target, headers))
                answer = connection.getresponse()
            location = answer.headers.get("location", "")
            if answer.status not in REDIRECTS or not location:
                names = {name.lower(): value for name, value in answer.headers.items()}
                yield Fetched(target.url, answer.status, names, tuple(asked), answer, limits)
                return
        finally:
            connection.hang_up()
        asked.append(target.url)
        url = urljoin(target.url, _as_text(location))
        if len(asked) > limits.redirects or url in asked:
            raise FetchError(f"{_host(asked[0])} sends us on from address to address without end.")


def check_address(url: str) -> None:
    """Raise AddressRefused unless `url` is an http or https address that we may ask; looks nothing up."""
    _Target.of(url)


@dataclass(frozen=True, slots=True)
class _Target:
    """An address taken apart and found sound; its host not yet looked up."""

    parts: SplitResult
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> "_Target":
        try:
            parts = urlsplit(url.strip())
            host = (parts.hostname or "").rstrip(".")
            port = parts.port or _PORTS.get(parts.scheme, 0)
            host = host if ":" in host else host.encode("idna").decode("ascii")
        except ValueError as error:
            raise AddressRefused(f"{_quoted(url)} is not a web address.") from error
        if parts.scheme not in _PORTS or not host or "%" in host or re.search(r"[\s\x00-\x1f]", host):
            raise AddressRefused(f"{_quoted(url)} is not a web address. It must start with https://.")
        if parts.username is not None or parts.password is not None:
            raise AddressRefused(f"The address of {host} holds a user name. Leave it out.")
        if port not in _PORTS.values() and port < 1024:
            raise AddressRefused(f"We do not ask port {port} of {host}.")
        return cls(parts, host, port)

    @property
    def url(self) -> str:
        return self.parts._replace(fragment="").geturl()

    @property
    def path(self) -> str:
        path = quote(self.parts.path or "/", safe=SAFE)
        return f"{path}?{quote(self.parts.query, safe=SAFE)}" if self.parts.query else path

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.parts.scheme] else f"{host}:{self.port}"

    def connect(self, wait: float, deadline: float) -> "_Connection":
        """A connection to one of the host's addresses, after every one of them was found public."""
        failure: OSError | None = None
        for address in _public_addresses(self.host, self.port):
            try:
                plain = socket.create_connection((address, self.port), _left(wait, deadline))
                break
            except TimeoutError:
                raise
            except OSError as error:
                failure = error
        else:
            raise failure or OSError("no address")
        try:
            plain.settimeout(_left(wait, deadline))
            secure = self.parts.scheme == "https"
            line = _TLS.wrap_socket(plain, server_hostname=self.host) if secure else plain
        except BaseException:
            plain.close()
            raise
        return _Connection(self.host, _Line(line, wait, deadline))


_TLS = ssl.create_default_context()


def _public_addresses(host: str, port: int) -> list[str]:
    """What `host` resolves to. AddressRefused when any of it is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"There is no server called {host}.") from error
    addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
    for address in addresses:
        if not is_allowed(address):
            raise AddressRefused(f"{host} is not a public address, so we do not ask it.")
    return addresses


def is_allowed(address: str) -> bool:
    """Whether an IP address is public: not loopback, link-local, private, shared, multicast or reserved.

    With FETCH_LOOPBACK, which production refuses, the loopback is allowed too.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if found.is_loopback and settings.FETCH_LOOPBACK:
        return True
    return all(map(_is_public, _meant(found)))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address not in _GIVEN_OUT and address not in _NAT64:
        return False
    return (
        address.is_global and not address.is_multicast and not any(address in network for network in _NEVER)
    )


def _meant(found: IPv4Address | IPv6Address) -> Iterator[IPv4Address | IPv6Address]:
    """The address, and every IPv4 address that it carries."""
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    if mapped:
        yield mapped
        return
    yield found
    if isinstance(found, IPv6Address):
        yield from filter(None, (found.sixtofour, *(found.teredo or ())))
        if found in _NAT64 or int(found) >> 32 & 0xFFFFFFFF in _ISATAP:
            yield IPv4Address(int(found) & 0xFFFFFFFF)


def _left(wait: float, deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return min(wait, left)


class _Line(io.RawIOBase):
    """A socket read under one deadline: a server that drips a byte at a time gains no more time.

    It stands for the socket in `http.client`, which asks for `makefile`, `sendall` and `close`.
    """

    def __init__(self, line: socket.socket, wait: float, deadline: float) -> None:
        super().__init__()
        self._line, self._wait, self._deadline = line, wait, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._line.settimeout(_left(self._wait, self._deadline))
        return self._line.recv_into(buffer)

    def sendall(self, data: bytes) -> None:
        self._line.settimeout(_left(self._wait, self._deadline))
        self._line.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self, CHUNK)

    def close(self) -> None:
        """Kept open until the body is read: `_Connection.hang_up` closes it."""

    def hang_up(self) -> None:
        self._line.close()


class _Connection(http.client.HTTPConnection):
    """One request and its answer over a line that is open already."""

    def __init__(self, host: str, line: _Line) -> None:
        super().__init__(host)
        self._open_line = line
        self.sock = line

    def connect(self) -> None:
        raise ConnectionError("This connection asks once.")

    def hang_up(self) -> None:
        self._open_line.hang_up()


def _request_headers(target: _Target, extra: Mapping[str, str] | None) -> dict[str, str]:
    return {
        "Host": target.host_header,
        "User-Agent": user_agent(),
        "Accept": "*/*",
        "Accept-Encoding": "gzip",
        "Connection": "close",
        **(extra or {}),
    }


def _unpacker(encoding: str) -> Any:
    """A function from raw bytes to unpacked pieces of at most CHUNK: a bomb is noticed as it unfolds."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return lambda raw: (raw,)
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise FetchError(f"The answer is packed as {_quoted(encoding)}, which we did not ask for.")
    packed = zlib.decompressobj(47)  # gzip or zlib, whichever its first bytes say

    def unpack(raw: bytes) -> Iterator[bytes]:
        while raw:
            yield packed.decompress(raw, CHUNK)
            raw = packed.unconsumed_tail

    return unpack


@contextmanager
def _explained(url: str) -> Iterator[None]:
    """Turn what networks raise into words for a person."""
    host = _host(url)
    try:
        yield
    except TimeoutError as error:
        raise TooSlow(f"{host} took too long to answer.") from error
    except ssl.SSLError as error:
        raise Unreachable(
            f"{host} has no safe connection (its certificate or encryption is wrong)."
        ) from error
    except (http.client.HTTPException, zlib.error, ValueError) as error:
        raise FetchError(f"{host} did not answer as a web server does.") from error
    except OSError as error:
        raise Unreachable(f"{host} does not answer.") from error


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _as_text(header: str) -> str:
    """A header that holds UTF-8, which `http.client` reads as Latin-1."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.0f} MB" if size >= 1024 * 1024 else f"{size:,} bytes"


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= 80 else text[:79] + '…'}”"
