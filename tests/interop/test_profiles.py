"""What every profile issues, before pkilint, `openssl verify`, `openssl ocsp` and Bouncy Castle; and each judge's no.

A judge accepts a cell when it takes the certificate for what the profile says and refuses every twin of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from ssl import DER_cert_to_PEM_cert

import pytest

from shirushi.adapters.pkilint_linter import PkiLinter
from shirushi.codecs.asn1.issue.extensions import QC_LEGISLATION, QC_TYPES, SEMANTICS
from shirushi.core.algorithms import KeyType
from shirushi.core.evidence import GeneralName, GeneralNameKind
from shirushi.services.ca.model import profile, profile_names
from shirushi.services.ca.service.linting import unwaived
from tests.interop.bouncy_castle import bouncy_castle
from tests.interop.profile_cells import (
    KINDS,
    OURS,
    PERMITTED,
    THEIRS,
    Cell,
    Crossed,
    cells,
    certified,
    crossed,
)
from tests.interop.tools import openssl_ocsp, openssl_verify
from tests.results import record
from tests.unit.ca.subjects import SUBJECTS

SETS = {
    "curves": (KeyType.P_256, KeyType.P_384, KeyType.ED25519),
    "RSA": (KeyType.RSA_3072,),  # two keys a second
}
PURPOSES = {
    "authentication": "sslclient",
    "card-authentication": "any",  # no purpose of OpenSSL's
    "cross": "crlsign",
    "device": "sslserver",
    "document-encryption": "any",  # OpenSSL's smimeencrypt knows no key agreement
    "e-seal": "smimesign",
    "e-seal-qscd": "smimesign",
    "issuing": "crlsign",
    "ocsp-responder": "ocsphelper",
    "official-seal": "any",  # RFC 9336 is younger than OpenSSL 3.0
    "person-signature": "smimesign",
    "person-signature-ncp": "smimesign",
    "person-signature-qscd": "smimesign",
    "root": "crlsign",
    "tls-client": "sslclient",
    "tls-server": "sslserver",
    "tsu": "timestampsign",
    "website": "sslserver",
}
GENERALIZED_TIME = b"\x18\x0f"
NO_POLICY = "1.2.392.200999.9.9"


@pytest.fixture(scope="module", params=["curves", pytest.param("RSA", marks=pytest.mark.long)])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Cell]]:
    """The cells of each profile."""
    found: dict[str, list[Cell]] = {name: [] for name in profile_names()}
    for cell in cells(tmp_path_factory.mktemp("profiles"), SETS[request.param]):
        found[cell.profile].append(cell)
    return found


def told(judge: str, cell: Cell, objections: list[str]) -> list[str]:
    """The row of the table; what is wrong, with the cell's name."""
    record("profiles", profile=cell.profile, key=cell.key, judge=judge, accepted=not objections)
    return [f"{cell.key}: {each}" for each in objections]


def test_every_profile_has_its_cells(made: dict[str, list[Cell]]) -> None:
    keys = {each for group in made.values() for cell in group for each in [KeyType(cell.key)]}
    assert {name: [cell.key for cell in found] for name, found in made.items()} == {
        name: [key.value for key in certified(name, [k for k in KINDS if k in keys])] for name in made
    }


@pytest.mark.parametrize("name", profile_names())
def test_pkilint(made: dict[str, list[Cell]], name: str) -> None:
    linter, wrong = PkiLinter(), []
    for cell in made[name]:
        found = unwaived(linter.findings(cell.certificate, profile(name).lint), name)
        for answer in cell.answers:
            found += linter.ocsp_findings(answer)
        for list_ in {each for both in cell.crls for each in both}:
            found += linter.crl_findings(list_)
        objections = [f"{each.code} at {each.place}" for each in found]
        if not unwaived(linter.findings(cell.flipped, profile(name).lint), name):
            objections.append("nothing found in a negative serial number")
        wrong += told("pkilint", cell, objections)
    assert wrong == []


@pytest.mark.needs("openssl", "openssl")
@pytest.mark.parametrize("name", profile_names())
def test_openssl_verify(made: dict[str, list[Cell]], name: str) -> None:
    assert [each for cell in made[name] for each in told("openssl verify", cell, verify(cell))] == []


