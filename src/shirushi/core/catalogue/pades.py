"""What is wrong with a signature as a PDF carries it, and what keeps it from a PAdES baseline level."""

from shirushi.core.catalogue import Entry, Text

_COPY_EN = "Do not rely on this signature. Get the document again from its signer and compare."
_COPY_JA = "この署名に依拠せず、署名者から文書を取り寄せ直して比較してください。"
_MAKER_EN = "Ask the signer to sign again with a program that makes PAdES baseline signatures."
_MAKER_JA = "PAdES ベースライン署名に対応したソフトで署名し直すよう、署名者に依頼してください。"

ENTRIES = (
    Entry(
        "PADES_BYTE_RANGE_INVALID",
        en=Text("The ranges of bytes that the signature names do not fit this file ({range}).", _COPY_EN),
        ja=Text("署名が示すバイト範囲（{range}）がこのファイルに合いません。", _COPY_JA),
    ),
    Entry(
        "PADES_BYTE_RANGE_NOT_CONTENTS",
        en=Text(
            "The signature leaves out more or other bytes than its own value, so others could hide there.",
            _COPY_EN,
        ),
        ja=Text(
            "署名の対象から署名値以外のバイトが外れており、そこに別の内容を隠せる状態です。",
            _COPY_JA,
        ),
    ),
    Entry(
        "PADES_DICTIONARY_REPLACED",
        en=Text(
            "What the document now says of the signature (name, reason, time) was put there after signing.",
            _COPY_EN,
        ),
        ja=Text(
            "署名に関する表示（氏名、理由、時刻など）が、署名後に差し替えられています。",
            _COPY_JA,
        ),
    ),
    Entry(
        "PADES_COVERAGE_END",
        en=Text("The signature ends at byte {offset}, where no saved state of the document ends.", _COPY_EN),
        ja=Text(
            "署名の対象が {offset} バイト目で終わっていますが、そこは文書の保存時点の末尾ではありません。",
            _COPY_JA,
        ),
    ),
    Entry(
        "PADES_SUBFILTER_UNKNOWN",
        en=Text(
            "The signature is of a kind that no standard for PDF defines ({sub_filter}).",
            "Ask the signer to sign again with a program that makes PAdES signatures.",
        ),
        ja=Text(
            "PDF の標準にない種類の署名です（{sub_filter}）。",
            "PAdES に対応したソフトで署名し直すよう、署名者に依頼してください。",
        ),
    ),
    Entry(
        "PADES_VALUE_UNREADABLE",
        en=Text("The value of the signature cannot be read: {detail}.", _COPY_EN),
        ja=Text("署名値を読み取れません: {detail}", _COPY_JA),
    ),
    Entry(
        "PADES_CONTENT_INSIDE",
        en=Text("The signature is over content of its own instead of this document.", _COPY_EN),
        ja=Text("署名の対象がこの文書ではなく、署名データ自身に入れられた内容になっています。", _COPY_JA),
    ),
    Entry(
        "PADES_SUBFILTER_NOT_PADES",
        en=Text("No PAdES signature: its kind is {sub_filter}.", _MAKER_EN),
        ja=Text("PAdES 署名ではありません（種類: {sub_filter}）。", _MAKER_JA),
    ),
    Entry(
        "PADES_SIGNER_CERTIFICATE_MISSING",
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
        "PADES_CERTIFICATE_REFERENCE_MISSING",
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
        "PADES_SIGNING_TIME_ATTRIBUTE",
        en=Text(
            "The signing time stands in the signature value, where PAdES baseline does not allow it.",
            _MAKER_EN,
        ),
        ja=Text("PAdES ベースラインでは認められない署名時刻属性が署名値に含まれています。", _MAKER_JA),
    ),
    Entry(
        "PADES_CLAIMED_TIME_MISSING",
        en=Text("The signature does not say when it was made (entry M).", _MAKER_EN),
        ja=Text("署名に署名時刻（M エントリ）が書かれていません。", _MAKER_JA),
    ),
    Entry(
        "PADES_CERT_ENTRY",
        en=Text(
            "Certificates stand beside the signature value (entry Cert), where PAdES does not allow them.",
            _MAKER_EN,
        ),
        ja=Text("PAdES では認められない位置（Cert エントリ）に証明書が書かれています。", _MAKER_JA),
    ),
)
