"""Renewal: what falls due is listed, renewed in its place, and each failure is named while the original stands."""

from datetime import UTC, datetime, timedelta

import pytest

import shirushi
from shirushi import Level
from shirushi.adapters.configuration import RenewalSection
from shirushi.adapters.configuration_file import read_configuration
from shirushi.adapters.data_directory import DataDirectory
from shirushi.core.actor import Actor, Role
from shirushi.core.document import document
from shirushi.core.errors import NotPermitted
from shirushi.core.verdict import Indication
from shirushi.domain import compose
from shirushi.formats.protocol import Packaging, SignatureParameters
from shirushi.services.signing.jobs import jobs
from tests.fakes import FakeClock

COMPANY = "さくら商事株式会社"
TEXT = document(b"minutes " * 100, "minutes.txt", "text/plain")


@pytest.fixture
def later(data, tmp_path):
    """Opens the domain at another time, with a folder to be renewed in."""
    folder = tmp_path / "kept"
    folder.mkdir()
    directory = DataDirectory(data)
    section = RenewalSection(folders=(folder,), days_before=3650)
    configuration = read_configuration(directory.configuration).model_copy(update={"renewal": section})

    def open_(days=0):
        return compose(directory, configuration, FakeClock(datetime.now(UTC) + timedelta(days=days)))

    return folder, open_


def kept(domain, folder, contract):
    """A PDF and a container at B-LTA, the second in a folder below."""
    pdf = domain.signing.seal(shirushi.read(contract), COMPANY, level=Level.B_LTA)
    container = domain.signing.extend(domain.signing.seal(TEXT, COMPANY), Level.B_LTA)
    paths = folder / "a.pdf", folder / "below" / "b.asice"
    for each, path in zip((pdf, container), paths, strict=True):
        path.parent.mkdir(exist_ok=True)
        shirushi.write(each, path)
    return paths


def archived(domain, path):
    verdict = domain.validation.validate(shirushi.read(path))
    assert verdict.indication is Indication.TOTAL_PASSED
    return len(verdict.worst.signature.archive_timestamps)


@pytest.mark.parametrize("form", ["cades", "xades", "jades"])
def test_what_detached_signatures_cover_is_found_beside_them(later, form):
    folder, open_ = later
    with open_() as domain:
        said = SignatureParameters(packaging=Packaging.DETACHED)
        made = domain.signing.seal(TEXT, COMPANY, level=Level.B_LTA, form=form, parameters=said)
        path = folder / made.name
        shirushi.write(made, path)
    with open_(1) as domain:
        (without,) = domain.signing.renew()
        assert bool(without.failure) is (form != "cades")  # whose digest the signature holds
    shirushi.write(TEXT, folder / TEXT.name)
    with open_(2) as domain:
        (done,) = domain.signing.renew()
        assert not done.failure
        verdict = domain.validation.validate(shirushi.read(path), content=[TEXT])
        assert verdict.indication is Indication.TOTAL_PASSED
        assert len(verdict.worst.signature.archive_timestamps) == (3 if form == "cades" else 2)


def test_the_job_renews_in_its_place_what_falls_due(later, contract):
    folder, open_ = later
    with open_() as domain:
        paths = kept(domain, folder, contract)
        (folder / "other.pdf").write_bytes(contract.read_bytes())
        found = domain.signing.renewals(within=timedelta(days=9_000))
        assert {each.name for each in found} == {"contract.pdf", "minutes.txt.asice"}
        assert all("certificate" in each.cause or "algorithm" in each.cause for each in found)
        assert all(each.due_at > each.augmented_at for each in found)
    with open_(days=5) as domain:
        assert len(domain.signing.renewals()) == 2
        job, _ = jobs(domain.services.signing, domain.services.batches)
        done = job.run()
        assert {each.path for each in done} == set(map(str, paths))
        assert not any(each.failure for each in done)
        assert [archived(domain, path) for path in paths] == [2, 2]
        again = {each.digest for each in domain.signing.renewals(within=timedelta(days=9_000))}
        assert again == {each.renewed_to for each in done}
        actions = [record.actor for record in domain.audit.search(action="signing.extend").records]
        assert actions.count("service:signing") == 2
    assert (folder / "other.pdf").read_bytes() == contract.read_bytes()


def test_each_failure_is_named_and_the_original_stands(later, contract):
    folder, open_ = later
    with open_() as domain:
        paths = kept(domain, folder, contract)
        paths[1].unlink()
    before = paths[0].read_bytes()
    with open_(days=5_000) as domain:  # every certificate has expired meanwhile: nothing can be stamped
        done = {each.name: each.failure for each in domain.signing.renew()}
        assert done["minutes.txt.asice"] == "DOCUMENT_NOT_IN_FOLDERS"
        assert "TIME_NOT_AVAILABLE" in done["contract.pdf"]
        told = {each.name: each.failure for each in domain.signing.renewals()}
        assert told == done
    assert paths[0].read_bytes() == before
    assert not [path for path in folder.rglob("*") if path.name.startswith(".")]


def test_who_may_see_and_renew(later):
    _, open_ = later
    with open_() as domain:
        service = domain.services.signing
        with pytest.raises(NotPermitted):
            service.renewals(Actor("alice@example.jp", frozenset({Role.SIGNER})))
        with pytest.raises(NotPermitted):
            service.renew(Actor("auditor", frozenset({Role.AUDITOR})))
