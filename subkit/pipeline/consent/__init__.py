"""The voice consent register: who allowed which use of their voice, and what was done with it.

Without a grant that covers a use in every respect, a cloned voice may not be used. A guide track
by a synthesiser such as espeak clones nobody and needs no consent.
"""

from subkit.pipeline.consent.decision import Decision, permits
from subkit.pipeline.consent.grants import (
    Grant,
    Request,
    VoicePurpose,
    Withdrawal,
    read_grant,
    recording_digest,
)
from subkit.pipeline.consent.register import (
    Register,
    add_grant,
    load_register,
    record_use,
    withdraw_grant,
)

__all__ = [
    "Decision",
    "Grant",
    "Register",
    "Request",
    "VoicePurpose",
    "Withdrawal",
    "add_grant",
    "load_register",
    "permits",
    "read_grant",
    "record_use",
    "recording_digest",
    "withdraw_grant",
]
