"""The pure parts of the page's modules, tested in Node without a browser."""

from __future__ import annotations

import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

MODULES = Path(__file__).parent / "modules"


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
@pytest.mark.parametrize("path", sorted(MODULES.glob("*.test.js")), ids=lambda path: path.name)
def test_pure_parts_of_the_page_hold(path: Path, tmp_path: Path) -> None:
    shutil.copytree(str(files("subkit.review") / "static"), tmp_path / "static")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "tests").mkdir()
    copy = shutil.copy(path, tmp_path / "tests")
    command = ["node", "--test", "--test-reporter=tap", str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# pass 0" not in done.stdout
