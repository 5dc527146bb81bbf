"""Ledger entries as a person reads them: which field, from what, to what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from subkit.edit import changed_fields

if TYPE_CHECKING:
    from subkit.store.ledger import LedgerEntry

__all__ = ["split_target", "view_entry"]


def split_target(target: str) -> tuple[str, str]:
    """Track and cue of a ledger target, empty where it has none; a track's id has no slash."""
    kind, _, name = target.partition(":")
    if kind == "cue":
        track, _, cue = name.partition("/")
        return track, cue
    return (name, "") if kind == "track" else ("", "")


def view_entry(entry: LedgerEntry) -> dict[str, Any]:
    """Who, when and with what, and the fields that changed; of a new thing, all that it has."""
    track, cue = split_target(entry.target)
    before, after = entry.before or {}, entry.after or {}
    return {
        "sequence": entry.sequence,
        "transaction": entry.transaction,
        "undoes": entry.undoes,
        "time": entry.time,
        "actor": entry.actor,
        "tool": entry.tool,
        "action": entry.action,
        "target": entry.target,
        "track": track or None,
        "cue": cue or None,
        "changes": [
            {"field": name, "before": _read(before, name), "after": _read(after, name)}
            for name in changed_fields(before, after)
        ],
    }


def _read(plain: dict[str, Any], name: str) -> Any:
    """Return the value of a field; several lines become one text."""
    inner, _, key = name.partition(".")
    value = plain.get(inner)
    if key and isinstance(value, dict):
        value = value.get(key)
    if name == "lines" and isinstance(value, list):
        return "\n".join(map(str, value))
    return value
