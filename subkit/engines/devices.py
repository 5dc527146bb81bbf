"""Which device and compute type to run on."""

from __future__ import annotations

from dataclasses import dataclass

from subkit.engines.cuda import INSTALL_REMEDY, count_cuda_devices, load_cuda_libraries
from subkit.errors import DeviceError

__all__ = ["Device", "choose_device", "compute_types"]

_PREFERRED = {
    # int8 weights with float32 sums: the fastest that every CPU with AVX or NEON has.
    "cpu": ("int8", "int8_float32", "float32"),
    # float16 from compute capability 7.0 on; older cards have int8 or float32 only.
    "cuda": ("float16", "int8_float16", "int8", "float32"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Where a model runs.

    Attributes:
        name: ``"cpu"`` or ``"cuda"``.
        compute_type: CTranslate2's name for how it computes, for example ``"int8"``.
        index: Which CUDA device.
    """

    name: str
    compute_type: str
    index: int = 0

    def __str__(self) -> str:
        """For people: ``"cpu (int8)"``, ``"cuda:0 (float16)"``."""
        place = f"cuda:{self.index}" if self.name == "cuda" else self.name
        return f"{place} ({self.compute_type})"


def choose_device(requested: str = "auto", compute_type: str = "auto") -> Device:
    """The device and compute type to use.

    Args:
        requested: ``"auto"`` (CUDA where there is a device whose libraries load, else the CPU),
            ``"cpu"``, ``"cuda"`` or ``"cuda:1"``.
        compute_type: ``"auto"`` for the fastest sound one of the device, or one of CTranslate2's.

    Raises:
        DeviceError: That device or compute type is not here; the remedy lists what is.
    """
    name, _, number = requested.partition(":")
    count = count_cuda_devices() if name in {"auto", "cuda"} else 0
    index = 0
    if name == "auto" and not number:
        name = "cuda" if count and _cuda_works() else "cpu"
    elif name == "cuda":
        index = _index(requested, number, count)
        _need_cuda_libraries()
    elif requested != "cpu":
        message = f'"{requested}" is not a device.'
        raise DeviceError(message, remedy="Devices are: auto, cpu, cuda, cuda:N.")
    return Device(name=name, compute_type=_compute_type(name, index, compute_type), index=index)


def compute_types(device: str, index: int = 0) -> tuple[str, ...]:
    """The compute types that a device has, sorted.

    Raises:
        DeviceError: CTranslate2 cannot use the device.
    """
    import ctranslate2

    try:
        return tuple(sorted(ctranslate2.get_supported_compute_types(device, index)))
    except (RuntimeError, ValueError) as error:
        message = f"CTranslate2 cannot use {device}: {error}."
        raise DeviceError(message, remedy="Run: subkit doctor") from error


def _compute_type(name: str, index: int, requested: str) -> str:
    supported = compute_types(name, index)
    if requested in {"auto", "default"}:
        return next((kind for kind in _PREFERRED[name] if kind in supported), "float32")
    if requested not in supported:
        message = f'{name} cannot compute in "{requested}".'
        raise DeviceError(message, remedy=f"It can in: auto, {', '.join(supported)}.")
    return requested


def _index(requested: str, number: str, count: int) -> int:
    if number and not number.isdigit():
        message = f'"{requested}" is not a device.'
        raise DeviceError(message, remedy="Devices are: auto, cpu, cuda, cuda:N.")
    index = int(number or 0)
    if index >= count:
        message = f"There is no CUDA device {index} here: CTranslate2 sees {count or 'none'}."
        remedy = "Use the CPU (--device cpu), or run: subkit doctor"
        raise DeviceError(message, remedy=remedy, count=count)
    return index


def _cuda_works() -> bool:
    return not load_cuda_libraries()


def _need_cuda_libraries() -> None:
    missing = load_cuda_libraries()
    if missing:
        message = f"There is a CUDA device, but not the libraries for it: {', '.join(missing)}."
        raise DeviceError(message, remedy=INSTALL_REMEDY, missing=tuple(missing))
