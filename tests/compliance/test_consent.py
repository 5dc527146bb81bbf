"""Consent: nothing is permitted but what one grant covers in every respect."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.compliance.consent import (
    Grant,
    Register,
    VoicePurpose,
    VoiceRequest,
    Withdrawal,
    add_grant,
    load_register,
    permits,
    permits_recognition,
    read_grant,
    record_use,
    recording_digest,
    withdraw_grant,
)
from subkit.errors import ApprovalError, InputError, LockedError, StoreError
from subkit.model import canonical, from_plain, to_plain
from subkit.store.ledger import GENESIS, ChainEntry, seal
from subkit.store.lock import Lock

A, B = "sha256:" + "a" * 64, "sha256:" + "b" * 64
NOW = "2026-03-01T10:00:00.000Z"
GRANT = Grant(
    id="g1",
    performer="Min Seo",
    signed_by="Agent Lee",
    voice="min-1",
    recording=A,
    purposes=(VoicePurpose.SCRATCH,),
    titles=("The Old House",),
    languages=("ko", "en-GB"),
    media=("streaming",),
    territories=("KR", "JP"),
    start="2026-01-01",
    end="2026-12-31",
    compensation="day rate",
    withdrawal="by mail",
    evidence=B,
    signed="2026-02-01",
)
REQUEST = VoiceRequest(
    voice="min-1",
    recording=A,
    purpose=VoicePurpose.SCRATCH,
    title="The Old House",
    language="ko",
    media="streaming",
    territory="KR",
    on="2026-03-01",
)
WITHDRAWN = Withdrawal(grant="g1", since="2026-06-01", reason="asked")


def _register(*grants: Grant, withdrawals: tuple[Withdrawal, ...] = ()) -> Register:
    return Register(grants=grants, withdrawals=withdrawals)


def test_nothing_is_permitted_by_nothing() -> None:
    decision = permits(Register(), REQUEST)
    assert not decision.permitted
    assert decision.grant is None


def test_a_grant_permits_what_it_names() -> None:
    decision = permits(_register(GRANT), REQUEST)
    assert decision.permitted
    assert decision.grant == "g1"


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"voice": "min-2"}, "no grant for the voice"),
        ({"recording": B}, "another recording"),
        ({"purpose": VoicePurpose.FINAL}, "purpose final"),
        ({"title": "The New House"}, "title The New House"),
        ({"language": "ja"}, "language ja"),
        ({"language": "en"}, "language en"),
        ({"media": "theatrical"}, "medium theatrical"),
        ({"territory": "US"}, "territory US"),
        ({"territory": "001"}, "territory 001"),
        ({"training": True}, "training"),
        ({"on": "2026-01-15"}, "begins on 2026-02-01"),
        ({"on": "2027-01-01"}, "ended on 2026-12-31"),
    ],
)
def test_each_respect_denies_alone(asked: dict[str, object], reason: str) -> None:
    request = replace(REQUEST, **asked)  # type: ignore[arg-type]
    decision = permits(_register(GRANT), request)
    assert not decision.permitted
    assert reason in decision.reason


@pytest.mark.parametrize(
    "asked",
    [
        {"language": "ko-KR"},
        {"language": "en-GB"},
        {"title": " the old house "},
        {"on": "2026-02-01"},
        {"on": "2026-12-31"},
        {"territory": "JP"},
    ],
)
def test_what_lies_inside_is_permitted(asked: dict[str, object]) -> None:
    assert permits(_register(GRANT), replace(REQUEST, **asked)).permitted  # type: ignore[arg-type]


def test_a_language_is_not_another_that_begins_alike() -> None:
    grant = replace(GRANT, languages=("fi",))
    assert not permits(_register(grant), replace(REQUEST, language="fil")).permitted
    assert permits(_register(grant), replace(REQUEST, language="fi-FI")).permitted


def test_the_world_covers_countries_and_training_is_said() -> None:
    grant = replace(GRANT, territories=("001",), training=True)
    assert permits(_register(grant), replace(REQUEST, territory="BR", training=True)).permitted


def test_a_withdrawal_ends_it_on_its_day_whatever_came_later() -> None:
    register = _register(GRANT, withdrawals=(WITHDRAWN, replace(WITHDRAWN, since="2026-09-01")))
    assert permits(register, replace(REQUEST, on="2026-05-31")).permitted
    decision = permits(register, replace(REQUEST, on="2026-06-01"))
    assert not decision.permitted
    assert "withdrawn on 2026-06-01" in decision.reason


def test_grants_are_never_added_up_and_the_nearest_gives_the_reason() -> None:
    other = replace(GRANT, id="g2", media=("theatrical",), territories=("US",))
    register = _register(GRANT, other)
    decision = permits(register, replace(REQUEST, media="theatrical"))
    assert not decision.permitted  # one names the medium, the other the country
    assert decision.grant == "g2"
    assert "territory" in decision.reason
    assert permits(register, replace(REQUEST, media="theatrical", territory="US")).grant == "g2"


@given(st.data())
def test_a_use_outside_any_grant_is_never_permitted(data: st.DataObject) -> None:
    """Each value drawn from a few: permitted exactly where some grant has all of them."""
    pick = data.draw
    grants = [
        replace(
            GRANT,
            id=f"g{i}",
            voice=pick(st.sampled_from(["v1", "v2"])),
            titles=(pick(st.sampled_from(["T1", "T2"])),),
            media=(pick(st.sampled_from(["m1", "m2"])),),
            end=pick(st.sampled_from(["2026-03-01", "2026-12-31"])),
            training=pick(st.booleans()),
        )
        for i in range(pick(st.integers(0, 4)))
    ]
    gone = [g.id for g in grants if pick(st.booleans())]
    withdrawals = tuple(Withdrawal(grant=g, since="2026-05-01", reason="x") for g in gone)
    request = replace(
        REQUEST,
        voice=pick(st.sampled_from(["v1", "v2"])),
        title=pick(st.sampled_from(["T1", "T2"])),
        media=pick(st.sampled_from(["m1", "m2"])),
        on=pick(st.sampled_from(["2026-03-01", "2026-04-30", "2026-05-01"])),
        training=pick(st.booleans()),
    )
    expected = any(
        (g.voice, g.titles[0], g.media[0]) == (request.voice, request.title, request.media)
        and request.on <= g.end
        and (g.training or not request.training)
        and not (g.id in gone and request.on >= "2026-05-01")
        for g in grants
    )
    assert permits(_register(*grants, withdrawals=withdrawals), request).permitted is expected


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"performer": " "}, "performer"),
        ({"voice": "a\nb"}, "voice"),
        ({"recording": "sha256:1"}, "recording"),
        ({"evidence": ""}, "evidence"),
        ({"purposes": ()}, "purposes"),
        ({"titles": ("*",)}, "titles"),
        ({"titles": ()}, "titles"),
        ({"titles": ("The Old House", " ")}, "titles must be plain text"),
        ({"media": ("stream\ning",)}, "media must be plain text"),
        ({"compensation": "x" * 2001}, "compensation"),
        ({"media": ("all",)}, "media"),
        ({"languages": ("Korean",)}, "written 'ko'"),
        ({"languages": ("qq",)}, "not a language"),
        ({"territories": ("Korea",)}, "not a country"),
        ({"territories": ("worldwide",)}, "name each one"),
        ({"start": "2026-1-1"}, "start"),
        ({"end": "2026-02-30"}, "end"),
        ({"end": "2025-12-31"}, "ends before"),
        ({"signed": "2027-01-01"}, "signed after"),
        ({"withdrawal": ""}, "withdrawal"),
    ],
)
def test_a_grant_that_is_not_right_does_not_exist(changes: dict[str, object], fault: str) -> None:
    with pytest.raises(InputError, match=re.escape(fault)):
        replace(GRANT, **changes)  # type: ignore[arg-type]


def test_all_faults_of_a_grant_are_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        replace(GRANT, performer="", titles=("*",), signed="soon")
    assert all(name in caught.value.message for name in ("performer", "titles", "signed"))


@pytest.mark.parametrize("changes", [{"territory": "*"}, {"on": "today"}, {"recording": "x"}])
def test_a_request_for_anything_does_not_exist(changes: dict[str, str]) -> None:
    with pytest.raises(InputError):
        replace(REQUEST, **changes)  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "voices.jsonl"


def test_the_register_keeps_grants_withdrawals_and_uses(path: Path) -> None:
    add_grant(path, GRANT, by="Desk", time=NOW)
    assert record_use(path, REQUEST, made="loop 12", by="Kim", time=NOW).grant == "g1"
    register = withdraw_grant(path, WITHDRAWN, by="Desk", time=NOW)
    assert register == load_register(path)
    assert (register.grants, register.withdrawals) == ((GRANT,), (WITHDRAWN,))
    assert [(use.grant, use.made, use.by) for use in register.uses] == [("g1", "loop 12", "Kim")]
    assert [entry.action for entry in register.entries] == ["grant", "use", "withdraw"]
    assert [entry.actor for entry in register.entries] == ["Desk", "Kim", "Desk"]
    with pytest.raises(ApprovalError, match="withdrawn"):
        record_use(path, replace(REQUEST, on="2026-07-01"), made="x", by="Kim", time=NOW)
    with pytest.raises(ApprovalError, match="title"):
        record_use(path, replace(REQUEST, title="Other"), made="x", by="Kim", time=NOW)
    assert load_register(path) == register
    assert [p.name for p in path.parent.iterdir()] == ["voices.jsonl"]


def test_what_is_not_there_cannot_be_used_withdrawn_or_added_twice(path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_register(path)
    with pytest.raises(InputError):
        record_use(path, REQUEST, made="x", by="Kim", time=NOW)
    add_grant(path, GRANT, by="Desk", time=NOW)
    with pytest.raises(InputError, match="already"):
        add_grant(path, GRANT, by="Desk", time=NOW)
    with pytest.raises(InputError, match="no grant 'g9'"):
        withdraw_grant(path, replace(WITHDRAWN, grant="g9"), by="Desk", time=NOW)
    for by in ("", "a\nb"):
        with pytest.raises(InputError, match="ledger needs"):
            add_grant(path, replace(GRANT, id="g2"), by=by, time=NOW)
    assert len(load_register(path).entries) == 1


def test_every_changed_line_is_found_and_then_nothing_is_permitted(path: Path) -> None:
    for number in range(3):
        add_grant(path, replace(GRANT, id=f"g{number}"), by="Desk", time=NOW)
    record_use(path, REQUEST, made="loop", by="Kim", time=NOW)
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    damaged = [
        whole.replace(b"2026-12-31", b"2036-12-31", 1),
        whole.replace(b'"training":false', b'"training":true ', 1),
        b"".join([lines[0], *lines[2:]]),
        b"".join([lines[1], lines[0], *lines[2:]]),
        b"".join([lines[0], *lines]),
        whole[:-20],
        whole + b"{}\n",
        whole + b"\xff\n",
        whole.replace(b'"sequence":2', b'"sequence":2.0', 1),
        lines[0].replace(b'{"action"', b'{ "action"') + b"".join(lines[1:]),
    ]
    for data in damaged:
        assert data != whole
        path.write_bytes(data)
        with pytest.raises(StoreError, match="changed outside"):
            load_register(path)
        with pytest.raises(StoreError):
            record_use(path, REQUEST, made="x", by="Kim", time=NOW)
        assert path.read_bytes() == data
    path.write_bytes(b"".join(lines[:3]))  # cut at the end: true as far as it goes …
    assert load_register(path).head != json.loads(lines[3])["hash"]  # … but for a head kept apart


@pytest.fixture(scope="module")
def one_entry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("register") / "one.jsonl"
    add_grant(path, GRANT, by="Desk", time=NOW)
    return path


@given(at=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_no_flipped_byte_is_missed(one_entry: Path, at: int, flip: int) -> None:
    data = bytearray(one_entry.read_bytes())
    data[at % len(data)] ^= flip
    changed = one_entry.with_name("changed.jsonl")
    changed.write_bytes(bytes(data))
    with pytest.raises(StoreError):
        load_register(changed)


def test_one_writer_at_a_time_and_no_entry_is_lost(path: Path) -> None:
    add_grant(path, GRANT, by="Desk", time=NOW)
    lock = Lock(path.resolve())
    with pytest.raises(LockedError):
        record_use(path, REQUEST, made="x", by="Kim", time=NOW)
    lock.release()

    def use(number: int) -> bool:
        try:
            record_use(path, REQUEST, made=f"loop {number}", by="Kim", time=NOW)
        except LockedError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        done = sum(pool.map(use, range(20)))
    assert 0 < done == len(load_register(path).uses)


def test_the_example_of_the_documentation_is_a_grant(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "consent.md").read_text(encoding="utf-8")
    example = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)[0]
    file = tmp_path / "grant.toml"
    file.write_text(example, encoding="utf-8")
    grant = read_grant(file)
    assert grant.start == "2026-01-01"
    assert {field.name for field in fields(Grant)} == set(
        re.findall(r"^(\w+) = ", example, re.MULTILINE)
    )
    as_json = tmp_path / "grant.json"
    as_json.write_text(json.dumps(to_plain(grant)), encoding="utf-8")
    assert read_grant(as_json) == grant
    assert from_plain(Grant, to_plain(grant)) == grant


@pytest.mark.parametrize(
    "text", ["id = ", "[1, 2]", 'id = "x"', 'id = "x"\nnonsense = 1', "\x00", "id = 1"]
)
def test_a_grant_file_that_cannot_be_read_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "grant.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_grant(file)
    assert "grant.toml" in caught.value.message
    assert caught.value.remedy


def test_a_recording_is_known_by_all_of_its_bytes(tmp_path: Path) -> None:
    one, two = tmp_path / "a.wav", tmp_path / "b.wav"
    one.write_bytes(b"x" * (2**20 + 1))
    two.write_bytes(b"x" * 2**20 + b"y")
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", recording_digest(one))
    assert recording_digest(one) != recording_digest(two)
    with pytest.raises(InputError, match="cannot be read"):
        recording_digest(tmp_path / "c.wav")


def test_a_voice_is_recognised_only_under_a_grant_of_that_purpose() -> None:
    asked = {"voice": GRANT.voice, "title": GRANT.titles[0], "language": GRANT.languages[0]}
    day = GRANT.signed if GRANT.signed > GRANT.start else GRANT.start
    recognition = replace(GRANT, purposes=(VoicePurpose.RECOGNITION,))
    assert permits_recognition(_register(recognition), **asked, on=day).permitted
    assert not permits_recognition(_register(GRANT), **asked, on=day).permitted
    assert not permits_recognition(_register(), **asked, on=day).permitted
    for change in ({"voice": "somebody"}, {"title": "Another Film"}, {"language": "fi"}):
        decision = permits_recognition(_register(recognition), **(asked | change), on=day)
        assert not decision.permitted, change
    withdrawn = Withdrawal(grant=GRANT.id, since=day, reason="asked")
    register = _register(recognition, withdrawals=(withdrawn,))
    assert "withdrawn" in permits_recognition(register, **asked, on=day).reason


def test_a_grant_may_be_signed_on_its_last_day() -> None:
    assert replace(GRANT, signed=GRANT.end).signed == GRANT.end


def test_a_date_is_ten_characters_long() -> None:
    for date in ("2026-01-011", "20260101", "+2026-01-01"):
        with pytest.raises(InputError, match="start"):
            replace(GRANT, start=date)
    with pytest.raises(InputError, match="since must be a date"):
        Withdrawal(grant="g1", since="soon", reason="asked")
    with pytest.raises(InputError, match="reason"):
        Withdrawal(grant="g1", since="2026-06-01", reason="")


def test_a_use_names_what_was_made(path: Path) -> None:
    add_grant(path, GRANT, by="Desk", time=NOW)
    with pytest.raises(InputError):
        record_use(path, REQUEST, made="two\nlines", by="Kim", time=NOW)
    assert load_register(path).uses == ()


def test_a_register_whose_last_line_is_cut_is_damaged(path: Path) -> None:
    add_grant(path, GRANT, by="Desk", time=NOW)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StoreError, match="its last line is not whole"):
        load_register(path)


def test_a_grant_that_is_not_there_names_those_that_are() -> None:
    for grants, known in (((), "none yet"), ((GRANT, replace(GRANT, id="g2")), "g1, g2")):
        with pytest.raises(InputError, match="no grant 'g9'") as caught:
            _register(*grants).grant("g9")
        assert caught.value.remedy == f"There are: {known}."


def test_what_is_not_written_is_not_granted() -> None:
    assert (GRANT.training, GRANT.exclusive) == (False, False)


def test_a_grant_may_be_for_one_day_and_have_long_texts() -> None:
    day = replace(GRANT, start="2026-02-01", end="2026-02-01", compensation="x" * 2000)
    assert permits(_register(day), replace(REQUEST, on="2026-02-01")).permitted


def test_a_grant_file_has_a_mebibyte_at_most(tmp_path: Path) -> None:
    file = tmp_path / "grant.json"
    data = json.dumps(to_plain(GRANT)).encode()
    file.write_bytes(data.ljust(2**20))
    assert read_grant(file) == GRANT
    file.write_bytes(data.ljust(2**20 + 1))
    with pytest.raises(InputError, match="too long for a grant"):
        read_grant(file)


def test_a_register_has_64_mebibytes_at_most(path: Path) -> None:
    for size, told in ((64 * 2**20, "not whole"), (64 * 2**20 + 1, "larger than 64 MiB")):
        with path.open("wb") as file:
            file.truncate(size)
        with pytest.raises((InputError, StoreError), match=told):
            load_register(path)


def test_of_grants_that_come_as_near_the_first_gives_the_reason() -> None:
    register = _register(GRANT, replace(GRANT, id="g2"))
    decision = permits(register, replace(REQUEST, media="theatrical"))
    assert decision.reason == "Grant g1 does not name the medium theatrical."


def test_a_voice_is_recognised_under_a_grant_for_one_country() -> None:
    grant = replace(GRANT, purposes=(VoicePurpose.RECOGNITION,), territories=("KR",))
    decision = permits_recognition(
        _register(grant), voice="min-1", title="The Old House", language="ko", on="2026-03-01"
    )
    assert decision.permitted


@pytest.mark.parametrize("change", [{"sequence": 3}, {"previous": GENESIS}])
def test_an_entry_that_does_not_follow_is_found_though_its_hash_is_right(
    path: Path, change: dict[str, object]
) -> None:
    add_grant(path, GRANT, by="Desk", time=NOW)
    register = add_grant(path, replace(GRANT, id="g2"), by="Desk", time=NOW)
    first, _ = path.read_bytes().splitlines(keepends=True)
    names = [field.name for field in fields(ChainEntry)]
    known = {name: getattr(register.entries[1], name) for name in names if name != "hash"}
    forged = seal(ChainEntry, **{**known, **change})
    line = canonical({name: getattr(forged, name) for name in names}).encode() + b"\n"
    path.write_bytes(first + line)
    with pytest.raises(StoreError, match="entry 2: it does not follow from the entry before"):
        load_register(path)
