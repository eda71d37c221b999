from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from shirushi.adapters.configuration import (
    AuditSection,
    CaSection,
    Configuration,
    DomainSection,
    TrustSection,
    TsaSection,
)
from shirushi.adapters.configuration_file import (
    EntryMissing,
    EntryUnknown,
    EntryWrong,
    read_configuration,
    render_configuration,
    write_configuration,
)
from shirushi.core.errors import ConfigurationInvalid

WHOLE = Configuration(
    domain=DomainSection(name='さくら "trust" \\ domain \x7f'),
    audit=AuditSection(elsewhere=(Path("/mnt/a"), Path("relative"))),
    ca=(CaSection(name="root"), CaSection(name="issuing")),
    tsa=(TsaSection(name="TSU 1", key="tsu", chain=Path("tsu.pem"), policy="0.4.0.2023.1.1"),),
    trust=TrustSection(anchors=(Path("root.pem"),)),
)
TSA = '[[tsa]]\nname = "{0}"\nkey = "k"\nchain = "c.pem"\npolicy = "1.2.3"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shirushi.toml"


def test_what_is_written_is_read(path: Path) -> None:
    for configuration in (WHOLE, Configuration(domain=DomainSection(name="bare"))):
        write_configuration(path, configuration)
        assert read_configuration(path) == configuration
    assert path.stat().st_mode & 0o777 == 0o600


def test_every_entry_has_its_comment() -> None:
    for line in render_configuration(WHOLE).splitlines():
        assert not line or "# " in line
    assert tomllib.loads(render_configuration(WHOLE))["pin"] == {"attempts": 5}


def test_little_is_enough(path: Path) -> None:
    path.write_text('[domain]\nname = "x"\n[[tsa]]\n' + TSA.format("a").partition("\n")[2])
    configuration = read_configuration(path)
    assert (configuration.pin.attempts, configuration.database.url, configuration.tsa[0].name) == (5, "", "a")


@pytest.mark.parametrize(
    ("text", "kind", "entry", "line"),
    [
        ('[domain]\nname = "x"\n\n[pin]\natempts = 3\n', EntryUnknown, "pin.atempts", 5),
        ('[domain]\nname = "x"\n[pins]\n', EntryUnknown, "pins", 3),
        ("[domain]\nversion = 1\n", EntryMissing, "domain.name", 1),
        ("", EntryMissing, "domain", None),
        ('[domain]\nname = "x"\n[pin]\nattempts = "3"\n', EntryWrong, "pin.attempts", 4),
        ('[domain]\nname = "x"\n[pin]\nattempts = 0\n', EntryWrong, "pin.attempts", 4),
        ('[domain]\nname = "x"\nversion = 2\n', EntryWrong, "domain.version", 3),
        ('[domain]\nname = "x"\naddress = "http://a/"\n', EntryWrong, "domain.address", 3),
        ("[domain]\nname = 2026-04-01\n", EntryWrong, "domain.name", 2),
        (
            '[domain]\nname = "x"\n' + TSA.format("a") + TSA.format("b") + "port = 1\n",
            EntryUnknown,
            "tsa.2.port",
            13,
        ),
        ('[domain]\nname = "x"\n' + TSA.format("a") * 2, EntryWrong, "tsa", 3),
        ('tsa = [{name = "x"}]\n[domain]\nname = "x"\n', EntryMissing, "tsa.1.key", None),
        ('[domain]\nname = "x"\n[keys]\nstore = "paper"\n', EntryWrong, "keys.store", 4),
    ],
)
def test_errors_name_entry_and_line(
    path: Path, text: str, kind: type[ConfigurationInvalid], entry: str, line: int | None
) -> None:
    path.write_text(text)
    with pytest.raises(ConfigurationInvalid) as caught:
        read_configuration(path)
    assert type(caught.value) is kind
    assert caught.value.parameters["entry"] == entry
    place = f"{path}:{line} " if line else f"{path} "
    assert place in caught.value.explain("ja")
    assert entry in caught.value.explain("en")


def test_what_may_stand_there_is_said(path: Path) -> None:
    path.write_text('[domain]\nname = "x"\n[[tsa]]\nfoo = 1\nname="a"\nkey="k"\nchain="c"\npolicy="1.2"\n')
    with pytest.raises(EntryUnknown) as caught:
        read_configuration(path)
    assert "accuracy_seconds" in caught.value.remedy("ja")
    path.write_text('[domain]\nname = "x"\n[nonsense]\n')
    with pytest.raises(EntryUnknown) as caught:
        read_configuration(path)
    assert "domain, database, keys" in caught.value.remedy("en")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[domain\n", b"a = 1\na = 2\n"])
def test_what_is_not_toml(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(ConfigurationInvalid) as caught:
        read_configuration(path)
    assert caught.value.code == "CONFIGURATION_INVALID"


def test_a_missing_file(path: Path) -> None:
    with pytest.raises(ConfigurationInvalid, match="No such file"):
        read_configuration(path)
