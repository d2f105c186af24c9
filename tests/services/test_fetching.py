"""Only public addresses are asked, and no answer takes more time or memory than allowed."""

import gzip
import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from services import fetching
from services.fetching import (
    AddressRefused,
    FetchError,
    Limits,
    TooLarge,
    TooSlow,
    Unreachable,
    check_address,
    fetch,
    is_allowed,
)
from tests.services.web_server import serving


@pytest.fixture
def web():
    with serving() as server:
        yield server


@pytest.fixture
def loopback(settings):
    settings.FETCH_LOOPBACK = True


def read(url: str, **options) -> bytes:
    with fetch(url, **options) as answer:
        return answer.read()


NOT_PUBLIC = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.0.8", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::7f00:1", "64:ff9b:1:ffff::8.8.8.8", "2002:7f00:1::", "2002:a00:1::", "not an address",
    "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8", "2001:0:7f00:1::", "2001:470::5efe:7f00:1", "3fff::1",
    "2001:470::200:5efe:a9fe:a9fe", "100:0:0:1::1", "4000::1", "8000::1", "fd00:ec2::254", "5f00::1",
    "168.63.129.16", "100.100.100.200", "192.0.0.192", "", "127.1", "2130706433", "0x7f000001",
]  # fmt: skip


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_address_when_not_public_then_refused(address):
    assert not is_allowed(address)


@pytest.mark.parametrize(
    "address",
    [
        "93.184.216.34",
        "8.8.8.8",
        "2606:4700:4700::1111",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2002:808:808::",
    ],
)
def test_address_when_public_then_allowed(address):
    assert is_allowed(address)


def test_address_when_loopback_is_allowed_then_nothing_else_is(settings):
    settings.FETCH_LOOPBACK = True
    assert {a for a in NOT_PUBLIC if is_allowed(a)} == {"127.0.0.1", "127.8.8.8", "::1"}


LOOPBACK_NAMES = [
    "localhost", "LOCALHOST", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "[::1]",
    "[::ffff:127.0.0.1]", "localhost.", "１２７.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("host", LOOPBACK_NAMES)
def test_fetch_when_the_host_is_this_machine_in_any_writing_then_no_request(web, host):
    web.says("/", b"secret")
    port = web.url.rpartition(":")[2]
    with pytest.raises((AddressRefused, Unreachable)):
        read(f"http://{host}:{port}/")
    assert not web.asked


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org", "//example.org", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org",
        "javascript:alert(1)", "http://", "http://user:word@example.org/", "http://example.org:22/",
        "http://example.org:99999/", "http://exa mple.org/", "http://[::1", "http://[fe80::1%25eth0]/",
        "http://example.org:x/", "data:text/plain,x", "http://" + "a" * 70 + ".org/",
    ],
)  # fmt: skip
def test_fetch_when_the_address_is_no_public_web_address_then_refused_unasked(url, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: pytest.fail("It was looked up."))
    with pytest.raises(AddressRefused):
        read(url)
    with pytest.raises(AddressRefused):
        check_address(url)


def found(*addresses: str) -> list[tuple]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in addresses]


def test_fetch_when_one_of_several_addresses_is_private_then_refused(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: found("93.184.216.34", "10.0.0.1"))
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: pytest.fail("It was asked."))
    with pytest.raises(AddressRefused, match="not a public address"):
        read("http://both.example/")


def test_fetch_when_the_name_changes_after_the_check_then_the_checked_address_is_asked(monkeypatch):
    answers = iter([found("93.184.216.34"), found("127.0.0.1"), found("127.0.0.1")])
    asked = []

    def connect(address, *rest):
        asked.append(address)
        raise OSError("far away")

    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: next(answers))
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Unreachable):
        read("http://rebind.example/")
    assert asked == [("93.184.216.34", 80)]


