"""Errors and reasons of ASN.1: certificates, revocation data, CMS, time-stamps."""

from shirushi.core.catalogue import Entry, Text

_CHECK_EN = "Check that the data is complete and of the expected kind; ask its producer for a correct copy."
_CHECK_JA = (
    "データが欠けていないか、種類が合っているかを確認し、必要なら発行元から正しいものを入手してください。"
)
_SIGN_AGAIN_EN = "Ask the signer to sign again with software that conforms to the format."
_SIGN_AGAIN_JA = "形式の規格に適合したソフトウェアで署名し直すよう、署名者に依頼してください。"

ENTRIES = (
    Entry(
        "ASN1_MALFORMED",
        en=Text("The data is not well-formed ASN.1: {detail}.", _CHECK_EN),
        ja=Text("ASN.1 データの形式が正しくありません: {detail}", _CHECK_JA),
    ),
    Entry(
        "ASN1_TOO_COMPLEX",
        en=Text("The ASN.1 data exceeds the limit of {limit}: {detail}.", _CHECK_EN),
        ja=Text("ASN.1 データが上限 {limit} を超えています: {detail}", _CHECK_JA),
    ),
    Entry(
        "CERTIFICATE_MALFORMED",
        en=Text("The certificate cannot be read: {detail}.", _CHECK_EN),
        ja=Text("証明書を読み取れません: {detail}", _CHECK_JA),
    ),
    Entry(
        "CRL_MALFORMED",
        en=Text("The certificate revocation list cannot be read: {detail}.", _CHECK_EN),
        ja=Text("証明書失効リスト（CRL）を読み取れません: {detail}", _CHECK_JA),
    ),
    Entry(
        "OCSP_MALFORMED",
        en=Text("The OCSP data cannot be read: {detail}.", _CHECK_EN),
        ja=Text("OCSP のデータを読み取れません: {detail}", _CHECK_JA),
    ),
    Entry(
        "OCSP_UNSUCCESSFUL",
        en=Text(
            "The OCSP responder gave no status: {status}.",
            "Ask again later; if it repeats, ask the certification authority.",
        ),
        ja=Text(
            "OCSP レスポンダーが状態を返しませんでした: {status}",
            "しばらくしてから再度照会し、続く場合は認証局に問い合わせてください。",
        ),
        http_status=502,
    ),
    Entry(
        "CMS_MALFORMED",
        en=Text("The CMS signature cannot be read: {detail}.", _CHECK_EN),
        ja=Text("CMS 署名を読み取れません: {detail}", _CHECK_JA),
    ),
    Entry(
        "EVIDENCE_LIMIT_EXCEEDED",
        en=Text(
            "The signatures and certificates of the document exceed a safety limit: {limit}.",
            "Such files are mostly made to do harm. If it is genuine, have its signatures sent in several files.",
        ),
        ja=Text(
            "文書に含まれる署名や証明書が安全上の上限を超えています（{limit}）。",
            "悪意のあるファイルの可能性があります。正当なものであれば、署名を複数のファイルに分けて送ってもらってください。",
        ),
    ),
    Entry(
        "TIMESTAMP_MALFORMED",
        en=Text("The time-stamp cannot be read: {detail}.", _CHECK_EN),
        ja=Text("タイムスタンプを読み取れません: {detail}", _CHECK_JA),
    ),
    Entry(
        "CMS_SIGNER_COUNT",
        en=Text("The signature holds {count} signers where exactly one belongs.", _SIGN_AGAIN_EN),
        ja=Text("署名者が 1 者であるべきところに {count} 者分の署名があります。", _SIGN_AGAIN_JA),
    ),
    Entry(
        "CMS_SIGNED_ATTRIBUTES_MISSING",
        en=Text("The signature has no signed attributes, which its format demands.", _SIGN_AGAIN_EN),
        ja=Text("この形式に必須の署名属性がありません。", _SIGN_AGAIN_JA),
    ),
    Entry(
        "CMS_ATTRIBUTE_MISSING",
        en=Text("The signed attribute {attribute} is missing.", _SIGN_AGAIN_EN),
        ja=Text("署名属性 {attribute} がありません。", _SIGN_AGAIN_JA),
    ),
    Entry(
        "CMS_ATTRIBUTE_REPEATED",
        en=Text(
            "The signed attribute {attribute} does not stand exactly once with one value.", _SIGN_AGAIN_EN
        ),
        ja=Text(
            "署名属性 {attribute} は値 1 つで 1 回だけ現れるべきですが、そうなっていません。", _SIGN_AGAIN_JA
        ),
    ),
    Entry(
        "CMS_ATTRIBUTE_MALFORMED",
        en=Text("The signed attribute {attribute} cannot be read.", _SIGN_AGAIN_EN),
        ja=Text("署名属性 {attribute} を読み取れません。", _SIGN_AGAIN_JA),
    ),
    Entry(
        "CMS_CONTENT_TYPE_MISMATCH",
        en=Text("The signed content type {signed} is not that of the content, {found}.", _SIGN_AGAIN_EN),
        ja=Text("署名されたコンテンツ種別 {signed} が実際の種別 {found} と一致しません。", _SIGN_AGAIN_JA),
    ),
    Entry(
        "CMS_ALGORITHM_PROTECTION_BROKEN",
        en=Text(
            "The algorithms used are not those that were signed (CMSAlgorithmProtection).", _SIGN_AGAIN_EN
        ),
        ja=Text(
            "使われたアルゴリズムが、署名で保護されたもの（CMSAlgorithmProtection）と一致しません。",
            _SIGN_AGAIN_JA,
        ),
    ),
    Entry(
        "CMS_TRAILING_BYTES",
        en=Text("Bytes that belong to nothing stand after the end of the signature.", _SIGN_AGAIN_EN),
        ja=Text("署名データの末尾より後ろに、どこにも属さないバイトがあります。", _SIGN_AGAIN_JA),
    ),
    Entry(
        "CMS_TIMESTAMP_UNREADABLE",
        en=Text(
            "A time-stamp in the signature cannot be read and was left aside: {detail}.",
            "Where the time matters, add a new time-stamp.",
        ),
        ja=Text(
            "署名内のタイムスタンプを読み取れなかったため、考慮していません: {detail}",
            "時刻の証明が必要な場合は、新しいタイムスタンプを付けてください。",
        ),
    ),
)
