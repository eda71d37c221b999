"""Reasons of certification paths and revocation data (RFC 5280, RFC 6960)."""

from shirushi.core.catalogue import Entry, Text

_ASK_ISSUER_EN = "Ask the issuer for a correct certificate."
_ASK_ISSUER_JA = "発行者に正しい証明書の発行を依頼してください。"
_FETCH_EN = "Fetch a newer list or OCSP response from the issuer and validate again."
_FETCH_JA = "発行者から新しい失効リスト（CRL）または OCSP レスポンスを取得し、もう一度検証してください。"
_NOT_FOR_THIS_EN = (
    "Use a certificate of an authority that may issue it, or ask the authority above to correct its limits."
)
_NOT_FOR_THIS_JA = "発行が許されている認証局の証明書を使うか、上位の認証局に制約の訂正を依頼してください。"

ENTRIES = (
    Entry(
        "PATH_SIGNATURE_INVALID",
        en=Text(
            "The signature on the certificate of {subject} does not verify under the key of {issuer}.",
            "Obtain the certificate anew from its owner or issuer: this copy is damaged or forged.",
        ),
        ja=Text(
            "{subject} の証明書の署名は、{issuer} の鍵では検証できません。",
            "この証明書は壊れているか偽造されています。所有者または発行者から入手し直してください。",
        ),
    ),
    Entry(
        "PATH_NOT_YET_VALID",
        en=Text(
            "The certificate of {subject} is valid only since {since}.",
            "Check the time of validation, and the clock of whoever signed.",
        ),
        ja=Text(
            "{subject} の証明書は {since} からでなければ有効になりません。",
            "検証時刻と、署名者の時計を確認してください。",
        ),
    ),
    Entry(
        "PATH_EXPIRED",
        en=Text(
            "The certificate of {subject} expired at {until}.",
            "Add a time-stamp that proves the signature existed before, or sign anew with a valid certificate.",
        ),
        ja=Text(
            "{subject} の証明書は {until} に有効期限が切れました。",
            "期限前に署名が存在したことを示すタイムスタンプを添えるか、有効な証明書で署名し直してください。",
        ),
    ),
    Entry(
        "PATH_NAMES_DO_NOT_CHAIN",
        en=Text("The certificate of {subject} does not name {issuer} as its issuer.", _ASK_ISSUER_EN),
        ja=Text("{subject} の証明書に書かれた発行者は {issuer} ではありません。", _ASK_ISSUER_JA),
    ),
    Entry(
        "PATH_NAME_NOT_PERMITTED",
        en=Text(
            "The name {name} of {subject} is outside the names that the authorities above permit.",
            _NOT_FOR_THIS_EN,
        ),
        ja=Text("{subject} の名前 {name} は、上位の認証局が許す名前の範囲にありません。", _NOT_FOR_THIS_JA),
    ),
    Entry(
        "PATH_NAME_EXCLUDED",
        en=Text(
            "The name {name} of {subject} is among those that an authority above excludes.", _NOT_FOR_THIS_EN
        ),
        ja=Text("{subject} の名前 {name} は、上位の認証局が除外した名前に当たります。", _NOT_FOR_THIS_JA),
    ),
    Entry(
        "PATH_NAME_UNPROCESSABLE",
        en=Text(
            "The name {name} of {subject} cannot be held against the name constraints above it.",
            _ASK_ISSUER_EN,
        ),
        ja=Text("{subject} の名前 {name} は、上位の名前制約と照合できません。", _ASK_ISSUER_JA),
    ),
    Entry(
        "PATH_NAME_CONSTRAINTS_UNUSABLE",
        en=Text(
            "The name constraints of {subject} use a minimum or maximum, which RFC 5280 does not allow.",
            _ASK_ISSUER_EN,
        ),
        ja=Text(
            "{subject} の名前制約に、RFC 5280 が認めない minimum または maximum があります。", _ASK_ISSUER_JA
        ),
    ),
    Entry(
        "PATH_CONSTRAINTS_WITHOUT_CA",
        en=Text(
            "The certificate of {subject} constrains names but is not a certification authority's.",
            _ASK_ISSUER_EN,
        ),
        ja=Text("{subject} の証明書は認証局のものではないのに、名前制約を含んでいます。", _ASK_ISSUER_JA),
    ),
    Entry(
        "PATH_NO_VALID_POLICY",
        en=Text(
            "At the certificate of {subject}, no certificate policy is left that holds for the whole path.",
            "Use a certificate issued under an accepted policy, or accept its policy in the validation policy.",
        ),
        ja=Text(
            "{subject} の証明書で、パス全体に通用する証明書ポリシーがなくなりました。",
            "受け入れられるポリシーの証明書を使うか、検証ポリシーでそのポリシーを受け入れてください。",
        ),
    ),
    Entry(
        "PATH_ANY_POLICY_MAPPED",
        en=Text("The certificate of {subject} maps a policy to or from anyPolicy.", _ASK_ISSUER_EN),
        ja=Text("{subject} の証明書は anyPolicy をポリシーマッピングに使っています。", _ASK_ISSUER_JA),
    ),
    Entry(
        "PATH_EXTENSION_UNKNOWN",
        en=Text("The certificate of {subject} has an unknown critical extension {oid}.", _ASK_ISSUER_EN),
        ja=Text("{subject} の証明書に、未知のクリティカル拡張 {oid} があります。", _ASK_ISSUER_JA),
    ),
    Entry(
        "PATH_EXTENSION_MALFORMED",
        en=Text("The extension {oid} in the certificate of {subject} cannot be read.", _ASK_ISSUER_EN),
        ja=Text("{subject} の証明書の拡張 {oid} を読み取れません。", _ASK_ISSUER_JA),
    ),
    Entry(
        "PATH_EXTENSION_REPEATED",
        en=Text("The certificate of {subject} has the extension {oid} more than once.", _ASK_ISSUER_EN),
        ja=Text("{subject} の証明書に、拡張 {oid} が二回以上あります。", _ASK_ISSUER_JA),
    ),
    Entry(
        "PATH_NOT_A_CA",
        en=Text(
            "The certificate of {subject} is not a certification authority's, yet stands as an issuer.",
            "Do not trust what it issued; obtain a certificate from a certification authority.",
        ),
        ja=Text(
            "{subject} の証明書は認証局のものではないのに、発行者として使われています。",
            "そこから発行された証明書は信頼せず、認証局から証明書を入手してください。",
        ),
    ),
    Entry(
        "PATH_TOO_LONG",
        en=Text(
            "At the certificate of {subject}, the path is longer than an authority above allows.",
            _NOT_FOR_THIS_EN,
        ),
        ja=Text("{subject} の証明書で、認証パスが上位の認証局の許す長さを超えました。", _NOT_FOR_THIS_JA),
    ),
    Entry(
        "PATH_KEY_USAGE_NOT_CERT_SIGN",
        en=Text("The key of {subject} is not meant for signing certificates.", _ASK_ISSUER_EN),
        ja=Text("{subject} の鍵は証明書への署名用ではありません。", _ASK_ISSUER_JA),
    ),
    Entry(
        "PATH_ANCHOR_NOT_TRUSTED",
        en=Text(
            "The trust anchor {subject} is not trusted at {at}.",
            "Check the time of validation and the period of trust in the list the anchor comes from.",
        ),
        ja=Text(
            "トラストアンカー {subject} は {at} の時点では信頼されていません。",
            "検証時刻と、アンカーの元となるリストにある信頼期間を確認してください。",
        ),
    ),
    Entry(
        "REVOCATION_DATA_MISSING",
        en=Text(
            "There is no revocation list and no OCSP response about the certificate of {subject}.",
            "Allow fetching, or supply the issuer's list or OCSP response.",
        ),
        ja=Text(
            "{subject} の証明書についての失効リスト（CRL）も OCSP レスポンスもありません。",
            "オンラインでの取得を許可するか、発行者の CRL または OCSP レスポンスを与えてください。",
        ),
    ),
    Entry(
        "REVOCATION_NOT_CURRENT",
        en=Text(
            "The revocation data of {source} are for {since} to {until}, which does not include {at}.",
            _FETCH_EN,
        ),
        ja=Text("{source} の失効情報は {since} から {until} までのもので、{at} を含みません。", _FETCH_JA),
    ),
    Entry(
        "REVOCATION_AFTER_EXPIRY",
        en=Text(
            "The revocation data of {source} are of {since}: the certificate had expired at {until}, "
            "and need no longer be listed.",
            "Supply revocation data issued while the certificate was valid.",
        ),
        ja=Text(
            "{source} の失効情報は {since} のものです。証明書は {until} に期限が切れており、"
            "失効していても記載されるとは限りません。",
            "証明書の有効期間中に発行された失効情報を与えてください。",
        ),
    ),
    Entry(
        "REVOCATION_SCOPE_DIFFERS",
        en=Text(
            "The revocation list of {source} does not cover this certificate.",
            "Fetch the list from the distribution point that the certificate names.",
        ),
        ja=Text(
            "{source} の失効リストは、この証明書を対象としていません。",
            "証明書に書かれた配布点から失効リストを取得してください。",
        ),
    ),
    Entry(
        "REVOCATION_REASONS_INCOMPLETE",
        en=Text(
            "The revocation lists at hand do not cover all reasons for which {subject} may be revoked.",
            "Fetch the lists of all distribution points that the certificate names.",
        ),
        ja=Text(
            "手元の失効リストは、{subject} が失効しうる理由のすべてを対象としていません。",
            "証明書に書かれたすべての配布点から失効リストを取得してください。",
        ),
    ),
    Entry(
        "REVOCATION_EXTENSION_UNKNOWN",
        en=Text(
            "The revocation data of {source} have an extension {oid} that cannot be processed.", _FETCH_EN
        ),
        ja=Text("{source} の失効情報に、処理できない拡張 {oid} があります。", _FETCH_JA),
    ),
    Entry(
        "REVOCATION_ENTRY_UNKNOWN",
        en=Text(
            "The revocation list of {source} has an entry with an unknown critical extension, "
            "and so tells nothing for certain.",
            _FETCH_EN,
        ),
        ja=Text(
            "{source} の失効リストに未知のクリティカル拡張を持つ項目があり、確かな判断に使えません。",
            _FETCH_JA,
        ),
    ),
    Entry(
        "REVOCATION_SIGNATURE_UNVERIFIED",
        en=Text(
            "The signature on the revocation list of {source} verifies under no certificate at hand.",
            "Supply the certificate of the list's issuer, or fetch the list anew.",
        ),
        ja=Text(
            "{source} の失効リストの署名は、手元のどの証明書でも検証できません。",
            "失効リスト発行者の証明書を与えるか、失効リストを取得し直してください。",
        ),
    ),
    Entry(
        "REVOCATION_KEY_USAGE_NOT_CRL_SIGN",
        en=Text("The key that signed the revocation list of {source} is not meant for it.", _FETCH_EN),
        ja=Text("{source} の失効リストに署名した鍵は、失効リストの署名用ではありません。", _FETCH_JA),
    ),
    Entry(
        "REVOCATION_SIGNER_NOT_TRUSTED",
        en=Text(
            "Whoever signed the revocation list of {source} has no valid path to the same trust anchor.",
            "Supply the certificates above the list's issuer, with revocation data for them.",
        ),
        ja=Text(
            "{source} の失効リストの署名者から、同じトラストアンカーへの有効な認証パスがありません。",
            "失効リスト発行者の上位の証明書と、それらの失効情報を与えてください。",
        ),
    ),
    Entry(
        "OCSP_STATUS_UNKNOWN",
        en=Text(
            "The OCSP responder {source} does not know the certificate.",
            "Ask the responder that the certificate names, or use the issuer's revocation list.",
        ),
        ja=Text(
            "OCSP レスポンダー {source} はこの証明書を知りません。",
            "証明書に書かれたレスポンダーに照会するか、発行者の失効リスト（CRL）を使ってください。",
        ),
    ),
    Entry(
        "OCSP_RESPONDER_NOT_AUTHORIZED",
        en=Text(
            "The OCSP responder {source} may not answer for the issuer of the certificate.",
            "Ask the responder that the certificate names, or use the issuer's revocation list.",
        ),
        ja=Text(
            "OCSP レスポンダー {source} には、この証明書の発行者に代わって応答する権限がありません。",
            "証明書に書かれたレスポンダーに照会するか、発行者の失効リスト（CRL）を使ってください。",
        ),
    ),
    Entry(
        "OCSP_CERTIFICATE_HASH_DIFFERS",
        en=Text(
            "The OCSP response of {source} is about another certificate with the same serial number.",
            "Ask the issuer: two certificates with one serial number must not exist.",
        ),
        ja=Text(
            "OCSP レスポンダー {source} の応答は、同じシリアル番号を持つ別の証明書についてのものです。",
            "同じシリアル番号の証明書は二つ存在してはなりません。発行者に問い合わせてください。",
        ),
    ),
)
