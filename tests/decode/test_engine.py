"""The engine with a real worker process, killed for real."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from subkit.decode import Engine, RecognitionOptions, TitleWindows
from subkit.decode.process import can_isolate, widest_kernels, worker_environment
from subkit.errors import DeviceError, EngineError, ModelNotFound, PlanError
from subkit.interfaces import Recognizer
from subkit.model import canonical
from tests.decode.conftest import MODEL, make_recognizer, make_window, model_facts
from tests.waiting import PATIENCE, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from subkit.decode import WhisperRecognizer
    from subkit.interfaces import SpeechWindow, WindowResult
    from tests.decode.conftest import Clip

pytestmark = pytest.mark.skipif(not can_isolate(), reason="there are no worker processes here")


def make_engine(directory: Path = MODEL, **options: Any) -> Engine:
    chosen: dict[str, Any] = {
        "device": "cpu",
        "threads": 1,
        "batch_size": 2,
        "temperatures": (0.0,),
        **options,
    }
    return Engine(model_facts(directory), RecognitionOptions(**chosen))


@pytest.fixture(scope="module")
def windows(clips: dict[str, Clip]) -> list[SpeechWindow]:
    """Six lines in three languages; the last is too short to tell its language."""
    languages = ["en", "es", "ko", "en", "ko"]
    found = [make_window(clips[name].samples, index=i) for i, name in enumerate(languages)]
    return [*found, make_window(clips["es"].samples[8000:22_000], index=5)]


@pytest.fixture(scope="module")
def here(windows: list[SpeechWindow]) -> list[WindowResult]:
    """What is recognised in this process, whose matrix products may have several threads."""
    return make_recognizer(batch_size=2, temperatures=(0.0,)).recognize(windows)


@pytest.fixture(scope="module")
def usual(windows: list[SpeechWindow]) -> list[str]:
    """What a worker gives that nobody disturbs."""
    with make_engine() as engine:
        return [canonical(one) for one in engine.recognize(windows)]


def alike(found: Sequence[WindowResult], others: Sequence[WindowResult]) -> bool:
    """Whether words, times and languages are the same, and confidences but for rounding."""
    for one, other in zip(found, others, strict=True):
        for word, twin in zip(one.words, other.words, strict=True):
            assert word.confidence == pytest.approx(twin.confidence, abs=1e-2)
            assert replace(word, confidence=None) == replace(twin, confidence=None)
        assert one.window.score == pytest.approx(other.window.score, abs=1e-2)
        assert one.window.warnings == other.window.warnings
        assert one.window.language == other.window.language
    return True


@pytest.fixture
def engine() -> Iterator[Engine]:
    with make_engine() as engine:
        yield engine


def gone(pid: int) -> bool:
    """Whether a process that is not our child is there no more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def killer(engine: Engine, times: int, delay: float) -> threading.Thread:
    """Kills the worker ``times`` times, each a new one, ``delay`` seconds after it was seen."""

    def kill() -> None:
        killed: set[int] = set()
        while len(killed) < times:
            pid = engine.pid
            if pid is None or pid in killed:
                time.sleep(0.002)
                continue
            time.sleep(delay)
            killed.add(pid)
            os.kill(pid, signal.SIGKILL)

    return threading.Thread(target=kill, daemon=True)


def test_each_window_is_told_as_soon_as_it_is_done(
    engine: Engine, windows: list[SpeechWindow]
) -> None:
    told: dict[int, WindowResult] = {}
    found = engine.recognize(windows, finished=told.__setitem__)
    assert [told[i] for i in range(len(windows))] == found


def test_the_same_as_in_this_process(
    engine: Engine, windows: list[SpeechWindow], usual: list[str], here: list[WindowResult]
) -> None:
    assert isinstance(engine, Recognizer)
    assert (engine.mode, engine.model.name) == ("fast", "demo")
    found = engine.recognize(windows)
    assert [canonical(one) for one in found] == usual
    assert alike(found, here)
    assert engine.recognize([]) == []
    short, other = make_window(np.zeros(800)), make_window(np.full(160_000, np.nan))
    for result in engine.recognize([short, other]):
        assert result.window.warnings == ("no-speech",)
    first, second = engine.recognize_titles(
        [TitleWindows(windows=windows[:4]), TitleWindows(windows=windows[4:], prior="en")]
    )
    assert [canonical(one) for one in [*first, *second]] == usual
    assert engine.counts.decoded > len(windows)


