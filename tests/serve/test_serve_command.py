"""``subkit serve`` as a process: whom it lets in, and how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "subkit_cli", "serve", "--model", "demo", "--offline"]


def test_other_machines_are_not_let_in_without_a_token() -> None:
    done = subprocess.run(
        [*COMMAND, "--host", "0.0.0.0", "--port", "0"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "there is no token" in done.stderr
    assert done.stdout == ""


def test_a_signal_ends_it_cleanly_and_nothing_is_left(tmp_path: Path) -> None:
    tokens = tmp_path / "tokens.txt"
    tokens.write_text("a-token-of-the-tests\n")
    command = [*COMMAND, "--port", "0", "--json", "--scratch", str(tmp_path / "scratch")]
    command += ["--token-file", str(tokens)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        assert server.stdout is not None
        told = b""
        while b"}" not in told:
            told += server.stdout.readline()
        url = json.loads(told)["url"]
        assert httpx.get(f"{url}/v1/models").status_code == 401
        headers = {"authorization": "Bearer a-token-of-the-tests"}
        assert httpx.get(f"{url}/v1/models", headers=headers).status_code == 200
        server.send_signal(signal.SIGTERM)
        _, complaints = server.communicate(timeout=60)
    assert (server.returncode, complaints) == (0, b"")
    (home,) = (tmp_path / "scratch").iterdir()
    assert [path.name for path in home.iterdir()] == ["lock"]
