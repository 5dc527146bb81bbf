"""The project file, and writing files completely or not at all."""

from subkit.store.audit import Fault
from subkit.store.ledger import LedgerEntry
from subkit.store.ledger_marks import LedgerMark, mark_of
from subkit.store.output_folders import made_folder, require_writable
from subkit.store.project import ProjectFile
from subkit.store.project_copies import copy_project
from subkit.store.publication import publish, publish_all, staged, sync_folder
from subkit.store.versions import load, load_version

__all__ = [
    "Fault",
    "LedgerEntry",
    "LedgerMark",
    "ProjectFile",
    "copy_project",
    "load",
    "load_version",
    "made_folder",
    "mark_of",
    "publish",
    "publish_all",
    "require_writable",
    "staged",
    "sync_folder",
]
