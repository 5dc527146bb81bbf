"""Jobs go through a ledger and come back the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from subkit.batch import TitleJob
from subkit.batch.job_data import job_from_text, job_text
from subkit.decode import RecognitionOptions
from subkit.engines import RefineOptions
from subkit.errors import PlanError, SchemaError
from subkit.pipeline import RunOptions
from subkit.styles import Styles, own_style, read_own_styles

if TYPE_CHECKING:
    from subkit.interfaces import Translator

JOB = TitleJob(
    id="s/é",
    media=Path("/films/é\n.mkv"),
    options=RunOptions(
        to=("ko", "es"),
        shots=Path("/films/cuts.edl"),
        recognition=RecognitionOptions(language="en", hotwords="Ana\nBen"),
        refine=RefineOptions(url="http://localhost:1", model="m"),
        memories=(Path("a.tmx"),),
    ),
    formats=("srt", "vtt"),
    priority=-3,
    deadline="2027-01-01",
)


def test_a_job_comes_back_the_same() -> None:
    assert job_from_text(job_text(JOB)) == JOB
    assert job_text(job_from_text(job_text(JOB))) == job_text(JOB)


def test_styles_of_ones_own_go_along(tmp_path: Path) -> None:
    file = tmp_path / "house.toml"
    file.write_text(own_style("ours", inherits="subkit"), encoding="utf-8")
    styles = Styles(profile="ours", own=read_own_styles(file))
    job = replace(JOB, options=RunOptions(style=styles))
    assert job_from_text(job_text(job)) == job


def test_an_object_cannot_go_along() -> None:
    options = RunOptions(translator_plugin=cast("Translator", object()))
    with pytest.raises(PlanError, match="run in other processes"):
        job_text(replace(JOB, options=options))


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", "1", '{"class": "Popen", "fields": {}}', '{"class": "TitleJob"}',
        '{"class": "TitleJob", "fields": {"id": "a"}}', '{"class": "Styles", "fields": {}}',
        '{"class": "TitleJob", "fields": {"id": "a", "media": {"path": 1}}}', "[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_job_is_refused(text: Any) -> None:
    with pytest.raises(SchemaError):
        job_from_text(text)
