"""A search server that fails in a way that is chosen: it listens on loopback and counts what it is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

JSON = "application/vnd.elasticsearch+json;compatible-with=8"


class FaultyServer:
    """`status` and `body` are answered to everything; `hangs` answers nothing until it is let go, and
    `drips` sends a byte now and then for ever."""

    def __init__(self) -> None:
        self.status, self.body = 200, b"{}"
        self.hangs = self.drips = False
        self.let_go = Event()
        self.requests = 0
        self.url = ""


@contextmanager
def faulty_server() -> Iterator[FaultyServer]:
    faulty = FaultyServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            faulty.requests += 1
            self.rfile.read(int(self.headers.get("content-length", 0)))
            if faulty.hangs:
                faulty.let_go.wait()
                self.close_connection = True
                return
            self.send_response(faulty.status)
            self.send_header("content-type", JSON)
            self.send_header("x-elastic-product", "Elasticsearch")
            self.send_header("content-length", str(len(faulty.body)))
            self.end_headers()
            if faulty.drips:
                for _ in range(len(faulty.body)):
                    self.wfile.write(b" ")
                    if faulty.let_go.wait(0.05):
                        break
                self.close_connection = True
                return
            self.wfile.write(faulty.body)

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = answer

        def log_message(self, *args) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    faulty.url = f"elasticsearch://127.0.0.1:{server.server_port}"
    try:
        yield faulty
    finally:
        faulty.let_go.set()
        server.shutdown()
        server.server_close()
