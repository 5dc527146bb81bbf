"""A small model that comes in two packages, made on the spot."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from subkit.engines import demo_directory
from subkit.engines.catalogue import KnownModel, ModelPackage

FILES = ("config.json", "tokenizer.json", "vocabulary.json")
REVISION = "c" * 40


@dataclass(frozen=True)
class Packaged:
    """The model, and the folder in which its packages are installed."""

    model: KnownModel
    site: Path

    def part(self, number: int) -> Path:
        """The file of weights in one of the packages."""
        return self.site / f"small_asr_{number}" / "data" / f"model.bin.{number}"

    def remove(self, number: int) -> None:
        """Uninstall one of the packages, as far as its metadata tells."""
        (self.site / f"small_asr_{number}-1.0.dist-info" / "METADATA").unlink()
        (self.site / f"small_asr_{number}-1.0.dist-info").rmdir()

    def set_version(self, number: int, version: str) -> None:
        """Give one of the packages another version."""
        metadata = self.site / f"small_asr_{number}-1.0.dist-info" / "METADATA"
        metadata.write_text(
            f"Metadata-Version: 2.1\nName: small-asr-{number}\nVersion: {version}\n"
        )


def make_packaged(site: Path) -> Packaged:
    """Install two packages that hold the demo recogniser, its weights split in the middle.

    Their code fails when it runs.
    """
    source = demo_directory("recognizer")
    weights = (source / "model.bin").read_bytes()
    halves = {1: weights[: len(weights) // 2], 2: weights[len(weights) // 2 :]}
    for number, half in halves.items():
        folder = site / f"small_asr_{number}" / "data"
        folder.mkdir(parents=True)
        (folder.parent / "__init__.py").write_text("raise RuntimeError('a stranger ran')\n")
        (folder / f"model.bin.{number}").write_bytes(half)
        (site / f"small_asr_{number}-1.0.dist-info").mkdir()
    for name in FILES:
        (site / "small_asr_1" / "data" / name).write_bytes((source / name).read_bytes())
    digests = {name: hashlib.sha256((source / name).read_bytes()).hexdigest() for name in FILES}
    files = (
        {name: name for name in FILES} | {"model.bin": "model.bin.1"},
        {"model.bin": "model.bin.2"},
    )
    model = KnownModel(
        name="small-asr",
        kind="recognizer",
        family="whisper",
        repository="someone/small-asr",
        revision=REVISION,
        weights_sha256=hashlib.sha256(weights).hexdigest(),
        digests=digests,
        size_bytes=3_800_000,
        license="MIT",
        languages=("en", "ko"),
        packages=tuple(
            ModelPackage(
                name=f"small-asr-{number}",
                version="1.0",
                folder=f"small_asr_{number}/data",
                files=files[number - 1],
            )
            for number in halves
        ),
    )
    packaged = Packaged(model, site)
    for number in halves:
        packaged.set_version(number, "1.0")
    return packaged
