"""Two processes on one data directory, and processes killed while they seal: nothing half done, nothing lost, no serial twice."""

import random
import signal
import subprocess
import sys
import time

import pytest

import shirushi
from shirushi import Indication

COMPANY = "さくら商事株式会社"
SHIRUSHI = [sys.executable, "-c", "from shirushi.main import main; main()"]


def seal(data, files, out):
    words = ["seal", *map(str, files), "--as", COMPANY, "--out", str(out), "--data", str(data)]
    return subprocess.Popen([*SHIRUSHI, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def copies(contract, folder, count):
    folder.mkdir()
    files = [folder / f"{number}.pdf" for number in range(count)]
    for file in files:
        file.write_bytes(contract.read_bytes())
    return files


def stamp_serials(domain):
    return [record.subject for record in domain.audit.search(action="tsa.stamp", limit=500).records]


def test_two_processes_on_one_data_directory(data, contract, tmp_path):
    outs = [tmp_path / "out0", tmp_path / "out1"]
    files = copies(contract, tmp_path / "in", 6)
    for out in outs:
        out.mkdir()
    processes = [seal(data, files, out) for out in outs]
    assert [process.wait(120) for process in processes] == [0, 0]
    with shirushi.open(data) as domain:
        verdicts = [
            domain.validation.validate(shirushi.read(out / file.name)) for out in outs for file in files
        ]
        assert {verdict.indication for verdict in verdicts} == {Indication.TOTAL_PASSED}
        serials = stamp_serials(domain)
        assert len(serials) == len(set(serials)) == 12
        assert domain.audit.verify().intact


@pytest.mark.parametrize("rounds", [5, pytest.param(50, marks=pytest.mark.long)])
def test_killed_while_sealing(data, contract, tmp_path, rng: random.Random, rounds):
    files = copies(contract, tmp_path / "in", 4)
    out = tmp_path / "out"
    out.mkdir()
    for _ in range(rounds):
        process = seal(data, files, out)
        time.sleep(rng.uniform(0.6, 2.0))
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    assert all(file.read_bytes() == contract.read_bytes() for file in files)
    with shirushi.open(data) as domain:
        for sealed in out.glob("*.pdf"):
            assert domain.validation.validate(shirushi.read(sealed)).indication is Indication.TOTAL_PASSED
        assert domain.signing.seal(shirushi.read(files[0]), by=COMPANY).size > contract.stat().st_size
        serials = stamp_serials(domain)
        assert len(serials) == len(set(serials))
        assert domain.audit.verify().intact
