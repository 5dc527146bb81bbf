"""Every refiner keeps the contract of ``subkit.interfaces.Refiner``, behind its memory or not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from subkit.engines import RefineOptions
from subkit.engines.chat_refiner import ChatRefiner
from subkit.errors import EngineError
from subkit.interfaces import Refiner
from subkit.model import Media, Project
from subkit.pipeline import RunOptions
from subkit.pipeline.engine_cache import RememberingRefiner
from subkit.store import ProjectFile
from tests.engines.test_refining import Server, saying, server

__all__ = ["server"]

ASK = ("Who?", "¿Quién es?", "en", "es")


@pytest.fixture(params=["chat", "remembering"])
def refiner(request: pytest.FixtureRequest, server: Server, tmp_path: Path) -> Iterator[Any]:
    url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    options = RefineOptions(url=url, model="small", seconds=5, lines=3)
    if request.param == "chat":
        yield ChatRefiner(options)
        return
    media = Media(path="/film.mkv", digest="sha256:0", duration=Fraction(60))
    project = Project(title="film", media=media)
    with ProjectFile.create(tmp_path / "film.subkit", project, actor="test") as store:
        yield RememberingRefiner(store, RunOptions(refine=options))


def test_it_says_who_it_is_and_how_much_it_reads(refiner: Any) -> None:
    assert isinstance(refiner, Refiner)
    assert (refiner.name, refiner.lines) == ("small", 3)


def test_it_gives_a_text_or_none(refiner: Any, server: Server) -> None:
    server.answer = saying("¿Quién?")
    assert refiner.refine(*ASK) == "¿Quién?"
    server.answer = saying("  ")
    assert refiner.refine("What?", *ASK[1:]) is None


def test_all_that_it_is_told_reaches_the_model_and_shapes_the_answer(
    refiner: Any, server: Server
) -> None:
    def count(body: dict[str, Any]) -> bytes:
        asked = json.loads(body["messages"][1]["content"])
        return saying(f"{len(asked['before'])} {len(asked['asked'])}")(body)

    server.answer = count
    assert refiner.refine(*ASK) == "0 0"
    assert refiner.refine(*ASK, before=["She left."]) == "1 0"
    assert refiner.refine(*ASK, before=["She left."], wishes=["Be kind.", "Be brief."]) == "1 2"


def test_a_failure_is_an_engine_error(refiner: Any, server: Server) -> None:
    server.answer = lambda _body: b"no JSON"
    with pytest.raises(EngineError):
        refiner.refine(*ASK)


def test_the_memory_asks_once_for_the_same_and_again_for_another_context(
    refiner: Any, server: Server
) -> None:
    server.answer = saying("¿Quién?")
    for before in ((), (), ("She left.",), ("She left.",)):
        refiner.refine(*ASK, before=before)
    assert len(server.asked) == (2 if isinstance(refiner, RememberingRefiner) else 4)