def test_in_this_process(windows: list[SpeechWindow], here: list[WindowResult]) -> None:
    options = RecognitionOptions(device="cpu", threads=1, batch_size=2, temperatures=(0.0,))
    with Engine(model_facts(), options, isolate=False) as engine:
        assert engine.pid is None
        assert engine.recognize(windows) == here
        assert engine.counts.decoded


@pytest.mark.parametrize("delay", [0.0, 0.4, 0.8])
def test_a_killed_worker_loses_no_window(
    engine: Engine, windows: list[SpeechWindow], usual: list[str], delay: float
) -> None:
    first = engine.pid
    thread = killer(engine, 1, delay)
    thread.start()
    assert [canonical(one) for one in engine.recognize(windows)] == usual
    thread.join(PATIENCE)
    assert [canonical(one) for one in engine.recognize(windows)] == usual
    assert engine.pid != first


def test_only_what_was_not_finished_is_decoded_again(
    engine: Engine, windows: list[SpeechWindow], usual: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from subkit.decode import engine as engine_module

    real = engine_module._Call.take
    done: list[tuple[int, int]] = []

    def take(call: Any, place: tuple[int, int], result: Any) -> None:
        real(call, place, result)
        done.append(place)
        if len(done) == 2:
            assert engine.pid is not None
            os.kill(engine.pid, signal.SIGKILL)

    monkeypatch.setattr(engine_module._Call, "take", take)
    assert [canonical(one) for one in engine.recognize(windows)] == usual
    # The worker may have sent more before it was gone, but nothing is sent twice.
    assert sorted(done) == [(0, i) for i in range(len(windows))]


def test_a_worker_that_always_dies_is_an_error_with_the_time(
    engine: Engine, windows: list[SpeechWindow], usual: list[str]
) -> None:
    thread = killer(engine, 3, 0.0)
    thread.start()
    with pytest.raises(EngineError, match=r"again and again at 0\.000 to .*killed") as caught:
        engine.recognize(windows)
    assert "memory" in caught.value.remedy
    thread.join(PATIENCE)
    assert [canonical(one) for one in engine.recognize(windows)] == usual


def test_errors_of_the_model_come_through(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"no model directory.*gone") as caught:
        make_engine(tmp_path / "gone")
    assert "subkit models fetch" in caught.value.remedy
    assert caught.value.facts == {"path": str(tmp_path / "gone")}
    broken = shutil.copytree(MODEL, tmp_path / "broken")
    (broken / "model.bin").write_bytes((MODEL / "model.bin").read_bytes()[:100_000])
    with pytest.raises(EngineError, match="cannot be loaded"):
        make_engine(broken)
    with pytest.raises(DeviceError, match="tpu"):
        make_engine(device="tpu")
    with pytest.raises(PlanError, match="does not know"):
        make_engine(language="fr")


def test_more_threads_than_cores(windows: list[SpeechWindow]) -> None:
    with make_engine(threads=4 * (os.cpu_count() or 1)) as engine:
        assert len(engine.recognize(windows[:2])) == 2


def test_close_and_go_on(engine: Engine, windows: list[SpeechWindow], usual: list[str]) -> None:
    first = engine.pid
    assert first is not None
    engine.close()
    engine.close()
    assert engine.pid is None
    assert gone(first)
    assert [canonical(one) for one in engine.recognize(windows)] == usual


def test_a_forgotten_engine_ends_its_worker() -> None:
    engine = make_engine()
    pid = engine.pid
    assert pid is not None
    del engine
    gc.collect()
    assert gone(pid)


def test_two_threads(engine: Engine, windows: list[SpeechWindow], usual: list[str]) -> None:
    found: dict[int, list[str]] = {}

    def work(number: int) -> None:
        found[number] = [canonical(one) for one in engine.recognize(windows)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert found == {0: usual, 1: usual}


@pytest.mark.skipif(sys.platform != "linux", reason="the settings are those of Linux")
def test_only_the_worker_has_the_settings(engine: Engine) -> None:
    environ = Path(f"/proc/{engine.pid}/environ").read_bytes().split(b"\0")
    assert b"MALLOC_ARENA_MAX=1" in environ
    assert b"OPENBLAS_NUM_THREADS=1" in environ
    assert any(b"glibc.malloc.hugetlb=1" in entry for entry in environ)
    assert "MALLOC_TOP_PAD_" not in os.environ


def test_what_the_user_set_stays() -> None:
    plain = worker_environment({"PATH": "/bin"}, "linux")
    assert plain["PATH"] == "/bin"
    assert plain["GLIBC_TUNABLES"] == "glibc.malloc.hugetlb=1"
    own = {"MALLOC_ARENA_MAX": "4", "GLIBC_TUNABLES": "glibc.malloc.check=1"}
    given = worker_environment(own, "linux")
    assert given["MALLOC_ARENA_MAX"] == "4"
    assert given["GLIBC_TUNABLES"] == "glibc.malloc.check=1:glibc.malloc.hugetlb=1"
    off = worker_environment({"GLIBC_TUNABLES": "glibc.malloc.hugetlb=0"}, "linux")
    assert off["GLIBC_TUNABLES"] == "glibc.malloc.hugetlb=0"
    assert worker_environment({}, "darwin") == {"OPENBLAS_NUM_THREADS": "1"}


SCRIPT = """
import signal
import sys
sys.path[:] = sys.argv[1:]
signal.signal(signal.SIGINT, signal.default_int_handler)  # a program in the background ignores it
import numpy as np
from subkit.decode import Engine, RecognitionOptions
from tests.decode.conftest import make_window, model_facts

options = RecognitionOptions(device="cpu", threads=1, batch_size=2, temperatures=(0.0,))
engine = Engine(model_facts(), options)
noise = np.random.default_rng(0).standard_normal(160_000) * 0.1
windows = [make_window(noise, index=i) for i in range(400)]
try:
    print(engine.pid, flush=True)
    engine.recognize(windows)
except KeyboardInterrupt:
    assert len(engine.recognize(windows[:1])) == 1
    print("again", flush=True)
"""


def start_script(folder: Path) -> tuple[subprocess.Popen[str], int]:
    """A program that decodes for long, and the id of its worker."""
    script = folder / "program.py"
    script.write_text(textwrap.dedent(SCRIPT), encoding="utf-8")
    program = subprocess.Popen(
        [sys.executable, str(script), str(Path(__file__).parents[2]), *sys.path],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    return program, int(program.stdout.readline())


def test_the_worker_ends_with_a_killed_parent(tmp_path: Path) -> None:
    program, worker = start_script(tmp_path)
    with program:
        assert not gone(worker)
        program.kill()
    wait_until(lambda: gone(worker))


def test_ctrl_c_stops_the_worker_and_the_engine_goes_on(tmp_path: Path) -> None:
    program, worker = start_script(tmp_path)
    with program:
        time.sleep(0.3)  # for the decoding to begin; the test holds either way
        program.send_signal(signal.SIGINT)
        assert program.stdout is not None
        assert program.stdout.readline() == "again\n"
        assert program.wait(PATIENCE) == 0
    wait_until(lambda: gone(worker))


def test_the_usual_one_is_not_the_worker(recognizer: WhisperRecognizer) -> None:
    """Both kinds of recogniser are plug-ins."""
    from subkit.plugins import load_plugin

    assert load_plugin("recognizers", "whisper") is Engine
    assert load_plugin("recognizers", "whisper-in-process") is type(recognizer)


def test_wider_kernels_are_taken_where_the_processor_has_them_all(tmp_path: Path) -> None:
    facts = tmp_path / "cpuinfo"
    facts.write_text("flags\t\t: fpu avx2 avx512f avx512cd avx512dq avx512bw avx512vl\n")
    assert widest_kernels(facts) == "AVX512"
    facts.write_text("flags\t\t: fpu avx2 avx512f\n")
    assert widest_kernels(facts) == ""
    assert widest_kernels(tmp_path / "none") == ""
    told = worker_environment({}, "linux", cpu="AVX512")
    assert told["CT2_FORCE_CPU_ISA"] == "AVX512"
    mine = worker_environment({"CT2_FORCE_CPU_ISA": "AVX2"}, "linux", cpu="AVX512")
    assert mine["CT2_FORCE_CPU_ISA"] == "AVX2"
    assert "CT2_FORCE_CPU_ISA" not in worker_environment({}, "linux")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="the environment is read from /proc")
def test_comparisons_with_the_peer_take_its_kernels() -> None:
    for padding, kernels in (("zeros", ""), ("silence", widest_kernels())):
        with make_engine(padding=padding) as engine:
            words = Path(f"/proc/{engine.pid}/environ").read_bytes().split(b"\0")
        told = [word for word in words if word.startswith(b"CT2_FORCE_CPU_ISA=")]
        assert told == ([b"CT2_FORCE_CPU_ISA=" + kernels.encode()] if kernels else [])
