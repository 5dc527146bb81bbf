"""A real notebook, executed by a real kernel: tables, progress, and a table of data."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")

ROOT = Path(__file__).parents[2]
CELLS = [
    "import subkit\noptions = subkit.RunOptions(translator='demo', offline=True)",
    "done = subkit.translate('talk.en.srt', to='ko', options=options)",
    "checked = subkit.check('talk.en.srt', profile='netflix')\nchecked.findings",
    "done.track('ko')",
    "done.track('en').cues[0]",
    "done",
    "[row['rule'] for row in checked.findings.to_dicts()]",
]
SRT = """1
00:00:01,000 --> 00:00:03,000
Please help me,<i>Hugo</i>...

2
00:00:03,010 --> 00:00:03,600
Who is <script>alert(1)</script> & me?
"""


@pytest.mark.filterwarnings("ignore")  # of the notebook's own packages
def test_findings_tracks_and_cues_are_tables_in_a_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "talk.en.srt").write_text(SRT, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(ROOT), str(ROOT / "cli"))))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    client = nbclient.NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    _, work, findings, track, cue, result, rules = (cell.outputs for cell in notebook.cells)
    shown = "".join(_html(output) for output in work)
    assert "translate" in shown
    assert "demo models know only a small domain" in shown
    table = _html(findings[-1])
    assert table.startswith("<table>")
    assert "<td>missing-space</td>" in table
    assert "<th>measured</th>" in table
    for output in (findings, track, cue, result):
        assert "<script>" not in _html(output[-1])
    assert "&lt;script&gt;" in _html(track[-1]) or "&amp;" in _html(track[-1])
    assert "2 cues" in _html(track[-1])
    assert "<td>1</td>" in _html(cue[-1])
    assert "missing-space" in rules[-1]["data"]["text/plain"]


def _html(output: Any) -> str:
    data: dict[str, str] = output.get("data", {})
    return data.get("text/html", "")