def test_fetch_when_redirected_to_a_private_address_then_refused(web, loopback, monkeypatch):
    web.says("/", status=302, Location="http://169.254.169.254/latest/meta-data/")
    connect = socket.create_connection

    def only_here(address, *rest):
        assert address[0] == "127.0.0.1"
        return connect(address, *rest)

    monkeypatch.setattr(socket, "create_connection", only_here)
    with pytest.raises(AddressRefused):
        read(f"{web.url}/")


@pytest.mark.parametrize(
    "location",
    [
        "http://[::ffff:169.254.169.254]/", "http://[64:ff9b::a9fe:a9fe]/", "http://[fd00:ec2::254]/",
        "http://[fe80::1%25eth0]/", "http://2852039166/", "http://0xa9fea9fe/", "http://0251.0376.0251.0376/",
        "//169.254.169.254/", "http://１69.254.169.254/", "http://[::ffff:0:a9fe:a9fe]/",
    ],
)  # fmt: skip
def test_fetch_when_redirected_to_a_private_address_in_any_writing_then_refused(web, loopback, location):
    web.says("/", status=302, Location=location.encode().decode("latin-1"))
    with pytest.raises((AddressRefused, Unreachable)):
        read(f"{web.url}/")
    assert web.asked == ["/"]


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://example.org/", "http://x:y@example.org/"])
def test_fetch_when_redirected_to_what_is_no_web_address_then_refused(web, loopback, location):
    web.says("/", status=301, Location=location)
    with pytest.raises(AddressRefused):
        read(f"{web.url}/")


def test_fetch_when_redirected_then_followed_and_told(web, loopback):
    web.says("/old", status=308, Location="/new?a=b")
    web.says("/new", b"here")
    with fetch(f"{web.url}/old") as answer:
        assert answer.read() == b"here"
        assert answer.url == f"{web.url}/new?a=b"
        assert answer.redirected_from == (f"{web.url}/old",)


def test_fetch_when_redirects_loop_then_said(web, loopback):
    web.says("/a", status=302, Location="/b")
    web.says("/b", status=302, Location="/a")
    with pytest.raises(FetchError, match="without end"):
        read(f"{web.url}/a")
    assert web.asked == ["/a", "/b"]


def test_fetch_when_redirects_go_on_then_given_up(web, loopback):
    for n in range(9):
        web.says(f"/{n}", status=302, Location=f"/{n + 1}")
    with pytest.raises(FetchError, match="without end"):
        read(f"{web.url}/0", limits=Limits(redirects=3))
    assert len(web.asked) == 4


def test_fetch_when_the_page_is_not_found_then_that_is_an_answer(web, loopback):
    with fetch(f"{web.url}/none") as answer:
        assert answer.status == 404


def test_fetch_when_asked_then_it_says_who_it_is_and_sends_no_login_or_cookie(web, loopback):
    web.says("/", b"x", Set_Cookie="a=b")
    read(f"{web.url}/")
    read(f"{web.url}/")
    assert "LocalOffer" in web.headers[1]["user-agent"]
    assert not {"cookie", "authorization", "referer"} & web.headers[1].keys()


def test_fetch_when_head_then_there_is_no_body(web, loopback):
    web.says("/", b"x" * 10)
    with fetch(f"{web.url}/", method="HEAD") as answer:
        assert (answer.status, answer.read()) == (200, b"")


def test_fetch_when_the_body_is_longer_than_allowed_then_stopped(web, loopback):
    web.says("/", b"x" * 300_000)
    with pytest.raises(TooLarge, match="more than"):
        read(f"{web.url}/", limits=Limits(size=100_000))


def test_fetch_when_the_body_never_ends_then_stopped(web, loopback):
    def endless(request):
        request.send_response(200)
        request.end_headers()
        while True:
            request.wfile.write(b"x" * 65536)

    web.answers["/"] = endless
    with pytest.raises(TooLarge):
        read(f"{web.url}/", limits=Limits(size=1_000_000))


