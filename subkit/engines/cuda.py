"""The CUDA libraries that CTranslate2 opens when it first computes on a GPU."""

from __future__ import annotations

import ctypes
import importlib.util
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "INSTALL_REMEDY",
    "CudaFacts",
    "CudaLibrary",
    "count_cuda_devices",
    "cuda_facts",
    "load_cuda_libraries",
]

# What the CTranslate2 4 wheels open by name (dlopen) on first use, in the order in which they must
# be loaded: cuBLAS needs cuBLASLt. The CUDA runtime is linked into the wheel; cuDNN is not used.
_LINUX = ("libcublasLt.so.12", "libcublas.so.12")
_WINDOWS = ("cublasLt64_12.dll", "cublas64_12.dll")
_DRIVER = {"linux": "libcuda.so.1", "win32": "nvcuda.dll"}

INSTALL_REMEDY = (
    "Install cuBLAS of CUDA 12 beside subkit (pip install nvidia-cublas-cu12); libraries of "
    "CUDA 13 do not take its place. Or use the CPU: --device cpu"
)
_PROBE = "import ctypes, sys; [ctypes.CDLL(name, ctypes.RTLD_GLOBAL) for name in sys.argv[1:]]"
_PROBE_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CudaLibrary:
    """A library that is wanted.

    Attributes:
        name: As it is opened.
        found: It loads, from the system or from a wheel.
        path: Where in a wheel it lies; empty for one of the system.
        fault: Why it does not load; empty if it does.
    """

    name: str
    found: bool
    path: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CudaFacts:
    """What ``subkit doctor`` says of CUDA.

    Attributes:
        devices: How many CUDA devices CTranslate2 sees.
        driver: The NVIDIA driver's library loads.
        libraries: The libraries wanted, and whether each was found.
        remedy: What to do; empty where nothing is missing or there is no device.
    """

    devices: int
    driver: bool
    libraries: tuple[CudaLibrary, ...]
    remedy: str = ""


def count_cuda_devices() -> int:
    """Number of CUDA devices that CTranslate2 sees; 0 where the driver is missing."""
    import ctranslate2

    try:
        return int(ctranslate2.get_cuda_device_count())
    except (RuntimeError, ValueError):
        return 0


def cuda_facts() -> CudaFacts:
    """Look for devices and libraries; libraries are tried in a child process each."""
    devices = count_cuda_devices()
    driver = _DRIVER.get(sys.platform, "")
    libraries = []
    before: list[str] = []
    for name in _wanted():
        library, spot = _look(name, before)
        libraries.append(library)
        before.append(spot)
    missing = [library.name for library in libraries if not library.found]
    remedy = INSTALL_REMEDY if devices and missing else ""
    return CudaFacts(
        devices=devices,
        driver=bool(driver) and not _probe([driver]),
        libraries=tuple(libraries),
        remedy=remedy,
    )


def load_cuda_libraries() -> list[str]:
    """Load the libraries into this process, out of the wheels where the system has none.

    CTranslate2 opens them by name alone, and the loader does not look into wheels: loaded
    beforehand, they are found.

    Returns:
        The names of those that cannot be loaded.
    """
    missing = []
    for name in _wanted():
        for spot in (name, *_in_wheels(name)):
            try:
                ctypes.CDLL(spot, mode=ctypes.RTLD_GLOBAL)
            except OSError:
                continue
            break
        else:
            missing.append(name)
    return missing


def _wanted() -> tuple[str, ...]:
    if sys.platform == "win32":
        return _WINDOWS
    return _LINUX if sys.platform == "linux" else ()


def _look(name: str, before: list[str]) -> tuple[CudaLibrary, str]:
    fault = _probe([*before, name])
    if not fault:
        return CudaLibrary(name=name, found=True), name
    for spot in _in_wheels(name):
        fault = _probe([*before, spot])
        if not fault:
            return CudaLibrary(name=name, found=True, path=spot), spot
    return CudaLibrary(name=name, found=False, fault=fault), name


def _probe(names: list[str]) -> str:
    """Why these libraries do not load one after the other; empty if they do."""
    command = [sys.executable, "-I", "-c", _PROBE, *names]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_PROBE_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"could not be tried: {error}"
    if done.returncode == 0:
        return ""
    lines = done.stderr.strip().splitlines()
    return lines[-1].removeprefix("OSError: ") if lines else f"exit code {done.returncode}"


def _in_wheels(name: str) -> list[str]:
    """Where the nvidia-* wheels of this environment have a library of that name."""
    spec = importlib.util.find_spec("nvidia")
    roots = list(spec.submodule_search_locations or ()) if spec else []
    return sorted(
        str(path) for root in roots for path in Path(root).glob(f"*/*/{name}") if path.is_file()
    )
