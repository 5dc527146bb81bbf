"""Keys and signatures as reviewers use them."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from subkit.store import ProjectFile
from tests.builders.stores import sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Answer


@pytest.fixture
def film(subkit: Callable[..., Answer], tmp_path: Path) -> Path:
    """A project that Ana approved, and a key of hers."""
    path = tmp_path / "film.subkit"
    ProjectFile.create(path, sample(), actor="ana").close()
    assert subkit("approve", path, "--track", "ko", "--by", "Ana").code == 0
    assert subkit("sign", "key", "ana.key").code == 0
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_a_key_is_its_owner_s_alone(subkit: Callable[..., Answer], film: Path) -> None:
    key = film.with_name("ana.key")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()
    assert subkit("sign", "key", "ana.key").code == 3
    assert key.read_bytes() == before
    key.chmod(0o644)
    answer = subkit("sign", "approvals", film, "--key", "ana.key", "--by", "Ana")
    assert answer.code == 3
    assert "chmod 600" in answer.err


def test_verification_names_who_signed_what(subkit: Callable[..., Answer], film: Path) -> None:
    signed = subkit("sign", "approvals", film, "--key", "ana.key", "--by", "Ana")
    assert signed.out.strip() == str(film.with_name("film.Ana.signature.json"))
    assert subkit("edit", film, "c0001", "--track", "en", "--text", "Later.").code == 0
    answer = subkit("verify", film, "--against", "film.Ana.signature.json")
    assert answer.code == 0
    assert "signed by Ana with ed25519:" in answer.out
    assert "ko: 4 cues as reviewer" in answer.out


def test_a_ledger_written_anew_is_not_the_one_that_was_signed(
    subkit: Callable[..., Answer], film: Path
) -> None:
    assert subkit("sign", "approvals", film, "--key", "ana.key", "--by", "Ana").code == 0
    forged = film.with_name("forged.subkit")
    ProjectFile.create(forged, sample(), actor="ana").close()
    assert subkit("approve", forged, "--track", "ko", "--by", "Ana").code == 0
    answer = subkit("verify", forged, "--against", "film.Ana.signature.json")
    assert answer.code == 5
    assert "rewritten" in answer.out


@pytest.mark.parametrize("member", ["signer", "key", "time", "signature"])
def test_a_changed_signature_is_refused(
    subkit: Callable[..., Answer], film: Path, member: str
) -> None:
    assert subkit("sign", "approvals", film, "--key", "ana.key", "--by", "Ana").code == 0
    path = film.with_name("film.Ana.signature.json")
    plain = json.loads(path.read_text(encoding="utf-8"))
    plain[member] = plain[member][:-6] + "AAAAA="
    path.write_text(json.dumps(plain), encoding="utf-8")
    answer = subkit("verify", film, "--against", path.name)
    assert answer.code == 3
    assert "signature" in answer.err


def test_a_key_with_a_passphrase(
    subkit: Callable[..., Answer], film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUBKIT_KEY_PASSPHRASE", "open sesame")
    assert subkit("sign", "key", "locked.key", "--passphrase").code == 0
    words = ("sign", "approvals", film, "--key", "locked.key", "--by", "Ana")
    assert subkit(*words).code == 3
    assert subkit(*words, "--passphrase").code == 0
    os.environ["SUBKIT_KEY_PASSPHRASE"] = "another"
    assert subkit(*words, "--passphrase").code == 3


def test_nobody_signs_what_they_did_not_approve(subkit: Callable[..., Answer], film: Path) -> None:
    answer = subkit("sign", "approvals", film, "--key", "ana.key", "--by", "Ben")
    assert answer.code == 3
    assert "No approval by 'Ben' stands" in answer.err


def test_a_forged_signature_is_refused_under_any_name(
    subkit: Callable[..., Answer], film: Path
) -> None:
    sign = ("sign", "approvals", film, "--key", "ana.key", "--by", "Ana")
    assert subkit(*sign, "-o", "sig.json").code == 0
    assert "signed by Ana" in subkit("verify", film, "--against", "sig.json").out
    good = film.with_name("sig.json").read_text(encoding="utf-8")
    film.with_name("x.json").write_text(good.replace('"Ana"', '"Bob"'), encoding="utf-8")
    answer = subkit("verify", film, "--against", "x.json")
    assert answer.code == 3
    assert "signature" in answer.err


def test_what_changed_since_it_was_signed_is_said(
    subkit: Callable[..., Answer], film: Path
) -> None:
    assert subkit("sign", "approvals", film, "--key", "ana.key", "--by", "Ana").code == 0
    name = "film.Ana.signature.json"
    assert "changed since" not in subkit("verify", film, "--against", name).out
    assert subkit("edit", film, "c0001", "--track", "ko", "--text", "나중에.").code == 0
    assert "changed since" in subkit("verify", film, "--against", name).out
    told = subkit("verify", film, "--against", name, "--json").json()
    assert [part["stands"] for part in told["signatures"][0]["approvals"]] == [False]
