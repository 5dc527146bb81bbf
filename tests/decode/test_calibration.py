from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from subkit.decode import RecognitionOptions, calibrate
from subkit.decode.calibration import candidates
from subkit.errors import DeviceError, StoreError
from tests.decode.conftest import model_facts

if TYPE_CHECKING:
    from pathlib import Path

    from subkit.interfaces import SpeechWindow
    from tests.decode.conftest import Clip

CPU = RecognitionOptions(device="cpu", temperatures=(0.0,), beam_size=1, best_of=1)


class Machine:
    """Pretends: two replicas are the fastest, and says what was tried."""

    def __init__(self) -> None:
        self.tried: list[RecognitionOptions] = []
        self.now = 0.0
        self.fails = False

    def make(self, model: Any, options: RecognitionOptions) -> Any:
        machine = self
        machine.tried.append(options)

        class Recognizer:
            def recognize(self, windows: list[SpeechWindow]) -> list[Any]:
                if machine.fails:
                    raise DeviceError("out of memory")
                seconds = sum(float(window.span.duration) for window in windows)
                machine.now += seconds / (2.0 if options.replicas == 2 else 1.0)
                return []

            def close(self) -> None:
                pass

        return Recognizer()

    def calibrate(self, folder: Path, **facts: Any) -> Any:
        return calibrate(model_facts(**facts), CPU, folder, make=self.make, clock=lambda: self.now)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setattr("subkit.decode.calibration.available_cores", lambda: 4)
    return Machine()


def test_the_fastest_is_kept_and_not_tried_again(machine: Machine, tmp_path: Path) -> None:
    best = machine.calibrate(tmp_path / "new")
    assert (best.threads, best.replicas, best.batch_size) == (2, 2, 8)
    assert best.speed == pytest.approx(2.0)
    assert best.applied(CPU).replicas == 2
    tried = len(machine.tried)
    assert tried > 1
    assert machine.calibrate(tmp_path / "new") == best
    assert len(machine.tried) == tried
    machine.calibrate(tmp_path / "new", digest="sha256:other")
    assert len(machine.tried) == 2 * tried


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"threads": 1}', '{"threads": 1, "replicas": 0, "batch_size": 8}']
)
def test_a_broken_file_is_made_again(machine: Machine, tmp_path: Path, text: str) -> None:
    best = machine.calibrate(tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_text(text)
    assert machine.calibrate(tmp_path) == best
    assert [path] == list(tmp_path.iterdir())


def test_no_memory_for_any(machine: Machine, tmp_path: Path) -> None:
    machine.fails = True
    with pytest.raises(DeviceError, match="out of memory"):
        machine.calibrate(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        machine.calibrate(tmp_path / "file")


@pytest.mark.parametrize("cores", [1, 2, 3, 4, 8, 64, 255])
def test_no_more_threads_than_cores(cores: int) -> None:
    found = candidates("cpu", cores, CPU)
    assert found
    assert all(1 <= one.threads * one.replicas <= cores for one in found)
    assert len({(one.threads, one.replicas) for one in found}) == len(found)


def test_with_the_real_engine(
    clips: dict[str, Clip], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.decode.conftest import make_window

    monkeypatch.setattr("subkit.decode.calibration.available_cores", lambda: 1)
    best = calibrate(model_facts(), CPU, tmp_path, windows=[make_window(clips["en"].samples)])
    assert (best.threads, best.replicas) == (1, 1)
    assert best.speed > 0
