"""The search server that SEARCH_URL names: Elasticsearch 8, or OpenSearch where a council runs that."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from elastic_transport import ApiResponseMeta, HttpHeaders, Urllib3HttpNode
from elasticsearch import Elasticsearch

# It tells of every failed request; the breaker tells once.
logging.getLogger("elastic_transport.node_pool").setLevel(logging.ERROR)

# Seconds in which a family's question must be answered, else the embedded engine answers it.
DEADLINE = 0.2
# Seconds for writing, which nobody waits for.
WRITE_TIMEOUT = 30
DEFAULT_PREFIX = "local-offer"
_VENDOR = "vnd.elasticsearch+"
_PRODUCT = "x-elastic-product"


class WrongAddress(ImproperlyConfigured):
    """A SEARCH_URL that cannot be understood; the message says why and never repeats a password."""


class OpenSearchNode(Urllib3HttpNode):
    """Lets the Elasticsearch client speak to OpenSearch, which knows neither Elasticsearch's own media
    types nor the header by which that client knows its server."""

    def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        plain = HttpHeaders({name: _plain(value) for name, value in (headers or {}).items()})
        answer = super().perform_request(method, target, body, plain, *args, **kwargs)
        meta = answer.meta
        told = HttpHeaders({**meta.headers, _PRODUCT: "Elasticsearch"})
        return answer._replace(
            meta=ApiResponseMeta(meta.status, meta.http_version, told, meta.duration, meta.node)
        )


def _plain(value: str) -> str:
    """ "application/vnd.elasticsearch+json; compatible-with=8" as "application/json"."""
    return value.split(";")[0].replace(_VENDOR, "") if _VENDOR in value else value


NODES: Mapping[str, type[Urllib3HttpNode]] = {"elasticsearch": Urllib3HttpNode, "opensearch": OpenSearchNode}


@dataclass(frozen=True, slots=True)
class Server:
    """`client` writes; `reader` is the same with the deadline of one question, and never tries twice."""

    client: Elasticsearch
    reader: Elasticsearch
    prefix: str
    deadline: float
    place: str


def connect(url: str, deadline: float | None = None) -> Server:
    """A server from `elasticsearch://user:password@host:9200/prefix?timeout=0.2`. Nothing is sent yet.

    `opensearch://` for OpenSearch; `+https` after either for TLS; `?api_key=` in place of a user.
    """
    parts = urlsplit(url)
    product, _, secure = parts.scheme.partition("+")
    if product not in NODES or secure not in ("", "https") or not parts.hostname:
        raise WrongAddress("SEARCH_URL must look like elasticsearch://host:9200 or opensearch+https://host.")
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    try:
        port = parts.port or (443 if secure else 9200)
        deadline = deadline or float(options.get("timeout", DEADLINE))
    except ValueError as error:
        raise WrongAddress("The port and the timeout of SEARCH_URL must be numbers.") from error
    place = f"{secure or 'http'}://{_bracketed(parts.hostname)}:{port}"
    client = Elasticsearch(
        place,
        node_class=NODES[product],
        request_timeout=WRITE_TIMEOUT,
        max_retries=0,
        # One node: to call it dead would refuse requests that the breaker lets through.
        dead_node_backoff_factor=0,
        **_who(parts.username, parts.password, options.get("api_key")),
    )
    return Server(
        client=client,
        reader=client.options(request_timeout=deadline),
        prefix=parts.path.strip("/") or DEFAULT_PREFIX,
        deadline=deadline,
        place=place,
    )


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _who(user: str | None, password: str | None, key: str | None) -> dict[str, Any]:
    if key:
        return {"api_key": key}
    return {"basic_auth": (unquote(user), unquote(password or ""))} if user else {}
