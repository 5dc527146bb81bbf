"""What a reviewer does on the page, and that it is in the project when the page says so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import subkit
from subkit.model import ReviewState
from subkit.store import ProjectFile
from tests.review.page.conftest import saving, shows
from tests.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.review.page.conftest import Served

    Serve = Callable[..., Served]
    Visit = Callable[..., Page]

GUIDE = (Path(__file__).parents[3] / "docs" / "review.md").read_text(encoding="utf-8")
NOW = '.row[aria-selected="true"]'


def to_cue(page: Page, cue: str) -> None:
    page.fill("#search", "")
    page.keyboard.press("Escape")
    page.evaluate(f"import('/static/store.js').then(m => m.store.select({cue!r}))")
    page.wait_for_selector(f'{NOW}[data-cue="{cue}"]')
    page.focus(NOW)


def test_a_cue_is_edited_and_saved_by_itself(serve: Serve, visit: Visit) -> None:
    served = serve()
    page = visit(served)
    to_cue(page, "c0002")
    with saving(page):
        page.keyboard.press("Enter")
        page.keyboard.press("Control+A")
        page.keyboard.type("새로운 말")
        speed = 4.5 / float(served.document().track("ko").cue("c0002").span.duration)
        assert f"{speed:.1f}/12 CPS" in page.inner_text(f"{NOW} .meters")  # while typing
    cue = served.document().track("ko").cue("c0002")
    assert cue.lines == ("새로운 말",)
    assert cue.review.state is ReviewState.EDITED
    assert cue.provenance is not None
    assert cue.provenance.actor == "Ana"
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    page.wait_for_selector("#history ins")
    assert "새로운 말" in page.inner_text("#history")


def test_undo_and_redo(serve: Serve, visit: Visit) -> None:
    served = serve()
    page = visit(served)
    to_cue(page, "c0002")
    before = served.document().track("ko").cue("c0002").lines
    with saving(page):
        page.keyboard.press("1")
    chosen = served.document().track("ko").cue("c0002").lines
    assert chosen != before
    with saving(page):
        page.keyboard.press("Control+z")
    assert served.document().track("ko").cue("c0002").lines == before
    with saving(page):
        page.keyboard.press("Control+Shift+Z")
    assert served.document().track("ko").cue("c0002").lines == chosen


def test_an_edge_is_dragged_to_a_frame(serve: Serve, visit: Visit) -> None:
    served = serve()
    page = visit(served)
    to_cue(page, "c0003")
    cue = served.document().track("ko").cue("c0003")
    place = page.evaluate(
        "import('/static/wave.js').then(w => { const s = w.state(); return [s.zoom, s.left]; })"
    )
    box = page.locator("#peaks").bounding_box()
    assert box is not None
    x = box["x"] + (float(cue.span.end) - place[1]) * place[0]
    with saving(page):
        page.mouse.move(x, box["y"] + 50)
        page.mouse.down()
        page.mouse.move(x - 30, box["y"] + 50, steps=4)
        page.mouse.up()
    project = served.document()
    moved = project.track("ko").cue("c0003").span
    assert moved.start == cue.span.start
    assert 0.3 < float(cue.span.end - moved.end) < 0.7
    rate = project.media.frame_rate
    assert rate is not None
    assert moved.end == rate.snap(moved.end)


def test_split_at_the_caret_and_merge(serve: Serve, visit: Visit) -> None:
    served = serve()
    page = visit(served)
    to_cue(page, "c0003")
    whole = served.document().track("ko").cue("c0003")
    with saving(page):
        page.keyboard.press("Enter")
        page.keyboard.press("Control+Home")
        for _ in range(whole.lines[0].index(" ") + 1):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Control+Shift+Enter")
    cues = served.document().track("ko").cues
    place = [cue.id for cue in cues].index("c0003")
    first, second = cues[place : place + 2]
    assert " ".join((*first.lines, *second.lines)) == " ".join(whole.lines)
    assert first.span.end <= second.span.start
    to_cue(page, "c0003")
    with saving(page):
        page.keyboard.press("m")
    merged = served.document().track("ko").cue("c0003")
    assert " ".join(merged.lines) == " ".join(whole.lines)
    assert merged.span == whole.span


def test_approval_of_a_cue_and_of_the_track(serve: Serve, visit: Visit) -> None:
    served = serve()
    page = visit(served)
    to_cue(page, "c0001")
    with saving(page):
        page.keyboard.press("a")
    assert served.document().track("ko").cue("c0001").review.state is ReviewState.APPROVED
    page.wait_for_selector(f"{NOW} .approved")
    page.keyboard.press("A")
    page.wait_for_selector("#dialog[open]")
    assert "Sign off ko" in page.inner_text("#dialog")
    with saving(page):
        page.click("#dialog button.main")
    project = served.document()
    assert all(cue.review.state is ReviewState.APPROVED for cue in project.track("ko").cues)
    assert any(signed.track == "ko" and not signed.cues for signed in project.signoffs)


def test_comments_locks_and_speech(serve: Serve, visit: Visit) -> None:
    served = serve()
    page = visit(served)
    to_cue(page, "c0004")
    page.keyboard.press("c")
    with saving(page):
        page.keyboard.type("이 말이 맞나요?")
        page.keyboard.press("Enter")
    with saving(page):
        page.keyboard.press("l")
    cue = served.document().track("ko").cue("c0004")
    assert (cue.comments[0].text, cue.comments[0].actor, cue.locked) == (
        "이 말이 맞나요?",
        "Ana",
        True,
    )
    page.keyboard.press("Enter")
    assert page.locator("#rows textarea").count() == 0
    assert "is locked" in page.inner_text("#status")
    page.keyboard.press("s")
    page.wait_for_selector("#dialog[open]")
    assert "seconds of voice" in page.inner_text("#dialog")


def test_a_project_without_a_film_is_edited_and_approved(
    serve: Serve, visit: Visit, tmp_path: Path
) -> None:
    path = tmp_path / "film.en.srt"
    path.write_text("1\n00:00:01,101 --> 00:00:03,337\nPlease help me, Hugo.\n")
    options = subkit.RunOptions(translator="demo", offline=True)
    done = subkit.translate(path, to="ko", options=options)
    assert done.path is not None
    served = serve(path=done.path)
    page = visit(served)
    shows(page, "#media-note", "This project has no film")
    to_cue(page, "1")
    page.keyboard.press("Space")
    shows(page, "#media-note", "There is nothing to play")
    with saving(page):
        page.keyboard.press("Enter")
        page.keyboard.type("다시 쓴 말")
    page.keyboard.press("Escape")
    with saving(page):
        page.keyboard.press("a")
    cue = served.document().track("ko").cue("1")
    assert "다시 쓴 말" in cue.text
    assert cue.review.state is ReviewState.APPROVED
    assert cue.span == served.document().track("en").cue("1").span
    page.keyboard.press("s")
    shows(page, "#dialog", "Nobody listened for voice yet")


def test_the_next_in_the_queue_is_one_key_away(serve: Serve, visit: Visit) -> None:
    page = visit(serve())
    items = page.evaluate(
        "fetch('/api/risk?track=ko').then(r => r.json()).then(r => r.items.map(i => i.cue))"
    )
    assert items
    page.focus(NOW)
    to_cue(page, next(cue for cue in ("c0001", "c0002", "c0003") if cue != items[0]))
    page.keyboard.press("n")
    page.wait_for_selector(f'{NOW}[data-cue="{items[0]}"]')
    assert page.locator("#panel .reason").count() >= 1
    page.select_option("#filter", "queue")
    assert page.get_attribute("#list", "aria-rowcount") == str(len(items))
    assert page.locator(".row .why").count() >= 1


def test_two_reviewers_see_each_other_and_lose_nothing(serve: Serve, visit: Visit) -> None:
    served = serve()
    ana, ben = visit(served), visit(served, "Ben")
    to_cue(ana, "c0005")
    to_cue(ben, "c0005")
    shows(ana, "#people", "Ben")
    for page in (ana, ben):
        page.keyboard.press("Enter")
        page.keyboard.press("Control+A")
    ana.keyboard.insert_text("아나의 말")  # at once: one save each
    ben.keyboard.insert_text("벤의 말")

    def refused() -> list[Page]:
        return [page for page in (ana, ben) if page.locator("#dialog[open]").count()]

    wait_until(refused)
    loser, winner = (ana, ben) if refused() == [ana] else (ben, ana)
    mine, theirs = ("아나의 말", "벤의 말") if loser is ana else ("벤의 말", "아나의 말")
    assert served.document().track("ko").cue("c0005").text == theirs
    shown = loser.inner_text("#dialog")
    assert mine in shown
    assert theirs in shown
    with saving(loser):
        loser.click("#dialog button.main")
    assert served.document().track("ko").cue("c0005").text == mine
    winner.keyboard.press("Escape")
    shows(winner, NOW, mine)
    with ProjectFile.open(served.path, writable=False) as file:
        assert file.verify() is None
        texts = [str(entry.after) for entry in file.ledger(cue="c0005", track="ko")]
    assert all(any(text in entry for entry in texts) for text in (mine, theirs))


def test_what_was_saved_outlives_a_killed_server(serve: Serve, visit: Visit) -> None:
    served = serve()
    page = visit(served)
    to_cue(page, "c0006")
    with saving(page):
        page.keyboard.press("Enter")
        page.keyboard.press("Control+A")
        page.keyboard.type("saved before")
    served.kill()
    page.keyboard.type(" and typed after")
    shows(page, "#status", "kept here")
    assert served.document().track("ko").cue("c0006").lines == ("saved before",)
    again = serve(path=served.path, port=served.port)
    page.goto(again.url)
    page.wait_for_selector("body[data-ready]")
    to_cue(page, "c0006")
    assert "saved before and typed after" in page.inner_text(NOW)  # the draft was kept
    with saving(page):
        page.keyboard.press("Enter")
        page.keyboard.type("!")
    assert again.document().track("ko").cue("c0006").lines == ("saved before and typed after!",)
    with ProjectFile.open(served.path, writable=False) as file:
        assert file.verify() is None


def test_captions_are_those_of_the_track(serve: Serve, visit: Visit) -> None:
    served = serve()
    page = visit(served)
    for cue in served.document().track("ko").cues:
        page.evaluate(
            "(at) => import('/static/player.js').then(m => m.seek(at))", float(cue.span.start)
        )
        shows(page, f'.caption[data-cue="{cue.id}"]', cue.lines[0])
        assert page.inner_text(".caption") == cue.text
        assert page.locator(".caption").count() == 1
    with saving(page):
        to_cue(page, "c0001")
        page.keyboard.press("1")
    chosen = served.document().track("ko").cue("c0001")
    shows(page, ".caption", chosen.lines[-1])  # the first line may be that of the text before
    assert page.inner_text(".caption") == chosen.text


def test_the_help_and_the_guide_list_every_shortcut(serve: Serve, visit: Visit) -> None:
    page = visit(serve())
    page.keyboard.press("?")
    page.wait_for_selector("#dialog[open]")
    shown = page.evaluate(
        "[...document.querySelectorAll('#dialog tr')]"
        ".map(row => [...row.cells].map(cell => cell.textContent))"
    )
    named = page.evaluate(
        "import('/static/keys.js')"
        ".then(k => [...k.KEYS, ...k.TYPING].filter(([, name]) => name).map(([, name]) => name))"
    )
    assert sorted(name for _, name in shown) == sorted(named)
    assert len(named) > 30
    assert re.findall(r"^\| <kbd>(.+)</kbd> \| (.+) \|$", GUIDE, re.MULTILINE) == [
        tuple(row) for row in shown
    ]


def test_the_pictures_of_the_guide_are_small() -> None:
    from tests.review.page.test_screenshots import IMAGES, MOST_BYTES, PICTURES

    linked = set(re.findall(r"\(images/([a-z-]+)\.png\)", GUIDE))
    assert linked == set(PICTURES) == {path.stem for path in IMAGES.iterdir()}
    assert max(path.stat().st_size for path in IMAGES.iterdir()) < MOST_BYTES
