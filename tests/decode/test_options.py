from __future__ import annotations

from typing import Any

import pytest

from subkit.decode import RecognitionOptions
from subkit.errors import PlanError


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("beam_size", 0),
        ("beam_size", 101),
        ("best_of", 10**6),
        ("batch_size", 10**6),
        ("replicas", 10**6),
        ("threads", 10**6),
        ("threads", -1),
        ("patience", float("inf")),
        ("patience", float("nan")),
        ("length_penalty", -1.0),
        ("repetition_penalty", 0.0),
        ("no_repeat_ngram_size", 10**9),
        ("temperatures", ()),
        ("temperatures", (0.0,) * 100),
        ("temperatures", (float("nan"),)),
        ("device_index", (10**9,)),
        ("alternatives", 6),
        ("initial_prompt", "a" * 10**6),
        ("prefix", "a" * 10**6),
        ("hotwords", "a" * 10**6),
    ],
)
def test_what_is_out_of_range_is_refused_in_one_short_sentence(name: str, value: Any) -> None:
    with pytest.raises(PlanError, match=f"option {name} cannot be") as caught:
        RecognitionOptions(**{name: value})
    assert len(caught.value.message) < 1000
