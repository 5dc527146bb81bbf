"""Who is let in, and who is not."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from subkit.errors import PlanError
from subkit.review.api.guard import CSP
from subkit.review.review_options import ReviewOptions
from subkit.review.server import serve
from tests.review.conftest import TOKEN, Running

if TYPE_CHECKING:
    from pathlib import Path


def raw(port: int, request: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request.encode())
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
            if b"\r\n\r\n" in answer and b"content-length" in answer.lower():
                head, _, body = answer.partition(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                if len(body) >= length:
                    break
    return answer


def status(answer: bytes) -> int:
    return int(answer.split()[1])


def test_nothing_is_told_without_the_secret(running: Running) -> None:
    with httpx.Client(base_url=running.base) as stranger:
        for address in ("/", "/api/project", "/api/cues?track=en", "/media/original",
                        "/static/app.js", "/api/events", "/nothing"):  # fmt: skip
            answer = stranger.get(address)
            assert answer.status_code == 401, address
            assert "Emma" not in answer.text
        assert stranger.post("/api/edit", json={}).status_code == 401
        assert stranger.get("/", params={"token": "x" * 32}).status_code == 401
        stranger.cookies.set(running.gatekeeper.cookie, "guess")
        assert stranger.get("/api/project").status_code == 401


def test_the_token_becomes_a_cookie_that_scripts_and_other_sites_do_not_get(
    running: Running,
) -> None:
    with httpx.Client(base_url=running.base) as client:
        answer = client.get("/", params={"token": TOKEN})
        assert answer.status_code == 303
        assert answer.headers["location"] == "/"
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert TOKEN not in cookie
        assert client.get("/api/project").status_code == 200


def test_the_token_itself_opens_for_programs(running: Running) -> None:
    bearer = {"authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=running.base, headers=bearer) as client:
        assert client.get("/api/project").status_code == 200
    wrong = {"authorization": "Bearer " + TOKEN[:-1]}
    with httpx.Client(base_url=running.base, headers=wrong) as client:
        assert client.get("/api/project").status_code == 401


def test_a_visit_is_good_once(running: Running) -> None:
    visit = running.gatekeeper.one_visit()
    with httpx.Client(base_url=running.base) as client:
        assert client.get("/", params={"token": visit}).status_code == 303
    with httpx.Client(base_url=running.base) as client:
        assert client.get("/", params={"token": visit}).status_code == 401


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "", "[::1]"),
        *("127.0.0.1.evil.example:{port}", "localhost.evil.example:{port}", "0.0.0.0:{port}"),
    ],
)
def test_a_name_that_was_rebound_is_refused(running: Running, host: str) -> None:
    named = host.format(port=running.port)
    head = f"GET /api/project HTTP/1.1\r\nHost: {named}\r\n"
    answer = raw(running.port, f"{head}Authorization: Bearer {TOKEN}\r\nConnection: close\r\n\r\n")
    assert status(answer) in {400, 403}
    assert b"scene" not in answer


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_page_can_ask_nothing_even_with_the_cookie(
    running: Running, ana: httpx.Client, headers: dict[str, str]
) -> None:
    head = ana.get("/api/project").json()["head"]
    assert ana.get("/api/project", headers=headers).status_code == 403
    body = {"op": "comment", "track": "en", "cue": "c0001", "revision": 999, "text": "x"}
    assert ana.post("/api/edit", json=body, headers=headers).status_code == 403
    assert ana.get("/api/project").json()["head"] == head


def test_a_form_cannot_post(ana: httpx.Client) -> None:
    body = json.dumps({"op": "delete", "track": "en", "cue": "c0001", "revision": 999}).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        answer = ana.post("/api/edit", content=body, headers={"content-type": kind})
        assert answer.status_code == 415, kind


def test_no_connection_is_upgraded(running: Running) -> None:
    request = (
        f"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"
    )
    assert status(raw(running.port, request)) == 403


def test_headers_of_every_answer(running: Running, ana: httpx.Client) -> None:
    with httpx.Client(base_url=running.base) as stranger:
        answers = [
            ana.get("/api/project"),
            ana.get("/media/original", headers={"range": "bytes=0-9"}),
            ana.get("/nothing"),
            ana.post("/api/edit", json={}),
            stranger.get("/"),
            stranger.get("/", params={"token": TOKEN}),
        ]
    for answer in answers:
        assert answer.headers["content-security-policy"] == CSP
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "server" not in answer.headers
        assert "access-control-allow-origin" not in answer.headers
    assert "unsafe" not in CSP
    assert "default-src 'none'" in CSP


def test_bodies_are_bounded(running: Running, ana: httpx.Client) -> None:
    long = b'{"op": "' + b"x" * (2 << 20) + b'"}'
    json_type = {"content-type": "application/json"}
    assert ana.post("/api/edit", content=long, headers=json_type).status_code == 413
    deep = b"[" * 100_000
    assert ana.post("/api/edit", content=deep, headers=json_type).status_code == 400
    for wrong in (b"", b"[]", b"NaN", b'{"op": Infinity}', b"\xff\xfe", b'"x"'):
        assert ana.post("/api/edit", content=wrong, headers=json_type).status_code == 400, wrong

    def chunks() -> Any:
        for _ in range(64):
            yield b" " * 65536

    assert ana.post("/api/edit", content=chunks(), headers=json_type).status_code == 413
    assert ana.get("/api/project").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        *("/static/../guard.py", "/static/%2e%2e/guard.py", "/static/..%2fguard.py"),
        *("/static//etc/passwd", "/static/%2fetc%2fpasswd", "/media/%2fetc%2fpasswd"),
        *("/media/../../../../etc/passwd", "/media/original/../../etc/passwd"),
        *("/media/live.mp4?at=0%0a-i%0a/etc/passwd", "/media/proxy.sh"),
        *("/static/__init__.py", "/static/.", "/static/"),
    ],
)
def test_only_the_page_and_the_media_can_be_read(running: Running, address: str) -> None:
    head = f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n"
    answer = raw(running.port, f"{head}Authorization: Bearer {TOKEN}\r\nConnection: close\r\n\r\n")
    assert status(answer) in {400, 404}
    assert b"root:" not in answer
    assert b"import" not in answer


def test_methods_are_what_they_are(ana: httpx.Client) -> None:
    assert ana.get("/api/edit").status_code == 405
    assert ana.post("/api/project", json={}).status_code == 405
    assert ana.delete("/api/project").status_code == 405


def test_text_of_a_cue_is_never_markup(running: Running, ana: httpx.Client) -> None:
    attack = '<img src=x onerror="alert(1)">--> </script><script>alert(2)</script>'
    body = {"op": "retext", "track": "en", "cue": "c0001", "revision": 999, "lines": [attack]}
    assert ana.post("/api/edit", json=body).status_code == 200
    answer = ana.get("/api/cues", params={"track": "en"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["cues"][0]["lines"] == [attack]
    captions = ana.get("/api/captions", params={"track": "en"})
    assert captions.headers["content-type"].startswith("text/vtt")
    assert "<img" not in captions.text
    assert "<script" not in captions.text


def test_elsewhere_needs_a_token_of_ones_own(project: Path) -> None:
    with pytest.raises(PlanError, match="lets other machines in"):
        serve(project, ReviewOptions(host="0.0.0.0"), announce=lambda *_: None)
    with pytest.raises(PlanError, match="at least 16"):
        serve(project, ReviewOptions(token="short"), announce=lambda *_: None)
