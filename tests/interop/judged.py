"""A PDF signed by us and held before every judge: what each of them objects to."""

from pathlib import Path

from shirushi import Indication, Level
from shirushi.core.errors import MalformedInput, ShirushiError
from shirushi.core.evidence import ChangeKind
from shirushi.core.verdict import SignatureVerdict
from tests.interop.ours import ALICE, CHIKA, Ours, Signature, last_signature
from tests.interop.tools import (
    JudgeFailed,
    PdfsigSignature,
    openssl_cms_verify,
    openssl_ts_verify,
    pdfsig,
    pyhanko_validate,
    qpdf_check,
)
from tests.results import record

NEEDS = [("pdfsig", "poppler-utils"), ("certutil", "libnss3-tools"), ("qpdf", "qpdf"), ("openssl", "openssl")]
"""The programs that `objections` runs, with their Debian packages."""


BLIND = {"pdfsig", "openssl cms"}
"""They know no ML-DSA (NSS of Debian 12, OpenSSL 3.0)."""
JUDGES = ("pdfsig", "qpdf", "openssl cms", "openssl ts", "pyHanko", "Shirushi")
EARLIER = ("pdfsig, earlier", "Shirushi, earlier")


def hold(ours: Ours, corpus: str, given: Path, account: str = ALICE) -> dict[str, str]:
    """Sign at B-T and ask everyone; gives the objections, or `{"declined": code}`. The row is recorded either way."""
    original = given.read_bytes()
    try:
        signed = ours.sign(given, account)
    except ShirushiError as refusal:
        record("signed", corpus=corpus, file=given.name, key=account, declined=refusal.code)
        found = {"declined": refusal.code}
    else:
        found = objections(ours, given, signed, account)
        asked = [judge for judge in (*JUDGES, *EARLIER) if account != CHIKA or judge not in BLIND]
        record(
            "signed", corpus=corpus, file=given.name, key=account, judges={j: j not in found for j in asked}
        )
    assert given.read_bytes() == original
    return found


def objections(ours: Ours, given: Path, signed: bytes, account: str = ALICE) -> dict[str, str]:
    """What each judge objects to in `signed`, which is `given` and our signature; a judge who accepts is left out.

    Those in `BLIND` are not asked about Chika's.
    """
    assert signed.startswith(given.read_bytes())
    taken = last_signature(signed)
    found: dict[str, str] = {"qpdf": "; ".join(qpdf_check(signed).new_since(qpdf_check(given)))}
    found["openssl ts"] = openssl_ts(ours, taken)
    found["pdfsig, earlier"] = _pdfsig_earlier(ours, given, signed)
    if account != CHIKA:  # see BLIND
        found["pdfsig"] = _pdfsig(ours, signed)
        found["openssl cms"] = openssl_cms(ours, taken)
    found["pyHanko"] = _pyhanko(ours, signed)
    found |= _shirushi(ours, given, signed, taken.value)
    return {judge: words for judge, words in found.items() if words}


def _pdfsig(ours: Ours, signed: bytes) -> str:
    (last,) = [one for one in pdfsig(signed, [ours.root]) if one.ranges[-1][1] == len(signed)]
    good = last.valid and last.trusted and last.whole_document and last.type == "ETSI.CAdES.detached"
    return "" if good else f"{last.status} {last.certificate_status}"


def _pdfsig_earlier(ours: Ours, given: Path, signed: bytes) -> str:
    try:
        before = pdfsig(given, [ours.root])
    except JudgeFailed:
        return ""  # it could not read the document at all
    known = {(one.field, one.ranges): _words(one) for one in pdfsig(signed, [ours.root])}
    compared = [(_words(one), known.get((one.field, one.ranges))) for one in before]
    return "; ".join(f"{one} → {other}" for one, other in compared if one != other)


def _words(one: PdfsigSignature) -> str:
    return f"{one.field}: {one.status} {one.certificate_status} {one.type} {one.signer_dn}"


def openssl_cms(ours: Ours, taken: Signature) -> str:
    """What `openssl cms -verify -cades` objects to, revocation lists given."""
    verdict = openssl_cms_verify(
        taken.cms, taken.content, [ours.root], intermediates=[ours.issuing], crls=ours.crls
    )
    return "" if verdict else verdict.output


def openssl_ts(ours: Ours, taken: Signature) -> str:
    """What `openssl ts -verify` objects to in the signature's time-stamp token."""
    verdict = openssl_ts_verify(
        taken.token, data=taken.value, roots=[ours.root], intermediates=[ours.issuing]
    )
    return "" if verdict else verdict.output


def _pyhanko(ours: Ours, signed: bytes) -> str:
    try:
        (last,) = pyhanko_validate(signed, [ours.root], crls=ours.crls, last_only=True)
    except Exception as refusal:  # noqa: BLE001 - whatever it refuses with is its verdict
        return str(refusal)
    good = last.bottom_line and last.coverage == "ENTIRE_FILE" and last.timestamp
    return "" if good else f"{last.coverage} {last.modification_level} {last.summary}"


def _shirushi(ours: Ours, given: Path, signed: bytes, value: bytes) -> dict[str, str]:
    """Ours passes. The earlier ones keep their verdicts; ours is the one change that is added, and it is permitted."""
    after = ours.validate(signed).signatures
    (last,) = [each for each in after if each.signature.signature_value == value]
    good = (last.indication, last.level, last.signature.integrity) == (
        Indication.TOTAL_PASSED,
        Level.B_T,
        True,
    )
    found = {"Shirushi": "" if good else f"{_verdict(last)} {last.level} {[r.code for r in last.reasons]}"}
    try:
        before = ours.validate(given).signatures
    except MalformedInput:
        return found
    known = {each.signature.id: each for each in after}
    words = (_compared(each, known.get(each.signature.id)) for each in before)
    return found | {"Shirushi, earlier": "; ".join(filter(None, words))}


def _compared(before: SignatureVerdict, after: SignatureVerdict | None) -> str:
    name = before.signature.name
    if after is None:
        return f"{name} is lost"
    if _verdict(after) != _verdict(before):
        return f"{name}: {_verdict(before)} → {_verdict(after)}"
    new = [change for change in after.signature.changes if change not in before.signature.changes]
    odd = [change for change in new if change.kind is not ChangeKind.SIGNATURE_ADDED or not change.allowed]
    return f"{name}: {odd}" if odd and before.signature.integrity else ""


def _verdict(verdict: SignatureVerdict) -> tuple[object, ...]:
    return verdict.indication, verdict.sub_indication, verdict.signature.integrity
