"""Errors and reasons of evidence records and lone time-stamp tokens."""

from shirushi.core.catalogue import Entry, Text

_COPY_EN = (
    "Ask the archive that keeps the document for the record again, and for the document as it was archived."
)
_COPY_JA = "文書を保管しているアーカイブから、エビデンスレコードと保管時の文書を改めて入手してください。"
_GIVE_EN = "Give the file with --content, or put it into the container beside the record."
_GIVE_JA = "--content で対象のファイルを指定するか、コンテナの中でレコードと並べて置いてください。"

ENTRIES = (
    Entry(
        "EVIDENCE_RECORD_MALFORMED",
        en=Text("The evidence record cannot be read: {detail}.", _COPY_EN),
        ja=Text("エビデンスレコードを読み取れません: {detail}", _COPY_JA),
    ),
    Entry(
        "EVIDENCE_RECORD_UNREADABLE",
        en=Text("An evidence record was passed over because it cannot be read: {detail}.", _COPY_EN),
        ja=Text("読み取れないエビデンスレコードがあり、考慮していません: {detail}", _COPY_JA),
    ),
    Entry(
        "EVIDENCE_RECORD_BROKEN",
        en=Text("An evidence record proves nothing, as its digests do not hold together.", _COPY_EN),
        ja=Text("エビデンスレコードのハッシュ値が整合しないため、何も証明できません。", _COPY_JA),
    ),
    Entry(
        "EVIDENCE_RECORD_ROOT_MISMATCH",
        en=Text("The hash tree of time-stamp {number} does not lead to what the token stamps.", _COPY_EN),
        ja=Text(
            "{number} 番目のタイムスタンプのハッシュ木が、トークンの対象と一致しません。",
            _COPY_JA,
        ),
    ),
    Entry(
        "EVIDENCE_RECORD_RENEWAL_MISMATCH",
        en=Text("Time-stamp {number} does not cover the time-stamp or chain that it renews.", _COPY_EN),
        ja=Text(
            "{number} 番目のタイムスタンプが、更新の対象であるタイムスタンプまたはチェーンを含んでいません。",
            _COPY_JA,
        ),
    ),
    Entry(
        "EVIDENCE_RECORD_CHAIN_MIXED",
        en=Text("One chain of the record hashes with {first} and with {second}.", _COPY_EN),
        ja=Text("一つのチェーンの中で {first} と {second} のハッシュが混在しています。", _COPY_JA),
    ),
    Entry(
        "EVIDENCE_RECORD_OBJECT_NOT_COVERED",
        en=Text("{name} is not what the evidence record covers.", _COPY_EN),
        ja=Text("{name} は、エビデンスレコードの対象と一致しません。", _COPY_JA),
    ),
    Entry(
        "EVIDENCE_RECORD_OBJECT_NOT_FOUND",
        en=Text("{name}, which the evidence record should cover, is not at hand.", _GIVE_EN),
        ja=Text("エビデンスレコードの対象である {name} が見つかりません。", _GIVE_JA),
    ),
    Entry(
        "EVIDENCE_RECORD_WITHOUT_OBJECTS",
        en=Text("Nothing is at hand that the evidence record could cover.", _GIVE_EN),
        ja=Text("エビデンスレコードの対象となるファイルがありません。", _GIVE_JA),
    ),
    Entry(
        "LEGACY_FORMAT",
        en=Text(
            "{format} is older than the AdES formats: it does not protect which certificate signed.",
            "Ask for a signature in PAdES, CAdES or XAdES where one must hold for years.",
        ),
        ja=Text(
            "{format} は AdES より前の形式で、署名に使った証明書がどれかを保護していません。",
            "長期間の有効性が必要な場合は、PAdES・CAdES・XAdES の署名を依頼してください。",
        ),
    ),
)
