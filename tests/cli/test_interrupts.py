"""A process that is asked to stop, or killed: nothing of it goes on, nothing lies about."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from subkit.demo import scene_file
from subkit.media import ffmpeg_command, find_ffmpeg
from tests.waiting import PATIENCE, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

DEMO = ("--model", "demo", "--translator", "demo")


def wait_for(condition: Callable[[], Any]) -> Any:
    """What the condition gives, once it gives something."""
    found: list[Any] = []

    def holds() -> Any:
        found[:] = [condition()]
        return found[0]

    wait_until(holds)
    return found[0]


def children(pid: int) -> dict[int, str]:
    """The processes that a process started and that run, and what they are."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, rest = (folder / "stat").read_text().rsplit(") ", 1)
        except OSError:
            continue  # it ended meanwhile
        state, parent = rest.split()[:2]
        if int(parent) == pid and state != "Z":
            found[int(folder.name)] = name.partition("(")[2]
    return found


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start ``subkit WORDS…``; what still runs at the end is killed."""
    started = []
    # Programs that nohup started ignore SIGHUP, and so does what they start.
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)

    def call(*words: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "subkit_cli", *map(str, words)],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "SUBKIT_OFFLINE": "1", "XDG_CACHE_HOME": str(tmp_path / "cache")},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
        )
        started.append(process)
        return process

    yield call
    signal.signal(signal.SIGHUP, before)
    for process in started:
        process.kill()
        process.communicate()


def leftovers(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.rglob("*") if ".part" in p.name or p.suffix == ".lock")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_run_that_is_stopped_leaves_nothing(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path, number: signal.Signals
) -> None:
    run = start("run", scene_file(), "-o", tmp_path, *DEMO)
    found = wait_for(lambda: children(run.pid))
    os.kill(run.pid, number)
    _, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 128 + number, err
    assert "Traceback" not in err
    assert not any(map(alive, found))
    assert leftovers(tmp_path) == []


def test_a_second_ctrl_c_does_not_disturb_the_first(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    run = start("run", scene_file(), "-o", tmp_path, *DEMO)
    found = wait_for(lambda: children(run.pid))
    os.kill(run.pid, signal.SIGINT)
    os.kill(run.pid, signal.SIGINT)
    _, err = run.communicate(timeout=PATIENCE)
    assert run.returncode in (130, -signal.SIGINT), err  # both may arrive as one
    assert "Traceback" not in err
    wait_for(lambda: not any(map(alive, found)))
    assert leftovers(tmp_path) == []


def test_a_worker_ends_with_a_run_that_is_killed(
    start: Callable[..., subprocess.Popen[str]], speech: Path, tmp_path: Path
) -> None:
    run = start("run", speech, "-o", tmp_path, *DEMO)
    found = wait_for(lambda: children(run.pid))
    run.kill()
    run.wait()
    wait_for(lambda: not any(map(alive, found)))
    again = start("run", speech, "-o", tmp_path, *DEMO)
    _, err = again.communicate(timeout=PATIENCE)
    assert again.returncode == 0, err
    assert leftovers(tmp_path) == []


@pytest.fixture(scope="session")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half an hour that no browser plays, made of ten seconds."""
    folder = tmp_path_factory.mktemp("long")
    short, film = folder / "short.mkv", folder / "film.mkv"
    source = "testsrc2=size=640x360:rate=25:duration=10"
    tone = "sine=duration=10"
    quiet = [str(find_ffmpeg()), "-v", "error"]
    inputs = ("-f", "lavfi", "-i", source, "-f", "lavfi", "-i", tone)
    subprocess.run([*quiet, *inputs, "-c:v", "mpeg4", "-c:a", "flac", str(short)], check=True)
    again = ("-stream_loop", "180", "-i", str(short))
    subprocess.run([*quiet, *again, "-c", "copy", str(film)], check=True)
    return film


@pytest.fixture
def review(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path, long_film: Path
) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A review that makes a proxy and sends a stream, and the processes of both."""
    subtitles = tmp_path / "film.en.srt"
    subtitles.write_text("1\n00:00:01,000 --> 00:00:02,000\nHello.\n")
    words = ("review", subtitles, "--media", long_film, "--json", "--reviewer", "Ana")
    process = start(*words)
    assert process.stdout is not None
    told = "".join(iter(process.stdout.readline, "}\n")) + "}"
    base, _, token = json.loads(told)["url"].partition("/?token=")
    with httpx.Client(base_url=base, headers={"origin": base}, timeout=60) as browser:
        assert browser.get("/", params={"token": token}).status_code == 303
        posted = browser.post("/api/proxy", json={"as": "mp4"})
        assert posted.status_code == 200, posted.text
        with browser.stream("GET", "/media/live.mp4", params={"at": "60"}) as live:
            sent = live.iter_bytes()  # kept: without it the answer is closed
            next(sent)
            running = wait_for(lambda: ffmpegs(process.pid)[1:] and ffmpegs(process.pid))
            yield process, running


def ffmpegs(pid: int) -> list[int]:
    return [child for child, name in children(pid).items() if name.startswith("ffmpeg")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_review_that_is_stopped_leaves_nothing(
    review: tuple[subprocess.Popen[str], list[int]], tmp_path: Path, number: signal.Signals
) -> None:
    process, running = review
    assert len(leftovers(tmp_path)) == 2, "the project's lock and the proxy's draft"
    os.kill(process.pid, number)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert "The review has ended" in err
    assert not any(map(alive, running))
    assert leftovers(tmp_path) == []


def test_ffmpeg_ends_with_a_review_that_is_killed(
    review: tuple[subprocess.Popen[str], list[int]],
) -> None:
    process, running = review
    process.kill()
    process.wait()
    wait_for(lambda: not any(map(alive, running)))


def test_ffmpeg_is_the_process_that_is_started(long_film: Path) -> None:
    command = ffmpeg_command(["-i", long_film, "-f", "null", "-"])
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        program = Path(f"/proc/{process.pid}/exe")
        wait_for(lambda: "ffmpeg" in program.readlink().name)
        process.kill()
    assert process.returncode == -signal.SIGKILL


def test_a_film_that_is_being_made_leaves_no_half_and_no_ffmpeg(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    (tmp_path / "film.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\n\u00a0\n", "utf-8")
    picture = ("-f", "lavfi", "-i", "testsrc=size=320x180:rate=25:duration=20")
    made: list[str | Path] = [*picture, "-c:v", "mpeg4", tmp_path / "film.mkv"]
    subprocess.run(ffmpeg_command(made), check=True)
    burning = start("burn", "film.mkv", "film.srt", "-o", "out.mp4", "--language", "en", "--crf", 0)
    wait_for(lambda: leftovers(tmp_path))
    program = wait_for(lambda: children(burning.pid))
    burning.send_signal(signal.SIGTERM)
    _, complaint = burning.communicate(timeout=PATIENCE)
    assert burning.returncode == 128 + signal.SIGTERM, complaint
    wait_until(lambda: not any(alive(pid) for pid in program))
    assert not (tmp_path / "out.mp4").exists()
    assert leftovers(tmp_path) == []
