"""Rules, readers and writers of other packages, checked against their protocols."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from subkit import formats
from subkit.errors import PlanError, PluginError, SchemaError
from subkit.interfaces.file_contents import FileContent, WrittenFile
from subkit.model import Finding, Track, from_plain, to_plain
from subkit.plugins.guarding import call_entry, calling, give_object, refuse_answer
from subkit.plugins.plugin_table import BUILTIN, plugin_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from subkit.interfaces import Reader, Rule, Subject, Writer
    from subkit.interfaces.file_contents import ReadRequest, WriteRequest
    from subkit.model import Media
    from subkit.plugins.plugin_table import PluginName

__all__ = [
    "GuardedFileReader",
    "GuardedFileWriter",
    "GuardedReader",
    "GuardedRule",
    "GuardedWriter",
    "plugin_rules",
    "reader_for",
    "writer_for",
]


T = TypeVar("T")


class GuardedRule:
    """A rule of another package."""

    def __init__(self, plugin: PluginName, made: Any) -> None:
        if not isinstance(made.name, str) or not made.name:
            raise refuse_answer(plugin, f"the name {made.name!r:.60}", "a text")
        self.plugin = plugin
        self.name: str = made.name
        self._made = made

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield its findings, each checked.

        Raises:
            EngineError: it failed.
            PluginError: it gave something else.
        """
        with calling(self.plugin, "check"):
            found = list(self._made.check(subject))
        for finding in found:
            if not isinstance(finding, Finding):
                raise refuse_answer(self.plugin, f"a {type(finding).__name__}", "findings")
            try:
                yield from_plain(Finding, to_plain(finding))
            except (SchemaError, TypeError, ValueError) as error:
                raise refuse_answer(self.plugin, f"a Finding with {error}", "findings") from error


class GuardedReader:
    """A reader of another package."""

    def __init__(self, plugin: PluginName, made: Any) -> None:
        self.plugin = plugin
        self.extension: str = made.extension
        self._made = made

    def read(self, data: bytes, *, name: str, language: str = "und") -> tuple[Track, list[str]]:
        """Return the track and what was repaired.

        Raises:
            FormatError: the data is not of its format.
            EngineError: it failed.
            PluginError: it gave something else.
        """
        wanted = "a Track and a list of sentences"
        with calling(self.plugin, "read"):
            given = self._made.read(data, name=name, language=language)
        try:
            track, repairs = given
            clean = from_plain(Track, to_plain(track))
            return clean, [str(repair) for repair in repairs]
        except (SchemaError, TypeError, ValueError, AttributeError) as error:
            raise refuse_answer(self.plugin, f"no track ({error})", wanted) from error


class GuardedWriter:
    """A writer of another package."""

    def __init__(self, plugin: PluginName, made: Any) -> None:
        self.plugin = plugin
        self.extension: str = made.extension
        self._made = made

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        """Return the file's bytes.

        Raises:
            EngineError: it failed.
            PluginError: it gave something else.
        """
        with calling(self.plugin, "write"):
            data = self._made.write(track, media, note=note)
        if not isinstance(data, bytes):
            raise refuse_answer(self.plugin, f"a {type(data).__name__}", "bytes")
        return data


class GuardedFileReader(GuardedReader):
    """A reader of another package that knows several tracks, frame rates and start times."""

    def read_file(self, data: bytes, asked: ReadRequest) -> FileContent:
        """Return what the file holds.

        Raises:
            FormatError: the data is not of its format.
            EngineError: it failed.
            PluginError: it gave something else.
        """
        with calling(self.plugin, "read_file"):
            given = self._made.read_file(data, asked)
        if not isinstance(given, FileContent) or not given.tracks:
            raise refuse_answer(self.plugin, f"a {type(given).__name__}", "a FileContent")
        try:
            tracks = tuple(from_plain(Track, to_plain(track)) for track in given.tracks)
        except (SchemaError, TypeError, ValueError, AttributeError) as error:
            raise refuse_answer(self.plugin, f"no track ({error})", "a FileContent") from error
        return replace(given, tracks=tracks)


class GuardedFileWriter(GuardedWriter):
    """A writer of another package that gives an account of what was lost."""

    def write_file(self, track: Track, media: Media, asked: WriteRequest) -> WrittenFile:
        """Return the file's bytes and what it could not hold.

        Raises:
            EngineError: it failed.
            PluginError: it gave something else.
        """
        with calling(self.plugin, "write_file"):
            given = self._made.write_file(track, media, asked)
        if not isinstance(given, WrittenFile) or not isinstance(given.data, bytes):
            raise refuse_answer(self.plugin, f"a {type(given).__name__}", "a WrittenFile")
        return given


def _guarded_reader(plugin: PluginName, made: Any) -> Reader:
    return (GuardedFileReader if hasattr(made, "read_file") else GuardedReader)(plugin, made)


def _guarded_writer(plugin: PluginName, made: Any) -> Writer:
    return (GuardedFileWriter if hasattr(made, "write_file") else GuardedWriter)(plugin, made)


def plugin_rules(rules: Iterable[str | Rule]) -> tuple[Rule, ...]:
    """Return rules by name and by object, each made, looked at and held to its protocol.

    Raises:
        PluginError: there is none of a name, or one lacks something.
    """
    found: list[Rule] = []
    for rule in rules:
        if isinstance(rule, GuardedRule):
            found.append(rule)
        elif isinstance(rule, str):
            name, make = call_entry("rules", rule)
            found.append(GuardedRule(name, make()))
        else:
            found.append(GuardedRule(give_object("rules", rule), rule))
    return tuple(found)


def reader_for(extension: str | Reader) -> Reader:
    """Return the reader of a format: subkit's own, or the plug-in of that name, or the object.

    Raises:
        PlanError: no format of that name is read.
        PluginError: the plug-in does not load, or lacks something.
    """
    return _part("readers", extension, formats.reader_for, _guarded_reader)


def writer_for(extension: str | Writer) -> Writer:
    """Return the writer of a format, likewise.

    Raises:
        PlanError: no format of that name is written.
        PluginError: the plug-in does not load, or lacks something.
    """
    return _part("writers", extension, formats.writer_for, _guarded_writer)


def _part(
    kind: str, given: str | T, own: Callable[[str], T], guard: Callable[[PluginName, Any], T]
) -> T:
    """Return the reader or writer of a format, one of another package in its guard."""
    if not isinstance(given, str):
        return guard(give_object(kind, given), given)
    try:
        return own(given)
    except PlanError as error:
        return guard(*_by_extension(kind, given, error))


def _by_extension(kind: str, extension: str, unknown: PlanError) -> tuple[PluginName, Any]:
    """Return the plug-in named after the extension, or raise the error for an unknown format."""
    name = extension.strip().lower().removeprefix(".")
    if name not in plugin_names(kind) or name in BUILTIN[kind]:
        more = ", ".join(plugin_names(kind))
        remedy = f"{unknown.remedy} Plug-ins: {more}." if more else unknown.remedy
        raise unknown.with_remedy(remedy) from unknown
    plugin, make = call_entry(kind, name)
    made = make()
    if made.extension != name:
        raise PluginError(
            f"The {plugin} says that its extension is {made.extension!r}.",
            remedy="The name of its entry point and its attribute 'extension' must be the same.",
        )
    return plugin, made
