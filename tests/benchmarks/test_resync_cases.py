"""What the benchmark of syncing holds for true is true of the cases that it makes."""

from __future__ import annotations

import numpy as np

from benchmarks.resync_cases import generated_title, make_cases

TITLES = [generated_title(1, 12), generated_title(2, 12)]


def test_offsets_and_ratios_lead_back_to_the_true_times() -> None:
    for case in make_cases(TITLES, ("offset", "hour", "ratio"), 3, wrong=TITLES):
        apart = case.true - case.given[:, 0] * float(case.ratio.factor)
        assert np.ptp(apart) < 1e-6
        assert bool(case.ratio.rates) == (case.kind == "ratio")


def test_cuts_keep_cues_in_order_and_strangers_have_no_place() -> None:
    for seed in range(6):
        for case in make_cases(TITLES, ("cuts",), seed, wrong=TITLES):
            assert len(case.given) == len(case.true)
            assert (np.diff(case.given[:, 0]) >= 0).all()
            placed = case.true[~np.isnan(case.true)]
            assert (np.diff(placed) > 0).all()
            assert set(placed) <= {time for title in TITLES for time in title.cues[:, 0]}


def test_a_wrong_film_is_another() -> None:
    for case in make_cases(TITLES, ("wrong",), 3, wrong=TITLES):
        own = next(title for title in TITLES if title.name == case.name)
        assert case.reference is not own.reference
        assert np.isnan(case.true).all()
