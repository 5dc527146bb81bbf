"""An answer that gets lost: what was sent is in the project, and the page is not told so."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from subkit.store import ProjectFile
from tests.review.page.conftest import nothing_is_unsaved, saving, shows
from tests.review.page.test_page import NOW, to_cue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page, Route

    from tests.review.page.conftest import Served

    Serve = Callable[..., Served]
    Visit = Callable[..., Page]

EDIT, EVENTS = "**/api/edit", "**/api/events*"


def drop(route: Route) -> None:
    """The server does what it is asked for; then the connection breaks."""
    route.fetch()
    route.abort("connectionreset")


@contextmanager
def deaf(page: Page) -> Iterator[None]:
    """Within, the page hears neither answers to its edits nor of what happens at the server."""
    page.route(EVENTS, lambda route: route.abort())
    page.reload()  # a stream that is open is not routed
    page.wait_for_selector("body[data-ready]")
    page.route(EDIT, drop)
    yield
    page.unroute(EDIT)


def retype(page: Page, cue: str, text: str) -> None:
    to_cue(page, cue)
    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)  # at once, so that it is one save


def texts(served: Served, cue: str) -> list[object]:
    """What each edit made of a cue's text, in order."""
    with ProjectFile.open(served.path, writable=False) as file:
        assert file.verify() is None
        entries = list(file.ledger(cue=cue, track="ko"))
    return [entry.after["lines"] for entry in entries if entry.after and entry.action == "retext"]


def nothing_is_unsaved_but(page: Page, text: str, *, sent: int) -> None:
    """Wait until one draft is kept, which was sent so many times."""
    page.wait_for_function(
        "([text, sent]) => { const all = JSON.parse(sessionStorage['subkit-drafts']);"
        " const [one] = Object.values(all);"
        " return one.text === text && one.sent.length === sent; }",
        arg=[text, sent],
    )


def test_a_lost_answer_makes_no_conflict(serve: Serve, visit: Visit) -> None:
    served = serve()
    page = visit(served)
    with deaf(page):
        retype(page, "c0006", "하나")
        shows(page, "#status", "Not saved")
        page.keyboard.insert_text(" 둘")  # refused: the first is in the project
        nothing_is_unsaved_but(page, "하나 둘", sent=2)
    with saving(page):
        page.keyboard.insert_text(" 셋")
    assert page.locator("#dialog[open]").count() == 0
    assert texts(served, "c0006") == [["하나"], ["하나 둘 셋"]]


@pytest.mark.parametrize("after", ["", " 둘"])
def test_what_had_no_answer_outlives_the_server(serve: Serve, visit: Visit, after: str) -> None:
    served = serve()
    page = visit(served)
    with deaf(page):
        retype(page, "c0006", "하나")
        shows(page, "#status", "Not saved")
        served.kill()
    page.keyboard.insert_text(after)
    again = serve(path=served.path, port=served.port)
    page.goto(again.url)
    page.wait_for_selector("body[data-ready]")
    if not after:
        nothing_is_unsaved(page)  # the project has what was kept here
    to_cue(page, "c0006")
    assert f"하나{after}" in page.inner_text(NOW)
    with saving(page):
        page.keyboard.press("Enter")
        page.keyboard.insert_text("!")
    assert page.locator("#dialog[open]").count() == 0
    assert texts(again, "c0006") == [["하나"], [f"하나{after}!"]]


def test_what_others_wrote_after_a_lost_answer_is_a_conflict(serve: Serve, visit: Visit) -> None:
    served = serve()
    ana, ben = visit(served), visit(served, "Ben")
    with deaf(ana):
        retype(ana, "c0006", "아나의 말")
        shows(ana, "#status", "Not saved")
        shows(ben, '.row[data-cue="c0006"]', "아나의 말")
        with saving(ben):
            retype(ben, "c0006", "벤의 말")
    ana.keyboard.insert_text("!")
    ana.wait_for_selector("#dialog[open]")
    shows(ana, "#dialog", "벤의 말")
    shows(ana, "#dialog", "아나의 말!")
    assert texts(served, "c0006") == [["아나의 말"], ["벤의 말"]]
    ana.click("#dialog button:has-text('Take theirs')")
    shows(ana, NOW, "벤의 말")
    nothing_is_unsaved(ana)
    assert texts(served, "c0006") == [["아나의 말"], ["벤의 말"]]