def test_fetch_when_packed_then_unpacked_and_a_bomb_stopped(web, loopback):
    web.says("/small", gzip.compress(b"hello" * 1000), Content_Encoding="gzip")
    web.says("/bomb", gzip.compress(b"\0" * 50_000_000), Content_Encoding="gzip")
    web.says("/other", b"x", Content_Encoding="br")
    assert read(f"{web.url}/small") == b"hello" * 1000
    pieces = []
    with pytest.raises(TooLarge), fetch(f"{web.url}/bomb", limits=Limits(size=1_000_000)) as answer:
        pieces.extend(map(len, answer.chunks()))
    assert sum(pieces) <= 1_000_000
    assert max(pieces) <= fetching.CHUNK
    with pytest.raises(FetchError, match="did not ask for"):
        read(f"{web.url}/other")


def drip(until: threading.Event, before: bytes, piece: bytes):
    def answer(request):
        request.wfile.write(before)
        while not until.wait(0.02):
            request.wfile.write(piece)

    return answer


@pytest.mark.parametrize(
    "before",
    [
        b"HTTP/1.1 200 OK\r\nX: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ],
    ids=["headers", "body of known length", "body without end"],
)
def test_fetch_when_it_drips_then_the_whole_time_is_bounded(web, loopback, before):
    done = threading.Event()
    web.answers["/"] = drip(done, before, b"x")
    try:
        with pytest.raises(TooSlow):
            read(f"{web.url}/", limits=Limits(wait=5, total=0.3))
    finally:
        done.set()


def test_fetch_when_nothing_comes_then_given_up(web, loopback):
    done = threading.Event()
    web.answers["/"] = lambda request: done.wait(20)
    try:
        with pytest.raises(TooSlow, match="took too long"):
            read(f"{web.url}/", limits=Limits(wait=0.1))
    finally:
        done.set()


def test_fetch_when_cut_short_then_said(web, loopback):
    web.says("/", b"abc", Content_Length="10")
    with pytest.raises(Unreachable, match="middle"):
        read(f"{web.url}/")


@pytest.mark.parametrize(
    "raw", [b"nonsense\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\nA" + b"a" * 70_000]
)
def test_fetch_when_it_does_not_speak_http_then_said(web, loopback, raw):
    web.answers["/"] = lambda request: request.wfile.write(raw)
    with pytest.raises(FetchError):
        read(f"{web.url}/")


def test_fetch_when_nobody_listens_then_said(loopback):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        with pytest.raises(Unreachable, match="does not answer"):
            read(url)


def test_fetch_when_https_is_asked_of_a_plain_server_then_said(web, loopback):
    with pytest.raises(FetchError):
        read(web.url.replace("http://", "https://"))


def test_fetch_when_the_reader_fails_then_its_own_error_comes_through(web, loopback):
    web.says("/", b"x")
    with pytest.raises(OSError, match="disk full"), fetch(f"{web.url}/"):
        raise OSError("disk full")


def test_retry_after_when_seconds_or_a_date_then_seconds(web, loopback):
    later = datetime.now(UTC) + timedelta(seconds=100)
    web.says("/seconds", status=429, Retry_After="7")
    web.says("/date", status=503, Retry_After=format_datetime(later, usegmt=True))
    web.says("/nonsense", status=503, Retry_After="soon")
    with fetch(f"{web.url}/seconds") as answer:
        assert answer.retry_after == 7
    with fetch(f"{web.url}/date") as answer:
        assert 90 < answer.retry_after <= 100
    with fetch(f"{web.url}/nonsense") as answer:
        assert answer.retry_after is None


def test_fetch_when_the_path_has_spaces_and_letters_of_any_kind_then_quoted(web, loopback):
    web.says("/caf%C3%A9%20bar", b"ok")
    assert read(f"{web.url}/café bar?q=ü") == b"ok"
    assert web.asked == ["/caf%C3%A9%20bar?q=%C3%BC"]
