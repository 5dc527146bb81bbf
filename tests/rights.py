"""Being somebody who may not read everything, also where the tests run as root."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSION_3 = 0x20080522
_OVERRIDES = 1 << 1 | 1 << 2
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: what lets root pass by the permissions of files."""


@contextmanager
def without_overrides() -> Iterator[None]:
    """The permissions of files hold for root too, for a moment and in this thread.

    Root stays the owner of what it owns, Python's own modules among it: what is imported on the
    way still can be.
    """
    if not hasattr(os, "geteuid"):
        pytest.skip("files have no such permissions here")
    if os.geteuid():
        yield
        return
    if sys.platform != "linux":
        pytest.skip("root may read everything here")
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_VERSION_3, 0)
    rights = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; low words, high words
    assert not libc.capget(header, rights), os.strerror(ctypes.get_errno())
    before, rights[0] = rights[0], rights[0] & ~_OVERRIDES
    assert not libc.capset(header, rights), os.strerror(ctypes.get_errno())
    try:
        yield
    finally:
        rights[0] = before
        assert not libc.capset(header, rights), os.strerror(ctypes.get_errno())
