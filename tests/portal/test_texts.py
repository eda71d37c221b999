"""Every text in both languages, none missing, none idle."""

import re
from pathlib import Path

import pytest

from shirushi.core.evidence import ChangeKind, RevocationReason, TimeStampKind
from shirushi.core.instant import instant
from shirushi.core.reason import reason
from shirushi.faces.portal import languages
from shirushi.faces.portal.texts import texts

SOURCE = Path(__file__).parents[2] / "src" / "shirushi"
CODE = [*(SOURCE / "faces" / "portal").rglob("*.html"), *(SOURCE / "faces" / "portal").glob("*.py")]
CODE += [
    *SOURCE.glob("services/*/portal.py"),
    *SOURCE.glob("services/*/portal/*.py"),
    SOURCE / "web/portal.py",
]


def places(text):
    return set(re.findall(r"{(\w+)", text))


def test_both_languages_say_the_same_things_with_the_same_parameters():
    for key, phrase in texts().items():
        assert phrase.ja.strip(), key
        assert phrase.en.strip(), key
        assert places(phrase.ja) == places(phrase.en), key


def test_japanese_texts_are_japanese():
    same = {key for key, phrase in texts().items() if phrase.ja == phrase.en}
    assert same <= {
        "site.name", "sign.pin", "who.vouched", "who.claimed", "who.doubted", "who.withdrawn", "when.proven", "when.existed",
        "signature.format.bare",
    }  # fmt: skip
    for key, phrase in texts().items():
        bare = re.sub(r"{\w+}", "", phrase.ja)
        japanese = re.search(r"[ぁ-んァ-ヶ一-龠]", bare)
        assert japanese or key in same or key in {"site.language", "sign.as.locked"} or "±" in bare, key


def test_every_key_that_a_template_names_exists():
    for path in CODE:
        for key in re.findall(r"""\bt\("([\w.-]+)"\s*[,)]""", path.read_text()):
            assert key in texts(), f"{path.name}: {key}"


def test_every_kind_has_its_word():
    for kind in ChangeKind:
        assert f"change.{kind.value}" in texts()
    for kind in TimeStampKind:
        assert f"stamp.kind.{kind.value}" in texts()
    for why in RevocationReason:
        assert why is RevocationReason.REMOVE_FROM_CRL or f"reason.{why.name}" in texts()


def test_no_text_is_idle():
    everything = "".join(path.read_text() for path in CODE)
    for key in texts():
        parts = key.split(".")
        stems = [".".join(parts[:n]) for n in range(1, len(parts))]
        named = f'"{key}"' in everything or any(
            f'"{stem}." ~' in everything or f'f"{stem}.' in everything for stem in stems
        )
        composed = key.endswith(".about") or re.match(
            r"(sign|seal|task|head|changed|who|trust|when|ask|place)\.", key
        )
        assert named or composed, key


def test_times_sizes_and_names_are_written_for_people():
    at = instant("2026-04-01T15:30:05Z")
    assert languages.date_time(at, "ja") == "2026年4月2日 00:30:05（日本時間）"
    assert languages.date_time(at, "en") == "2 Apr 2026, 00:30:05 (Japan time)"
    assert [languages.size(n) for n in (0, 999, 1000, 163_840, 2_500_000, 3_000_000_000)] == [
        "0 B", "999 B", "1.0 kB", "164 kB", "2.5 MB", "3.0 GB",
    ]  # fmt: skip
    assert languages.common_name("CN=有栖 花子,serialNumber=JP-0001,C=JP") == "有栖 花子"
    assert languages.common_name(r"O=Smith\, Jones \+ Co,C=GB") == "Smith, Jones + Co"
    assert languages.common_name("C=JP") == "C=JP"


def test_places_in_a_document_are_told_in_the_pages_language():
    assert languages.place('page 2, field "Name"', "ja") == '2 ページ目, 入力欄 "Name"'
    assert languages.place("object 12", "ja") == "オブジェクト 12"
    assert languages.place("object 12", "en") == "object 12"


def test_a_reason_is_read_by_people():
    said = reason("ROOT_NOT_TRUSTED", root="CN=Somebody,C=JP")
    assert "CN=" in said.explain("en")
    assert "CN=" not in languages.readable(said, "en").explain("en")
    times = languages.readable(reason("X", at="2026-04-01T15:30:05.250000Z"), "ja")
    assert dict(times.parameters)["at"] == "2026年4月2日 00:30:05（日本時間）"


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [
        (None, "", "ja"),
        (None, "en-GB,en;q=0.9", "en"),
        (None, "fr,de", "ja"),
        (None, "ja;q=0.3,en;q=0.7", "en"),
        (None, "en;q=0,ja;q=0", "ja"),
        (None, "en;q=nonsense", "ja"),
        ("ja", "en", "ja"),
        ("xx", "en", "en"),
    ],
)
def test_the_language_is_negotiated(chosen, accepted, language):
    assert languages.negotiate(chosen, accepted) == language
