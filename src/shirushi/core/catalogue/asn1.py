"""Errors and reasons of ASN.1: certificates, revocation data, CMS, time-stamps."""

from shirushi.core.catalogue import Entry, Text

_CHECK_EN = "Check that the data is complete and of the expected kind; ask its producer for a correct copy."
_CHECK_JA = (
    "データが欠けていないか、種類が合っているかを確認し、必要なら発行元から正しいものを入手してください。"
)

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
        "TIMESTAMP_MALFORMED",
        en=Text("The time-stamp cannot be read: {detail}.", _CHECK_EN),
        ja=Text("タイムスタンプを読み取れません: {detail}", _CHECK_JA),
    ),
)
