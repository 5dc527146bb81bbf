"""A PostgreSQL server of one test, on a port of the loopback."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

__all__ = ["Server"]


class Server:
    """A server; skips the test where the machine has no PostgreSQL."""

    def __init__(self) -> None:
        programs = [*Path("/usr/lib/postgresql").glob("*/bin"), None]
        found = [p for p in programs if shutil.which("postgres", path=str(p) if p else None)]
        if not found:
            pytest.skip("PostgreSQL is not installed")
        self._programs = str(found[0]) if found[0] else None
        self._user = None
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            known = {entry.pw_name for entry in pwd.getpwall()}
            self._user = "postgres" if "postgres" in known else "nobody"
            os.chown(self._folder, pwd.getpwnam(self._user).pw_uid, -1)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._call("initdb", "-D", str(self._folder / "data"), "-U", "tester", "-A", "trust", "-N")
        self.url = f"postgresql://tester:secret-word@127.0.0.1:{self._port}/postgres"
        self.start()

    def _call(self, program: str, *words: str) -> None:
        path = shutil.which(program, path=self._programs)
        assert path is not None
        subprocess.run(
            [path, *words],
            check=True,
            user=self._user,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def start(self) -> None:
        words = f"-p {self._port} -c listen_addresses=127.0.0.1 -k {self._folder}"
        data = str(self._folder / "data")
        self._call(
            "pg_ctl", "-D", data, "-o", words, "-l", str(self._folder / "log"), "-w", "start"
        )

    def stop(self, how: str = "immediate") -> None:
        self._call("pg_ctl", "-D", str(self._folder / "data"), "-m", how, "-w", "stop")

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
