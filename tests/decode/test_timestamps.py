from __future__ import annotations

from subkit.decode.timestamps import Piece, split_by_timestamps

TEXT_END, ZERO = 100, 200


def split(*tokens: int) -> tuple[list[Piece], float | None]:
    return split_by_timestamps(tokens, text_end=TEXT_END, timestamp_begin=ZERO)


def at(seconds: float) -> int:
    return ZERO + round(seconds / 0.02)


def test_one_closed_piece_keeps_its_own_start() -> None:
    assert split(at(0.5), 1, 2, at(2)) == ([Piece((1, 2), 0.5, 2.0)], None)


def test_two_pieces_closed() -> None:
    found = split(at(0.5), 1, at(1), at(1.5), 2, at(2))
    assert found == ([Piece((1,), 0.5, 1.0), Piece((2,), 1.5, 2.0)], None)


def test_an_unfinished_piece_is_left_to_the_next_pass() -> None:
    assert split(at(0.5), 1, at(8), at(8.4), 2, 3) == ([Piece((1,), 0.5, 8.0)], 8.0)


def test_a_pair_at_the_end_resumes_there() -> None:
    assert split(at(0), 1, at(8), at(8)) == ([Piece((1,), 0.0, 8.0)], 8.0)


def test_no_timestamps_at_all() -> None:
    assert split(1, 2) == ([Piece((1, 2), None, None)], None)
    assert split() == ([Piece((), None, None)], None)


def test_marks_that_are_no_text_are_left_out() -> None:
    assert split(at(0), 1, 150, 2, at(1))[0] == [Piece((1, 2), 0.0, 1.0)]
