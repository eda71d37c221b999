"""Errors and reasons of CAdES (EN 319 122-1)."""

from shirushi.core.catalogue import Entry, Text

_MAKER_EN = "Ask the signer to sign again with a program that makes CAdES baseline signatures."
_MAKER_JA = "CAdES ベースライン署名に対応したソフトで署名し直すよう、署名者に依頼してください。"

ENTRIES = (
    Entry(
        "CADES_DECLINED",
        en=Text("The document is not signed with CAdES as asked.", "Choose another format or other options."),
        ja=Text("指定どおりには CAdES で署名できません。", "別の形式または別の指定を選んでください。"),
    ),
    Entry(
        "CADES_CONTENT_TOO_LARGE",
        en=Text(
            "The document of {size} bytes is too large to be put inside a signature (at most {limit} bytes).",
            "Sign it detached, or in an ASiC container.",
        ),
        ja=Text(
            "文書（{size} バイト）が大きすぎて署名の中に入れられません（上限 {limit} バイト）。",
            "分離署名（detached）にするか、ASiC コンテナーで署名してください。",
        ),
        http_status=413,
    ),
    Entry(
        "CADES_PARAMETER_UNSUPPORTED",
        en=Text(
            "A CAdES signature cannot say this: {parameter}.",
            "Leave it out, or choose a format that can say it.",
        ),
        ja=Text(
            "CAdES 署名では次の項目を記録できません: {parameter}",
            "この項目を外すか、記録できる形式を選んでください。",
        ),
    ),
    Entry(
        "CADES_SIGNATURE_UNKNOWN",
        en=Text(
            "The document holds no signature with the id {signature}.",
            "Validate the document to see its signatures and their ids.",
        ),
        ja=Text(
            "この文書には識別子 {signature} の署名がありません。",
            "文書を検証し、含まれる署名とその識別子を確認してください。",
        ),
        http_status=404,
    ),
    Entry(
        "CADES_CONTENT_NEEDED",
        en=Text(
            "The signed document itself is needed: its {algorithm} digest stands in no signature of this file.",
            "Give the document together with the signature.",
        ),
        ja=Text(
            "署名対象の文書が必要です（{algorithm} のダイジェストが署名ファイルに含まれていません）。",
            "署名ファイルと一緒に、署名対象の文書を指定してください。",
        ),
    ),
    Entry(
        "CADES_ARCHIVE_TIMESTAMP_OLD",
        en=Text(
            "An archive time-stamp covers what would have to be changed, and would break.",
            "Leave the signature as it is; add an archive time-stamp to renew its protection.",
        ),
        ja=Text(
            "変更が必要な箇所がアーカイブタイムスタンプで保護されているため、変更すると保護が失われます。",
            "署名には手を加えず、アーカイブタイムスタンプを追加して保護を更新してください。",
        ),
    ),
    Entry(
        "CADES_SIGNER_CERTIFICATE_MISSING",
        en=Text(
            "The signature does not carry the signer's certificate.",
            "Ask the signer for the certificate, or to sign again with it included.",
        ),
        ja=Text(
            "署名に署名者の証明書が含まれていません。",
            "署名者に証明書の提供か、証明書を含めた再署名を依頼してください。",
        ),
    ),
    Entry(
        "CADES_CERTIFICATE_REFERENCE_MISSING",
        en=Text(
            "The signer's certificate is not named by a signed attribute (signing-certificate-v2), so it could be exchanged.",
            _MAKER_EN,
        ),
        ja=Text(
            "署名者の証明書が署名属性（signing-certificate-v2）で特定されておらず、差し替えを防げません。",
            _MAKER_JA,
        ),
    ),
    Entry(
        "CADES_CERTIFICATE_REFERENCE_SHA1",
        en=Text("The signed reference to the signer's certificate uses SHA-1.", _MAKER_EN),
        ja=Text("署名者の証明書への参照に SHA-1 が使われています。", _MAKER_JA),
    ),
    Entry(
        "CADES_SIGNING_TIME_MISSING",
        en=Text("The signature does not say when it was made (signing-time).", _MAKER_EN),
        ja=Text("署名に署名時刻（signing-time 属性）が書かれていません。", _MAKER_JA),
    ),
    Entry(
        "CADES_LEGACY_LEVEL",
        en=Text(
            "The signature is of the older kind {level}, which is no baseline level.",
            "It can be validated as it is; new signatures should be of a baseline level.",
        ),
        ja=Text(
            "ベースラインの水準ではない旧来の形式（{level}）の署名です。",
            "このまま検証できますが、新しい署名にはベースラインの水準を使ってください。",
        ),
    ),
    Entry(
        "CADES_REFERENCES_ONLY",
        en=Text(
            "The signature refers to certificates and revocation data but does not hold them.",
            "Supply the data that it refers to, or raise the signature to level B-LT while it can be fetched.",
        ),
        ja=Text(
            "署名には証明書と失効情報への参照だけがあり、その実体が含まれていません。",
            "参照先のデータを用意するか、取得できるうちに署名を B-LT へ拡張してください。",
        ),
    ),
    Entry(
        "CADES_COUNTERSIGNATURE_UNREADABLE",
        en=Text(
            "A counter-signature cannot be read and was left aside: {detail}.",
            "Where it matters, ask the counter-signer to sign again.",
        ),
        ja=Text(
            "カウンター署名を読み取れなかったため、考慮していません: {detail}",
            "必要な場合は、カウンター署名をやり直すよう依頼してください。",
        ),
    ),
)
