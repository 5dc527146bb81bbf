"""Keys, signatures and what is noted of a ledger: each is refused once a byte is another."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from subkit.compliance.disclosure import MAX_SIDECAR, disclose, sidecar
from subkit.compliance.signatures import (
    SIGNATURE,
    Signature,
    make_key,
    read_signature,
    sign_approvals,
    signature_bytes,
)
from subkit.compliance.witnesses import read_mark
from subkit.edit import Hand, approve, retext
from subkit.errors import InputError, PluginError, StoreError
from subkit.model import Project, to_plain
from subkit.store import LedgerMark, ProjectFile, mark_of
from tests.builders.stores import sample

ANA, BEN = (
    Hand(actor=name, time=f"2026-01-0{day}T00:00:00Z") for day, name in ((1, "Ana"), (2, "Ben"))
)
NOW = "2026-02-01T00:00:00Z"


def approved() -> Project:
    """Ana approved as a reviewer and a producer, Ben as a reviewer of another track."""
    document = approve(sample(), "ko", "reviewer", ANA)
    document = approve(document, "ko", "producer", ANA, cues=["c0001", "c0002"])
    document = approve(document, "en", "reviewer", BEN)
    return retext(document, "ko", "c0003", ["다른 말."], BEN)


def stored(folder: Path, document: Project) -> Path:
    path = folder / "film.subkit"
    ProjectFile.create(path, document, actor="Ana").close()
    return path


def signed(folder: Path, by: str = "Ana", passphrase: str = "") -> Signature:
    key = folder / "own.key"
    public = make_key(key, passphrase)
    with ProjectFile.open(stored(folder, approved())) as store:
        made = sign_approvals(store, key, by=by, time=NOW, passphrase=passphrase)
        assert made.ledger == mark_of(store)
    assert made.key == public
    assert public.startswith("ed25519:")
    return made


def test_what_stands_under_a_name_is_signed_by_track_and_role(tmp_path: Path) -> None:
    made = signed(tmp_path)
    assert (made.title, made.signer, made.time) == ("film", "Ana", NOW)
    assert [(a.track, a.role, a.cues) for a in made.approvals] == [
        ("ko", "producer", 2), ("ko", "reviewer", 3)
    ]  # fmt: skip
    assert len({a.digest for a in made.approvals}) == 2
    assert read_signature(signature_bytes(made), "x") == made


def test_the_digest_names_the_cues_what_they_said_and_when(tmp_path: Path) -> None:
    def digest(name: str, document: Project) -> str:
        folder = tmp_path / name
        folder.mkdir()
        make_key(folder / "own.key")
        with ProjectFile.open(stored(folder, document)) as store:
            (one,) = sign_approvals(store, folder / "own.key", by="Ana", time=NOW).approvals
        return one.digest

    usual = approve(sample(), "ko", "reviewer", ANA)
    other = approve(retext(sample(), "ko", "c0001", ["x"], BEN), "ko", "reviewer", ANA)
    later = approve(sample(), "ko", "reviewer", replace(ANA, time=NOW))
    fewer = approve(sample(), "ko", "reviewer", ANA, cues=["c0000"])
    found = [digest(str(n), d) for n, d in enumerate((usual, usual, other, later, fewer))]
    assert found[0] == found[1]
    assert len(set(found)) == 4


def test_who_approved_nothing_signs_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No approval by 'Kim'"):
        signed(tmp_path, by="Kim")


@pytest.mark.parametrize("member", ["title", "signer", "time", "key", "signature"])
def test_a_signature_with_another_member_is_wrong(tmp_path: Path, member: str) -> None:
    plain = to_plain(signed(tmp_path))
    value = plain[member]
    last = "Q=" if value[-2] in "ABCD" else "A="  # four of its bits count
    for other in (value[:-2] + last, value + "x", f"{value[:9]}!{value[9:]}", ""):
        data = json.dumps({**plain, member: other}).encode()
        with pytest.raises(InputError, match="signature"):
            read_signature(data, "own")
    for data in (b"", b"[]", b"{}", json.dumps({**plain, "more": 1}).encode()):
        with pytest.raises(InputError):
            read_signature(data, "own")


def test_a_passphrase_opens_the_key_it_locked_and_no_other(tmp_path: Path) -> None:
    signed(tmp_path, passphrase="word")
    path, key = tmp_path / "film.subkit", tmp_path / "own.key"
    bare = tmp_path / "bare.key"
    make_key(bare)
    with ProjectFile.open(path) as store:
        for at, passphrase, said in (
            (key, "", "has a passphrase"),
            (key, "other", "passphrase is another"),
            (bare, "word", "has no passphrase"),
            (path, "", "may be read by others"),
            (tmp_path / "none.key", "", "cannot be read"),
        ):
            with pytest.raises(InputError, match=said):
                sign_approvals(store, at, by="Ana", time=NOW, passphrase=passphrase)


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_a_key_is_for_its_owner_alone_and_never_replaced(tmp_path: Path) -> None:
    key = tmp_path / "own.key"
    make_key(key)
    assert key.stat().st_mode & 0o777 == 0o600
    before = key.read_bytes()
    with pytest.raises(StoreError, match="cannot be made"):
        make_key(key)
    assert key.read_bytes() == before
    with ProjectFile.open(stored(tmp_path, approved())) as store:
        for mode in (0o604, 0o640, 0o601):
            key.chmod(mode)
            with pytest.raises(InputError, match="read by others"):
                sign_approvals(store, key, by="Ana", time=NOW)
        key.chmod(0o400)
        assert sign_approvals(store, key, by="Ana", time=NOW).signer == "Ana"


def test_a_key_is_on_the_disk_before_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, sizes = os.fsync, list[int]()

    def fsync(descriptor: int) -> None:
        sizes.append(os.fstat(descriptor).st_size)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    make_key(tmp_path / "own.key")
    assert sizes == [(tmp_path / "own.key").stat().st_size]


def test_without_the_package_that_signs_a_sentence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = signed(tmp_path)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with ProjectFile.open(tmp_path / "film.subkit", writable=False) as store:
        for act in (
            lambda: make_key(tmp_path / "new.key"),
            lambda: sign_approvals(store, tmp_path / "own.key", by="Ana", time=NOW),
            lambda: read_signature(signature_bytes(made), "own"),
        ):
            with pytest.raises(PluginError, match="need the package cryptography") as caught:
                act()
            assert "subkit[sign]" in caught.value.remedy
    assert not (tmp_path / "new.key").exists()


def test_a_key_of_another_kind_signs_nothing(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import ec

    other = ec.generate_private_key(ec.SECP256R1())
    key = tmp_path / "own.key"
    key.write_bytes(
        other.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    )
    key.chmod(0o600)
    with ProjectFile.open(stored(tmp_path, approved())) as store:
        with pytest.raises(InputError, match="Ed25519"):
            sign_approvals(store, key, by="Ana", time=NOW)
        key.write_bytes(b"no key")
        with pytest.raises(InputError, match="not a key"):
            sign_approvals(store, key, by="Ana", time=NOW)


def test_a_mark_is_read_from_whatever_carries_it(tmp_path: Path) -> None:
    made = signed(tmp_path)
    project = tmp_path / "film.subkit"
    with ProjectFile.open(project) as store:
        mark, document = mark_of(store), store.load()
    assert read_mark(project) == mark == made.ledger
    with ProjectFile.open(project):
        assert read_mark(project) == mark, "also while somebody works on it"
    written = tmp_path / f"film.Ana.{SIGNATURE}"
    written.write_bytes(signature_bytes(made))
    assert read_mark(written) == mark
    beside = tmp_path / "film.ko.disclosure.json"
    beside.write_bytes(sidecar(disclose(document, document.track("ko")), mark))
    export = tmp_path / "film.ko.srt"
    export.write_text("1\n")
    assert read_mark(beside) == read_mark(export) == mark
    printed = tmp_path / "printed.json"
    printed.write_text(json.dumps({**to_plain(mark), "ok": True}))
    assert read_mark(printed) == mark
    told = tmp_path / "told.txt"
    told.write_text(f"film.subkit: {mark.entries} entries, first {mark.first}, head {mark.head}\n")
    assert read_mark(told) == mark
    told.write_text(mark.head)
    assert read_mark(told) == LedgerMark(head=mark.head)


def test_what_carries_no_mark_is_refused(tmp_path: Path) -> None:
    project = sample()
    beside = tmp_path / "film.ko.disclosure.json"
    known = sidecar(disclose(project, project.track("ko")))
    for data, said in (
        (known, "says nothing of a ledger"),
        (known.replace(b'"none"', b'"full"'), "not a disclosure"),
        (b"{}", "not a disclosure"),
        (known + b" " * MAX_SIDECAR, "not a disclosure"),
    ):
        beside.write_bytes(data)
        with pytest.raises(InputError, match=said):
            read_mark(beside)
    beside.unlink()
    text = tmp_path / "film.ko.srt"
    text.write_text("1\n00:00:01,000 --> 00:00:02,000\nHello.\n")
    with pytest.raises(InputError, match="says nothing of a ledger"):
        read_mark(text)
    with pytest.raises(InputError, match="cannot be read: No such file or directory"):
        read_mark(tmp_path / "none.txt")
    with pytest.raises(InputError, match="cannot be read: embedded null"):
        read_mark(tmp_path / "a\0b")


def test_a_signature_and_a_disclosure_can_be_read_by_people(tmp_path: Path) -> None:
    made = replace(signed(tmp_path), signer="민서")
    known = disclose(replace(sample(), title="옛집"), sample().track("ko"))
    for data, word in ((signature_bytes(made), "민서"), (sidecar(known), "옛집")):
        first, second = data.decode("utf-8").splitlines()[:2]
        assert word in data.decode("utf-8")
        assert (first, second[:3]) == ("{", '  "')
        assert second[3] != " "
