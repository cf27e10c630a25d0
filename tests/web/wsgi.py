"""Requests through the whole of what the server runs (the counter at the edge included), with a client's cookies."""

from __future__ import annotations

import io
from dataclasses import dataclass
from json import dumps
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlencode

from dancu.site import addresses
from dancu.store.edge import Sink


@dataclass(frozen=True)
class Answered:
    """What went out."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(
    client: Any,
    path: str,
    *,
    form: dict[str, Any] | None = None,
    json: Any = None,
    bearer: str = "",
    application: Any = None,
) -> Answered:
    """GET, or POST of a form with the client's token against forgery, or of JSON by who bears a token.

    The counter has written when this returns.
    """
    from dancu.site.wsgi import application as site

    application = application or site
    body = b""
    more: dict[str, Any] = {}
    if form is not None:
        token = client.cookies.get("dancu-csrf")
        sent = form | ({"csrfmiddlewaretoken": token.value} if token else {})
        body = urlencode(sent, doseq=True).encode()
        more = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": "application/x-www-form-urlencoded"}
    if json is not None:
        body = dumps(json).encode()
        more = {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": "application/json",
            "HTTP_AUTHORIZATION": f"Bearer {bearer}",
        }
    path, _, query = quote(path, safe="/?=&%+:,;~").partition("?")
    environ = client._base_environ(
        PATH_INFO=unquote_to_bytes(path).decode("latin-1"),
        QUERY_STRING=query,
        SERVER_NAME="127.0.0.1",
        **more,
    )
    environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    environ["HTTP_COOKIE"] = "; ".join(f"{k}={m.value}" for k, m in client.cookies.items())
    told: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        told.update(status=int(status[:3]), headers=dict(headers))
        for name, value in headers:
            if name.lower() == "set-cookie":
                client.cookies.load(value)

    answer = application(environ, start)
    try:
        out = b"".join(answer)
    finally:
        answer.close()
    if hasattr(application, "counter") and not application.counter.flush():
        Sink(addresses.of("edge")).add([])  # says what is wrong with the way there
        raise AssertionError("the counter's rows are not taken, though the way there is open")
    return Answered(told["status"], told["headers"], out)
