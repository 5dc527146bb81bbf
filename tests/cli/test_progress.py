"""Progress: what moves, what is said of speed and time left, and what a pipe gets."""

from __future__ import annotations

import io
import re
import sqlite3
from contextlib import closing
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from subkit.interfaces import Silent
from subkit.interfaces.pace import Pace
from subkit.model import Span
from subkit.pipeline import RunOptions, plan_run, run_plan
from subkit_cli import bars
from subkit_cli.bars import Drawing, LoggedProgress, clock_text
from subkit_cli.setting_groups import HEADINGS
from subkit_cli.settings import SETTINGS
from subkit_cli.terminal_output import drawing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OPTIONS = RunOptions(model="demo", offline=True, shots="none")


class Watch(Silent):
    """Keeps what it hears of the recognition."""

    def __init__(self) -> None:
        self.done: list[float] = []
        self.kept = 0.0
        self.texts: list[tuple[float, str]] = []

    def advance(self, stage: str, done: float) -> None:
        self.done += [done] if stage == "transcribe" else []

    def keep(self, stage: str, amount: float) -> None:
        self.kept += amount if stage == "transcribe" else 0

    def tell(self, stage: str, span: Span, text: str) -> None:
        self.texts.append((float(span.start), text))


def test_recognition_moves_window_by_window_with_its_text(speech: Path, tmp_path: Path) -> None:
    watch = Watch()
    outcome = run_plan(plan_run(speech, OPTIONS, folder=tmp_path), progress=watch)
    transcript = outcome.project.transcript
    assert transcript is not None
    spoken = [window for window in transcript.windows if window.score]
    assert len(watch.done) >= len(spoken) > 1
    assert watch.done == sorted(watch.done)
    assert watch.done[-1] <= float(outcome.project.media.duration)
    assert (outcome.kept, watch.kept) == (0, 0)
    words = "".join(word.text for word in transcript.words).replace(" ", "")
    told = "".join(text for _, text in sorted(watch.texts)).replace(" ", "")
    assert told == words

    again = Watch()
    outcome = run_plan(plan_run(speech, OPTIONS, folder=tmp_path), progress=again)
    assert again.texts == []
    assert again.kept == outcome.kept == pytest.approx(float(outcome.project.media.duration))
    assert outcome.speed == 0, "what an earlier run did says nothing of this one's speed"


def test_windows_of_a_stopped_run_are_kept_and_not_counted(speech: Path, tmp_path: Path) -> None:
    plan = plan_run(speech, OPTIONS, folder=tmp_path)
    run_plan(plan, progress=Watch())
    with closing(sqlite3.connect(plan.project)) as file, file:
        file.execute("DELETE FROM cache WHERE key LIKE 'transcribe/%'")
        keys = file.execute("SELECT key FROM cache WHERE key LIKE 'window/%'").fetchall()
        file.execute("DELETE FROM cache WHERE key = ?", keys[-1])
    watch = Watch()
    outcome = run_plan(plan, progress=watch)
    assert 0 < watch.kept < float(outcome.project.media.duration)
    assert outcome.kept == watch.kept


def test_time_left_is_unknown_until_something_was_measured() -> None:
    pace = Pace(100, began=0)
    assert pace.remaining(5) is None
    for done, now in ((10, 20), (20, 30)):
        pace.advance(done, now)
        assert pace.remaining(now) is None
    pace.advance(30, 40)
    assert pace.remaining(40) == pytest.approx(70), "10 s for each 10, the load not counted"
    assert pace.speed() == pytest.approx(30 / 40)


def test_time_left_counts_down_and_grows_only_when_work_is_late() -> None:
    pace = Pace(100, began=0)
    for step in range(1, 6):
        pace.advance(10 * step, 10 * step)
    left = [pace.remaining(now) for now in range(50, 61)]
    assert left == [pytest.approx(50 - gone) for gone in range(11)]
    late = [pace.remaining(now) or 0 for now in range(60, 80)]
    assert late == sorted(late)
    pace.advance(60, 61)
    assert (pace.remaining(61) or 0) == pytest.approx(40, abs=2), "no jump for a second's delay"


def test_kept_work_moves_the_bar_and_not_the_speed() -> None:
    pace = Pace(100, began=0)
    pace.keep(50)
    pace.advance(50, 1)
    assert (pace.done, pace.speed(), pace.remaining(1)) == (50, None, None)
    for step in range(1, 4):
        pace.advance(50 + 5 * step, 10 * step)
    assert pace.speed() == pytest.approx(0.5)
    assert pace.remaining(30) == pytest.approx(70)


def test_windows_that_come_together_count_as_one_step() -> None:
    pace = Pace(100, began=0)
    for done in (2, 4, 6, 8):
        pace.advance(done, 10)
    assert pace.remaining(10) is None


@pytest.fixture
def ticking() -> Callable[[], float]:
    """A clock that goes on by four seconds whenever it is looked at."""
    times = iter(range(0, 100_000, 4))
    return lambda: float(next(times))


def test_a_log_gets_whole_lines_without_control_characters(
    ticking: Callable[[], float], capsys: pytest.CaptureFixture[str]
) -> None:
    log = LoggedProgress(set(), clock=ticking)
    log.begin("transcribe", 1000.0, "s")
    for done in range(10, 1001, 10):
        log.advance("transcribe", float(done))
        log.tell("transcribe", Span(Fraction(done), Fraction(done)), "\x1b[31mtext")
    log.end("transcribe")
    lines = capsys.readouterr().err.splitlines()
    assert all(line.isprintable() for line in lines)
    assert len(lines) == 10, "one at each tenth and one at the end"
    assert re.fullmatch(r"transcribe: 30%, \d\.\d × real time, about [\d:]+ left", lines[2])
    assert re.fullmatch(r"transcribe: \d+\.\d s", lines[-1])


def test_bars_show_the_newest_text_on_one_line(ticking: Callable[[], float]) -> None:
    screen = drawing(io.StringIO(), force_terminal=True, width=100)
    shown: list[str] = []
    drawn, _ = bars._bars(screen)
    with drawn:
        bar = Drawing(drawn, set(), shown.append, clock=ticking)
        bar.begin("transcribe", 100.0, "s")
        bar.keep("transcribe", 50.0)
        bar.tell("transcribe", Span(Fraction(65), Fraction(66)), "Hello\nthere")
        bar.advance("transcribe", 60.0)
        assert drawn.tasks[0].completed == 60
        assert drawn.tasks[0].fields["speed"] == "2.5 × real time"
        bar.end("transcribe")
    assert shown == ["1:05  Hello there", ""]


def test_clock() -> None:
    assert [clock_text(s) for s in (0.4, 65, 3599.6, 7389)] == [
        "0:00",
        "1:05",
        "1:00:00",
        "2:03:09",
    ]


def test_json_and_quiet_say_nothing_of_progress(
    subkit: Callable[..., Any], speech: Path, tmp_path: Path
) -> None:
    words = ("run", speech, "-o", tmp_path / "out", "--model", "demo")
    quiet = subkit(*words, "-q")
    assert quiet.err == ""
    assert quiet.out.splitlines() == [
        str(tmp_path / "out" / name)
        for name in ("speech.subkit", "speech.en.srt", "speech.en.disclosure.json")
    ]
    facts = subkit(*words, "--json").json()["results"][0]
    assert facts["kept_seconds"] == facts["media_seconds"]
    assert facts["speed"] == 0
    assert "with the words of an earlier run" in subkit(*words).out


def test_every_setting_has_a_heading_in_help() -> None:
    assert set(HEADINGS) == set(SETTINGS)
