"""What is wrong with an XML signature, what keeps it from a XAdES baseline level, and why one is not made."""

from shirushi.core.catalogue import Entry, Text

_COPY_EN = "Do not rely on this signature. Get the document again from its signer and compare."
_COPY_JA = "この署名に依拠せず、署名者から文書を取り寄せ直して比較してください。"
_MAKER_EN = "Ask the signer to sign again with a program that makes XAdES baseline signatures."
_MAKER_JA = "XAdES ベースライン署名に対応したソフトで署名し直すよう、署名者に依頼してください。"

ENTRIES = (
    Entry(
        "XADES_PROPERTY_REPEATED",
        en=Text("{property} stands more than once in the signature, where it may stand once.", _COPY_EN),
        ja=Text("署名に一つしか置けない {property} が複数あります。", _COPY_JA),
    ),
    Entry(
        "XADES_PROPERTY_MALFORMED",
        en=Text("{property} of the signature cannot be read.", _MAKER_EN),
        ja=Text("署名の {property} を読み取れません。", _MAKER_JA),
    ),
    Entry(
        "XADES_TARGET_FOREIGN",
        en=Text(
            "The properties beside the signature say that they belong to another one ({target}).", _COPY_EN
        ),
        ja=Text("署名に付いた属性が、別の署名（{target}）のものとされています。", _COPY_JA),
    ),
    Entry(
        "XADES_REFERENCE_MISPLACED",
        en=Text(
            "A part that was signed as belonging to the signature ({uri}) stands in another place, as after an attack.",
            _COPY_EN,
        ),
        ja=Text(
            "署名に属するものとして署名された部分（{uri}）が別の場所に移されています。攻撃の疑いがあります。",
            _COPY_JA,
        ),
    ),
    Entry(
        "XADES_SIGNED_PROPERTIES_UNSIGNED",
        en=Text("The signature's properties, such as its time and certificate, are not signed.", _COPY_EN),
        ja=Text("署名時刻や証明書などの署名属性が、署名の対象になっていません。", _COPY_JA),
    ),
    Entry(
        "XADES_SIGNED_PROPERTIES_TRANSFORMED",
        en=Text(
            "The signature's properties are signed in a changed form, so that they cannot be relied on.",
            _MAKER_EN,
        ),
        ja=Text("署名属性が変換された形で署名されており、内容を確認できません。", _MAKER_JA),
    ),
    Entry(
        "XADES_COUNTER_SIGNATURE_FOREIGN",
        en=Text("The counter-signature does not cover the signature in which it stands.", _COPY_EN),
        ja=Text("副署（カウンター署名）が、それを含む署名を対象にしていません。", _COPY_JA),
    ),
    Entry(
        "XADES_NOT_XADES",
        en=Text("A plain XML signature: it has no signed properties, as XAdES demands.", _MAKER_EN),
        ja=Text("XAdES に必要な署名属性がない、単純な XML 署名です。", _MAKER_JA),
    ),
    Entry(
        "XADES_PROPERTY_MISSING",
        en=Text("The signature lacks {property}, which XAdES baseline demands.", _MAKER_EN),
        ja=Text("XAdES ベースラインに必要な {property} がありません。", _MAKER_JA),
    ),
    Entry(
        "XADES_LEGACY_LEVEL",
        en=Text(
            "The signature is of the older level {level}, which rests on references to validation data.",
            "It can be judged while what it refers to can still be had. Have it renewed at a baseline level.",
        ),
        ja=Text(
            "検証情報への参照に基づく、旧規格のレベル {level} の署名です。",
            "参照先を入手できる間は検証できます。ベースラインのレベルで更新するよう手配してください。",
        ),
    ),
    Entry(
        "XADES_SIGNING_CERTIFICATE_V1",
        en=Text(
            "The signature names its certificate in the form that was used until 2016 (SigningCertificate).",
            "Nothing is to be done; new signatures use SigningCertificateV2.",
        ),
        ja=Text(
            "署名が 2016 年以前の形式（SigningCertificate）で証明書を示しています。",
            "対応は不要です。新しい署名には SigningCertificateV2 が使われます。",
        ),
    ),
    Entry(
        "XADES_PARAMETER_UNSUPPORTED",
        en=Text(
            "An XML signature has no place for {parameter}.",
            "Leave it out, or sign a PDF instead.",
        ),
        ja=Text(
            "XML 署名には {parameter} を入れる場所がありません。",
            "指定を外すか、PDF に署名してください。",
        ),
        exit_status=2,
    ),
    Entry(
        "XADES_BREAKS_SIGNATURE",
        en=Text(
            "A signature in this document ({name}) covers all of it and would be broken by another one inside.",
            "Sign with the packaging enveloping or detached instead.",
        ),
        ja=Text(
            "この文書の署名（{name}）は文書全体を対象としており、中に署名を追加すると無効になります。",
            "enveloping（包含）または detached（分離）の形式で署名してください。",
        ),
    ),
    Entry(
        "XADES_BREAKS_TIME_STAMP",
        en=Text(
            "An archive time-stamp covers the counter-signature {signature}, which can no longer be changed.",
            "Renew the signature around it instead.",
        ),
        ja=Text(
            "副署（カウンター署名）{signature} は、アーカイブタイムスタンプの対象のため変更できません。",
            "それを含む署名のほうを更新してください。",
        ),
    ),
    Entry(
        "XADES_SIGNATURE_NOT_FOUND",
        en=Text(
            "The document holds no XML signature {signature}.", "Name a signature that the document holds."
        ),
        ja=Text("文書に XML 署名 {signature} がありません。", "文書に含まれる署名を指定してください。"),
    ),
    Entry(
        "XADES_CONTENT_MISSING",
        en=Text(
            "To renew this signature, the document that it covers is needed as well ({name}).",
            "Give the signed document together with the signature.",
        ),
        ja=Text(
            "この署名を更新するには、署名対象の文書（{name}）も必要です。",
            "署名と一緒に、署名対象の文書を指定してください。",
        ),
    ),
    Entry(
        "XADES_VALUE_WITHOUT_ID",
        en=Text(
            "The value of the signature {signature} has no identifier of its own, so that nothing can counter-sign it.",
            "Sign beside it instead of counter-signing.",
        ),
        ja=Text(
            "署名 {signature} の署名値に固有の識別子がないため、副署（カウンター署名）を付けられません。",
            "副署ではなく、並べて署名してください。",
        ),
    ),
)
