"""Devices, compute types and the CUDA libraries."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from subkit.engines import choose_device, cuda, cuda_facts, devices
from subkit.engines.devices import compute_types
from subkit.errors import DeviceError

if TYPE_CHECKING:
    from pathlib import Path


def test_the_cpu_is_always_there() -> None:
    device = choose_device("cpu")
    assert device.name == "cpu"
    assert device.compute_type in compute_types("cpu")
    assert str(device).startswith("cpu (")


def test_auto_without_cuda_is_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "count_cuda_devices", lambda: 0)
    assert choose_device("auto").name == "cpu"


def test_auto_with_a_device_but_without_its_libraries_is_the_cpu(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(devices, "count_cuda_devices", lambda: 1)
    monkeypatch.setattr(devices, "load_cuda_libraries", lambda: ["libcublas.so.12"])
    assert choose_device("auto").name == "cpu"
    with pytest.raises(DeviceError, match=r"libcublas\.so\.12") as caught:
        choose_device("cuda")
    assert "nvidia-cublas-cu12" in caught.value.remedy


def test_auto_with_cuda_computes_in_float16(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "count_cuda_devices", lambda: 2)
    monkeypatch.setattr(devices, "load_cuda_libraries", list)
    monkeypatch.setattr(devices, "compute_types", lambda name, index=0: ("float16", "float32"))
    assert str(choose_device("auto")) == "cuda:0 (float16)"
    assert str(choose_device("cuda:1", "float32")) == "cuda:1 (float32)"
    with pytest.raises(DeviceError, match="no CUDA device 2"):
        choose_device("cuda:2")


@pytest.mark.parametrize("requested", ["tpu", "", "cpu:1", "auto:1", "cuda:x", "cuda:-1"])
def test_other_devices_are_refused(requested: str) -> None:
    with pytest.raises(DeviceError, match="is not a device") as caught:
        choose_device(requested)
    assert "auto, cpu, cuda" in caught.value.remedy


def test_cuda_without_a_device_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "count_cuda_devices", lambda: 0)
    with pytest.raises(DeviceError, match="sees none"):
        choose_device("cuda")


@pytest.mark.parametrize("kind", ["float64", "fast", ""])
def test_other_compute_types_are_refused_with_those_there_are(kind: str) -> None:
    with pytest.raises(DeviceError) as caught:
        choose_device("cpu", kind)
    assert "float32" in caught.value.remedy


def test_a_library_that_is_missing_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "_wanted", lambda: ("libsubkit-none.so.12",))
    monkeypatch.setattr(cuda, "count_cuda_devices", lambda: 1)
    facts = cuda_facts()
    (library,) = facts.libraries
    assert not library.found
    assert "libsubkit-none.so.12" in library.fault
    assert "nvidia-cublas-cu12" in facts.remedy
    assert cuda.load_cuda_libraries() == ["libsubkit-none.so.12"]


@pytest.mark.skipif(sys.platform != "linux", reason="looks for a library of Linux")
def test_a_library_of_the_system_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "_wanted", lambda: ("libc.so.6",))
    facts = cuda_facts()
    assert facts.libraries[0].found
    assert facts.remedy == ""
    assert cuda.load_cuda_libraries() == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks for a library of Linux")
def test_a_library_in_a_wheel_is_found_where_the_system_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "nvidia" / "cublas" / "lib"
    folder.mkdir(parents=True)
    (tmp_path / "nvidia" / "__init__.py").touch()
    # A real library under a name that only the wheel has.
    (folder / "libsubkit-wheel.so.12").symlink_to(_ctypes_extension())
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(cuda, "_wanted", lambda: ("libsubkit-wheel.so.12",))
    (library,) = cuda_facts().libraries
    assert library.found
    assert library.path == str(folder / "libsubkit-wheel.so.12")
    assert cuda.load_cuda_libraries() == []


def test_nothing_is_asked_of_a_machine_without_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "count_cuda_devices", lambda: 0)
    facts = cuda_facts()
    assert facts.devices == 0
    assert facts.remedy == ""


def _ctypes_extension() -> str:
    with open("/proc/self/maps", encoding="utf-8") as maps:  # noqa: PTH123
        return next(line.split()[-1] for line in maps if "libc.so" in line or "libc-" in line)
