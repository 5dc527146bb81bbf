"""What a track needs before it is delivered: approvals, disclosure, provenance, consent."""

from subkit.compliance.disclosure import Disclosure, disclose, disclosure_note
from subkit.compliance.provenance import ACTOR, DEMO_WARNING, tool_version
from subkit.compliance.signoff import (
    ROLES,
    Gate,
    missing_approvals,
    read_gate,
    require_gate,
    review_level,
)

__all__ = [
    "ACTOR",
    "DEMO_WARNING",
    "ROLES",
    "Disclosure",
    "Gate",
    "disclose",
    "disclosure_note",
    "missing_approvals",
    "read_gate",
    "require_gate",
    "review_level",
    "tool_version",
]
