from __future__ import annotations

import pytest

from subkit.errors import PlanError
from subkit.formats import known_formats, reader_for, writer_for
from subkit.formats.ass import AssWriter
from subkit.formats.srt import SrtReader
from subkit.formats.webvtt import WebVttWriter


def test_formats_are_found_by_extension() -> None:
    assert isinstance(writer_for("ass"), AssWriter)
    assert isinstance(writer_for(".VTT"), WebVttWriter)
    assert isinstance(reader_for("srt"), SrtReader)


def test_every_known_format_does_what_its_facts_say() -> None:
    for facts in known_formats():
        assert facts.writes or facts.reads
        if facts.writes:
            assert writer_for(facts.name).extension == facts.extension
        else:
            with pytest.raises(PlanError, match="write"):
                writer_for(facts.name)
        if facts.reads:
            same = {known.extension for known in known_formats() if known.reader == facts.reader}
            assert reader_for(facts.name).extension in same
        else:
            with pytest.raises(PlanError, match="read"):
                reader_for(facts.name)


def test_an_unknown_format_names_the_nearest() -> None:
    with pytest.raises(PlanError, match="'srtt'") as error:
        writer_for("srtt")
    assert "Did you mean 'srt'?" in error.value.remedy
    assert "srt, vtt, ass" in error.value.remedy