def verify(cell: Cell) -> list[str]:
    old, good, revoked = cell.crls or ((), (), ())
    flipped = DER_cert_to_PEM_cert(cell.flipped).encode()
    purpose = PURPOSES[cell.profile]
    common = {"intermediates": cell.between, "purpose": purpose}
    accepted = openssl_verify(cell.certificate, [cell.anchor], crls=good, policy=cell.policy, **common)
    late = cell.not_after + timedelta(days=1)
    own = [cell.anchor]
    twins = {
        "self-signed certificate|signature failure": openssl_verify(flipped, own, **common),
        "certificate has expired": openssl_verify(cell.certificate, own, at=late, **common),
        "unable to get|self-signed certificate|signature failure": openssl_verify(
            cell.certificate, [cell.namesake], **common
        ),
        "unsuitable certificate purpose|unsupported certificate purpose": openssl_verify(
            cell.certificate,
            own,
            intermediates=cell.between,
            purpose="sslserver" if purpose == "timestampsign" else "timestampsign",
        ),
    }
    if revoked:
        twins["certificate revoked"] = openssl_verify(cell.certificate, own, crls=revoked, **common)
        twins["CRL has expired"] = openssl_verify(cell.certificate, own, crls=old, **common)
    if cell.policy:
        twins["no explicit policy"] = openssl_verify(cell.certificate, own, policy=NO_POLICY, **common)
    objections = [] if accepted else [accepted.output]
    for words, verdict in twins.items():
        if verdict or not any(word in verdict.output for word in words.split("|")):
            objections.append(f"not told: {words}: {verdict.output}")
    return objections


@pytest.mark.needs("openssl", "openssl")
@pytest.mark.parametrize("name", [name for name in profile_names() if profile(name).status_pointers])
def test_openssl_ocsp(made: dict[str, list[Cell]], name: str) -> None:
    wrong = []
    for cell in made[name]:
        objections = []
        old, *answers = cell.answers
        for status, answer in zip(("good", "revoked"), answers, strict=True):
            judged = openssl_ocsp(answer, cell.certificate, cell.path[1], [cell.anchor])
            if not judged.ok or judged.status != status or "Status times invalid" in judged.output:
                objections.append(f"{status}: {judged.output}")
        altered = bytearray(answers[0])
        altered[altered.index(GENERALIZED_TIME) + 4] ^= 1  # a digit of producedAt
        for twin, anchor in ((bytes(altered), cell.anchor), (answers[0], cell.namesake)):
            if openssl_ocsp(twin, cell.certificate, cell.path[1], [anchor]).ok:
                objections.append("a twin is accepted")
        stale = openssl_ocsp(old, cell.certificate, cell.path[1], [cell.anchor])
        if "Status times invalid" not in stale.output:
            objections.append(f"an old answer is accepted: {stale.output}")
        wrong += told("openssl ocsp", cell, objections)
    assert wrong == []


class BouncyCastle:
    """Bouncy Castle, started once for all cases that it is asked about."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines: list[str] = []
        self.names: dict[bytes, str] = {}

    def _file(self, content: bytes) -> str:
        if content not in self.names:
            path = self.folder / str(len(self.names))
            path.write_bytes(content)
            self.names[content] = str(path)
        return self.names[content]

    def ask(
        self,
        path: tuple[bytes, ...],
        *,
        crls: tuple[bytes, ...] = (),
        at: datetime | None = None,
        policy: str | None = None,
    ) -> int:
        """Put the case of a path, the anchor last; the number of its answer."""
        between, lists = (",".join(map(self._file, each)) for each in (path[1:-1], crls))
        time = str(int((at or datetime.now(UTC)).timestamp() * 1000))
        fields = (self._file(path[0]), self._file(path[-1]), between, lists, time, policy or "")
        self.lines.append("\t".join(fields))
        return len(self.lines) - 1

    def answers(self) -> list[list[str]]:
        """To each case "accepted" with what was read, or "refused" with the reason."""
        (self.folder / "cases").write_text("\n".join(self.lines))
        found = [line.split("\t") for line in bouncy_castle("CertificateJudge", self.folder / "cases")]
        assert len(found) == len(self.lines)
        return found


@pytest.fixture(scope="module")
def bounded(tmp_path_factory: pytest.TempPathFactory) -> Crossed:
    """A cross-certificate with what lies below it."""
    return crossed(tmp_path_factory.mktemp("crossed"))


def below(bounded: Crossed) -> Iterator[tuple[bytes, str | None, bool]]:
    """What the other root issued: whether it holds under ours, for a policy."""
    yield bounded.theirs, OURS, True
    yield bounded.theirs, THEIRS, False
    yield bounded.within, None, True
    yield bounded.without, None, False


@dataclass
class Opinions:
    """Bouncy Castle's answers: to each cell with its twins, and to what lies below a cross-certificate."""

    cells: dict[str, list[tuple[Cell, dict[str, list[str]]]]]
    crossed: list[list[str]]


