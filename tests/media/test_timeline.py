"""Laws of the timeline: every sample lands where it was sent."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from subkit.media.timeline import Timeline
from tests.media.conftest import Samples

MOVES = st.lists(st.tuples(st.integers(-50, 300), st.integers(0, 120)), max_size=12)


@given(MOVES, st.integers(1, 64))
def test_samples_land_on_their_numbers(moves: list[tuple[int, int]], block: int) -> None:
    timeline = Timeline(block)
    expected = np.zeros(2000, np.float32)
    out: list[Samples] = []
    end = 0
    for number, (target, count) in enumerate(moves):
        value = np.float32((number + 1) / 16)
        out.extend(timeline.move_to(target))
        out.extend(timeline.put(np.full(count, value, np.float32)))
        # What is already laid out stays; the rest goes where it belongs.
        begin = max(end, target, 0)
        end = max(begin, target + count)
        expected[begin : target + count if target + count > begin else begin] = value
    assert {len(part) for part in out} <= {block}
    out.extend(timeline.rest())
    samples = np.concatenate([*out, np.zeros(0, np.float32)])
    assert timeline.position == len(samples) == end
    assert np.array_equal(samples, expected[:end])
