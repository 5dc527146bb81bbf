"""Requests that were not made by friends: each is refused, and the server goes on."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from subkit.serve import uploads
from subkit.serve.scratch import Scratch
from subkit.serve.serve_errors import BusyError
from tests.serve.conftest import TOKEN, Serving
from tests.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    import httpx

ADDRESS = "/v1/audio/transcriptions"
FORM = {"content-type": "multipart/form-data; boundary=x"}
HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'


def post(server: Serving, body: bytes | Iterator[bytes], **headers: str) -> httpx.Response:
    return server.client.post(ADDRESS, content=body, headers={**FORM, **headers})


def left(server: Serving) -> list[str]:
    return [path.name for path in server.desk.scratch.folder.iterdir()]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.m3u8", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"),
        ("a.txt", b"ffconcat version 1.0\nfile /etc/passwd\n"),
        ("a.sdp", b"v=0\no=- 0 0 IN IP4 1.2.3.4\nc=IN IP4 127.0.0.1\nm=audio 5000 RTP/AVP 0\n"),
        ("a.mpd", b'<?xml version="1.0"?><MPD><BaseURL>http://127.0.0.1/</BaseURL></MPD>'),
        ("a.wav", bytes(10_000)),
        ("-i http:a%d.mp4", b"\x89random\x00" * 500),
    ],
)
def test_what_is_no_media_is_refused_and_no_folder_is_named(
    server: Serving, name: str, data: bytes
) -> None:
    answer = server.client.post(ADDRESS, files={"file": (name, data)})
    assert answer.status_code == 400, answer.text
    assert str(server.desk.scratch.folder.parent) not in answer.text
    assert "passwd" not in answer.text
    assert left(server) == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"0123456789", 400),
        (HEAD + b"data", 400),
        (HEAD + b"\r\n--x--\r\n", 400),
        (HEAD + b"1\r\n" + HEAD + b"2\r\n--x--\r\n", 400),
        (HEAD.replace(b'"file"', b'"other"') + b"1\r\n--x--\r\n", 400),
        (HEAD.replace(b'; filename="a.wav"', b"").replace(b'"file"', b'"model"')
         + b"\xff\r\n--x--\r\n", 400),
        (b'--x\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n' + b"p" * 70_000
         + b"\r\n--x--\r\n", 413),
        (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' * 70 + b"--x--\r\n", 400),
        (b"--x\r\n" + b"A" * 10_000 + b": b\r\n\r\n\r\n--x--\r\n", 400),
    ],
)  # fmt: skip
def test_forms_that_are_none_are_refused(server: Serving, body: bytes, status: int) -> None:
    answer = post(server, body)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["message"]
    assert left(server) == []


def test_bodies_are_counted_whatever_they_say_of_their_length(
    make_server: Callable[..., AbstractContextManager[Serving]],
) -> None:
    def endless() -> Iterator[bytes]:
        yield HEAD
        while True:
            yield bytes(10_000)

    with make_server(max_body=100_000) as server:
        stated = raw(server, b"Content-Length: 100001\r\n\r\n")
        assert b" 413 " in stated
        answer = post(server, endless())
        assert answer.status_code == 413
        assert left(server) == []


def test_a_length_that_is_none_or_two_is_refused(server: Serving) -> None:
    for said in (
        b"Content-Length: -5\r\n\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"Content-Length: 99999999999\r\n\r\n",
    ):
        assert raw(server, said).startswith(b"HTTP/1.1 4"), said


def test_a_full_queue_and_full_scratch_say_when_to_come_back(
    make_server: Callable[..., AbstractContextManager[Serving]], clip: bytes
) -> None:
    with make_server(max_waiting=1, max_scratch=len(clip) + 1000) as server:
        waiting = opened(server, b"Content-Length: 1000\r\n\r\n" + HEAD)
        wait_until(lambda: server.desk.queue.inside == 1)
        answer = post(server, HEAD + b"1\r\n--x--\r\n")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        waiting.close()
        wait_until(lambda: server.desk.queue.inside == 0)
        assert left(server) == []
        answer = post(server, HEAD + clip + bytes(2000) + b"\r\n--x--\r\n")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        done = server.client.post(ADDRESS, files={"file": ("clip.wav", clip)})
        assert done.status_code == 200, done.text


def test_a_slow_body_is_given_up(server: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "CHUNK_SECONDS", 0.1)
    assert b" 408 " in raw(server, b"Content-Length: 1000\r\n\r\n" + HEAD)
    assert left(server) == []


def test_models_are_unloaded_when_nobody_asks(
    make_server: Callable[..., AbstractContextManager[Serving]], clip: bytes
) -> None:
    with make_server(idle_seconds=0.05) as server:
        assert server.client.post(ADDRESS, files={"file": ("a.wav", clip)}).status_code == 200
        wait_until(lambda: not server.client.get("/status").json()["loaded"])
        assert server.client.post(ADDRESS, files={"file": ("a.wav", clip)}).status_code == 200


def test_scratch_of_a_killed_server_is_removed_and_that_of_a_running_one_stays(
    tmp_path: Path,
) -> None:
    running = Scratch(tmp_path, 1000)
    (running.folder / "upload").write_bytes(b"x")
    dead = running.folder.parent / "server-dead"
    dead.mkdir()
    (dead / "upload").write_bytes(b"x")
    FileLock(dead.with_name("server-dead.lock")).acquire().lock.release()
    other = Scratch(tmp_path, 1000)
    assert not dead.exists()
    assert (running.folder / "upload").exists()
    with other.place() as place:
        place.reserve(900)
        with pytest.raises(BusyError):
            place.reserve(1001)
    with other.place() as place:
        place.reserve(1000)
    other.close()
    running.close()
    assert sorted(path.name for path in running.folder.parent.iterdir()) == ["lock"]


def opened(server: Serving, rest: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    head = f"POST {ADDRESS} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\n"
    form = "".join(f"{name}: {value}\r\n" for name, value in FORM.items())
    connection.sendall(head.encode() + form.encode() + rest)
    return connection


def raw(server: Serving, rest: bytes) -> bytes:
    """The beginning of the answer to a request that no client library would send."""
    with opened(server, rest) as connection:
        return connection.recv(200)