@pytest.fixture(scope="module")
def judged(
    made: dict[str, list[Cell]], bounded: Crossed, tmp_path_factory: pytest.TempPathFactory
) -> Opinions:
    """What Bouncy Castle says, in one run."""
    asked = BouncyCastle(tmp_path_factory.mktemp("bouncy"))
    places = []
    for cell in (cell for group in made.values() for cell in group):
        path, at = cell.path, cell.not_after + timedelta(days=1)
        old, good, revoked = cell.crls or ((), (), ())
        wrong_anchor = (*path[:-1], cell.namesake) if len(path) > 1 else (*path, cell.namesake)
        case = {
            "good": asked.ask(path, crls=good, policy=cell.policy),
            "flipped": asked.ask((cell.flipped, *(path[1:] or path))),
            "expired": asked.ask(path, at=at),
            "wrong issuer": asked.ask(wrong_anchor),
        }
        if revoked:
            case["revoked"] = asked.ask(path, crls=revoked)
            case["old lists"] = asked.ask(path, crls=old)
        if cell.policy:
            case["policy"] = asked.ask(path, policy=NO_POLICY)
        places.append((cell, case))
    crosses = [
        asked.ask((each, bounded.cross, bounded.root), policy=policy) for each, policy, _ in below(bounded)
    ]
    answers = asked.answers()
    found = Opinions({name: [] for name in made}, [answers[place] for place in crosses])
    for cell, case in places:
        found.cells[cell.profile].append((cell, {what: answers[place] for what, place in case.items()}))
    return found


REFUSALS = {
    "flipped": "signature|not verif|No issuer certificate|find certificate chain",
    "expired": "expired",
    "wrong issuer": "signature|not verif|No issuer certificate|trust anchor|find certificate chain",
    "revoked": "revoked|revocation",
    "old lists": "No CRLs found|CRL",
    "policy": "policy|Policy",
}


@pytest.mark.parametrize("name", profile_names())
def test_bouncy_castle(judged: Opinions, name: str) -> None:
    wrong = []
    for cell, answers in judged.cells[name]:
        outcome, *said = filter(None, answers.pop("good"))
        objections = [] if outcome == "accepted" else [" ".join(said)]
        if outcome == "accepted" and sorted(said) != sorted(expected(name)):
            objections.append(f"reads {said}, not {list(expected(name))}")
        for twin, (verdict, *reason) in answers.items():
            words = REFUSALS[twin].split("|")
            if verdict == "accepted" or not any(word in " ".join(reason) for word in words):
                objections.append(f"{twin}: {verdict} {reason}")
        wrong += told("Bouncy Castle", cell, objections)
    assert wrong == []


def expected(name: str) -> Iterator[str]:
    """What a certificate of a profile says, in the words of the judge."""
    kind = profile(name)
    subject, names = SUBJECTS.get(name, (None, ()))
    for policy in [OURS] if name == "cross" else kind.policies:
        yield f"policy={policy}"
    yield from (f"purpose={each}" for each in kind.extended_key_usage)
    yield from (f"name={_spoken(each)}" for each in names)
    if name == "cross":
        yield f"mapping={OURS}={THEIRS}"
        yield f"permitted={_spoken(PERMITTED)}"
    semantics = kind.semantics(subject) if subject else None
    if semantics:
        yield f"semantics={SEMANTICS[semantics]}"
    if kind.qc_compliance:
        yield "statement=0.4.0.1862.1.1"
        yield f"statement={QC_LEGISLATION}=[JP]"
        yield "pds=https://ca.example.jp/pds_en.pdf=en"
    if kind.qc_sscd:
        yield "statement=0.4.0.1862.1.4"
    yield from (f"type={QC_TYPES[each]}" for each in kind.qc_types)


def _spoken(name: GeneralName) -> str:
    """An alternative name as Bouncy Castle writes it: its tag and its value."""
    if name.kind is GeneralNameKind.DIRECTORY:
        return "4:C=JP,O=見本省,OU=大臣官房,CN=見本大臣"
    return f"{name.kind.value}:{name.value}"


@pytest.mark.needs("openssl", "openssl")
def test_a_cross_certificate_maps_policies_and_bounds_names(bounded: Crossed, judged: Opinions) -> None:
    """What another root issued holds under ours: for our policy alone, and for hosts within its bounds alone."""
    for (each, policy, holds), said in zip(below(bounded), judged.crossed, strict=True):
        verdict = openssl_verify(each, [bounded.root], intermediates=[bounded.cross], policy=policy)
        assert bool(verdict) == holds, verdict.output
        assert (said[0] == "accepted") == holds, said
