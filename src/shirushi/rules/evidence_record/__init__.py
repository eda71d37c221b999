"""Evidence records (RFC 4998, RFC 6283): reduced hash trees built for a batch, and records verified."""

from shirushi.rules.evidence_record.tree import BatchTree, build
from shirushi.rules.evidence_record.verification import RecordStatus, VerifiedRecord, verify_record

__all__ = ["BatchTree", "RecordStatus", "VerifiedRecord", "build", "verify_record"]
