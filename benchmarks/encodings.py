"""In how many files is the encoding told right: ours, chardet, charset-normalizer.

Twelve lines of dialogue in 26 languages (``data/dialogue.toml``), as SRT in every encoding that the
language was written in and that holds its letters: short files of five cues and long ones of
sixty. Right is what decodes to the very text; peers that are not installed are left out.

    python benchmarks/encodings.py [ours …] --wrong --json FILE
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.results import machine_facts, write_results

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Decoder = Callable[[bytes, str], str]

_LINES = Path(__file__).parent / "data" / "dialogue.toml"
_WESTERN = "cp1252 iso8859-1 iso8859-15 mac_roman"
_CENTRAL = "cp1250 iso8859-2"
_CYRILLIC = "cp1251 iso8859-5 mac_cyrillic"
ENCODINGS = {
    **dict.fromkeys(("fr", "de", "es", "pt", "sv", "fi", "en"), _WESTERN),
    **dict.fromkeys(("pl", "cs", "hu", "hr", "ro"), _CENTRAL),
    "ru": f"{_CYRILLIC} koi8-r",
    "uk": f"{_CYRILLIC} koi8-u",
    "bg": _CYRILLIC,
    "el": "cp1253 iso8859-7",
    "he": "cp1255 iso8859-8",
    "tr": "cp1254 iso8859-9",
    "ar": "cp1256",
    "lt": "cp1257 iso8859-13",
    "vi": "cp1258",
    "th": "cp874",
    "ko": "cp949 euc-kr",
    "ja": "cp932 euc-jp",
    "zh-Hans": "gb18030",
    "zh-Hant": "big5",
}


def files() -> Iterator[tuple[str, str, str, str, bytes]]:
    """Language, encoding, length, text and bytes of each file."""
    lines = tomllib.loads(_LINES.read_text(encoding="utf-8"))
    for language, encodings in ENCODINGS.items():
        for encoding in [*encodings.split(), "utf-16-le", "utf-16-be"]:
            for length, count in (("short", 5), ("long", 60)):
                text = _srt(lines[language], count)
                if encoding == "cp1258":  # its tones are marks of their own
                    from unicodedata import normalize

                    text = normalize("NFD", text)
                    text = "".join(_kept(char) for char in _clusters(text))
                try:
                    data = text.encode(encoding)
                except UnicodeEncodeError:
                    continue
                if encoding.startswith("utf-16") or not data.isascii():
                    yield language, encoding, length, text, data


def _clusters(text: str) -> list[str]:
    found: list[str] = []
    for char in text:
        if found and "\u0300" <= char <= "\u036f":
            found[-1] += char
        else:
            found.append(char)
    return found


def _kept(cluster: str) -> str:
    """As code page 1258 has it: composed but for the tone."""
    from unicodedata import normalize

    tones = "\u0300\u0301\u0303\u0309\u0323"
    tone = "".join(char for char in cluster if char in tones)
    return normalize("NFC", "".join(char for char in cluster if char not in tones)) + tone


def _srt(lines: list[str], count: int) -> str:
    blocks = []
    for number in range(count):
        minute, second = divmod(3 * number, 60)
        times = f"00:{minute:02d}:{second:02d},000 --> 00:{minute:02d}:{second + 2:02d},500"
        blocks.append(f"{number + 1}\n{times}\n{lines[number % len(lines)]}\n")
    return "\n".join(blocks)


def _ours(data: bytes, language: str) -> str:
    from subkit.files.plain_text import Repairs, decode

    return decode(data, "film.srt", Repairs(), language)


def _chardet(data: bytes, language: str) -> str:  # noqa: ARG001
    import chardet

    return data.decode(chardet.detect(data)["encoding"] or "utf-8", "replace")


def _charset_normalizer(data: bytes, language: str) -> str:  # noqa: ARG001
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    return "" if best is None else str(best)


DECODERS: dict[str, Decoder] = {
    "ours": _ours,
    "ours-without-language": lambda data, _: _ours(data, "und"),
    "chardet": _chardet,
    "charset-normalizer": _charset_normalizer,
}


def measure(name: str) -> dict[str, Any]:
    """What a decoder told right by length, of how many, and what it told wrong.

    Raises:
        ImportError: it is not installed.
    """
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    wrong: list[str] = []
    for language, encoding, length, text, data in files():
        total[length] += 1
        try:
            found = DECODERS[name](data, language)
        except ImportError:
            raise
        except Exception:  # noqa: BLE001 - a peer that fails has not told it
            found = ""
        if found.removeprefix("\ufeff").replace("\r\n", "\n") == text:
            right[length] += 1
        else:
            wrong.append(f"{language}/{encoding}/{length}")
    return {"right": dict(right), "of": dict(total), "wrong": wrong}


def main() -> None:
    """Print the share told right by length, and what was told wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("decoders", nargs="*", metavar="DECODER", help=", ".join(DECODERS))
    parser.add_argument("--wrong", action="store_true", help="name the files told wrong")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    results = {}
    for name in arguments.decoders or DECODERS:
        try:
            found = results[name] = measure(name)
        except ImportError:
            print(f"{name}: not installed")
            continue
        shares = (f"{kind} {found['right'].get(kind, 0)} of {n}" for kind, n in found["of"].items())
        print(f"{name}: {', '.join(shares)}", flush=True)
        if arguments.wrong:
            print("  wrong:", " ".join(found["wrong"]))
    if arguments.json:
        write_results(arguments.json, sys.argv, machine_facts(), decoders=results)


if __name__ == "__main__":
    main()
