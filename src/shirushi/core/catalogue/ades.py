"""Reasons of signature validation, general: one for every sub-indication of EN 319 102-1 (table 6)."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "FORMAT_FAILURE",
        en=Text(
            "The signature does not have the form that its standard demands.",
            "Ask the sender for the document as it was signed.",
        ),
        ja=Text(
            "署名の形式が標準規格に適合していません。",
            "署名されたままの文書を送付元に依頼してください。",
        ),
    ),
    Entry(
        "HASH_FAILURE",
        en=Text(
            "The document is not the one that was signed: it was changed after signing.",
            "Do not rely on it. Ask the sender for the original.",
        ),
        ja=Text(
            "署名後に内容が変更されています。署名された文書とは異なります。",
            "この文書を信頼しないでください。原本を送付元に依頼してください。",
        ),
    ),
    Entry(
        "SIG_CRYPTO_FAILURE",
        en=Text(
            "The signature value does not verify under the key of the signing certificate.",
            "Do not rely on it. Ask the sender to sign again.",
        ),
        ja=Text(
            "署名値を署名者の証明書の公開鍵で検証できません。",
            "この署名を信頼しないでください。送付元に再度の署名を依頼してください。",
        ),
    ),
    Entry(
        "REVOKED",
        en=Text(
            "The signing certificate had been revoked when the signature was made.",
            "Do not rely on it. Ask the signer to sign with a valid certificate.",
        ),
        ja=Text(
            "署名した時点で、署名者の証明書は失効していました。",
            "この署名を信頼しないでください。有効な証明書での署名を依頼してください。",
        ),
    ),
    Entry(
        "EXPIRED",
        en=Text(
            "The signing certificate had expired when the signature was made.",
            "Do not rely on it. Ask the signer to sign with a valid certificate.",
        ),
        ja=Text(
            "署名した時点で、署名者の証明書は有効期限が切れていました。",
            "この署名を信頼しないでください。有効な証明書での署名を依頼してください。",
        ),
    ),
    Entry(
        "NOT_YET_VALID",
        en=Text(
            "The signature existed before the signing certificate became valid.",
            "Do not rely on it. Ask the signer to sign again.",
        ),
        ja=Text(
            "署名者の証明書の有効期間が始まる前に署名されています。",
            "この署名を信頼しないでください。再度の署名を依頼してください。",
        ),
    ),
    Entry(
        "SIG_CONSTRAINTS_FAILURE",
        en=Text(
            "The signature lacks something that the validation policy demands.",
            "Ask the signer for a signature of a baseline level (B-B or higher).",
        ),
        ja=Text(
            "署名が検証ポリシーの求める要件を満たしていません。",
            "ベースラインレベル（B-B 以上）の署名を依頼してください。",
        ),
    ),
    Entry(
        "CHAIN_CONSTRAINTS_FAILURE",
        en=Text(
            "The certificates may not be used for this signature under the validation policy.",
            "Ask the signer to sign with a certificate for signatures, or choose another policy.",
        ),
        ja=Text(
            "検証ポリシー上、この証明書はこの署名に使用できません。",
            "署名用の証明書での署名を依頼するか、別の検証ポリシーを選んでください。",
        ),
    ),
    Entry(
        "CERTIFICATE_CHAIN_GENERAL_FAILURE",
        en=Text(
            "The chain from the signing certificate to a trust anchor does not hold.",
            "Ask the issuer of the certificate, or supply the right intermediate certificates and revocation data.",
        ),
        ja=Text(
            "署名者の証明書からトラストアンカーまでの証明書チェーンが成立しません。",
            "証明書の発行者に確認するか、正しい中間証明書と失効情報を与えてください。",
        ),
    ),
    Entry(
        "CRYPTO_CONSTRAINTS_FAILURE",
        en=Text(
            "An algorithm or key of the signature was no longer reliable when it was made, or cannot be judged here.",
            "Ask for a signature with a current algorithm.",
        ),
        ja=Text(
            "署名に使われたアルゴリズムまたは鍵は署名時点で既に安全ではなかったか、ここでは判断できません。",
            "現在安全とされるアルゴリズムでの署名を依頼してください。",
        ),
    ),
    Entry(
        "POLICY_PROCESSING_ERROR",
        en=Text(
            "The signature policy that the signer named could not be processed.",
            "Ask the signer for the policy, or validate under a policy of your own.",
        ),
        ja=Text(
            "署名者が指定した署名ポリシーを処理できません。",
            "署名者にポリシーを確認するか、独自の検証ポリシーで検証してください。",
        ),
    ),
    Entry(
        "SIGNATURE_POLICY_NOT_AVAILABLE",
        en=Text(
            "The signature policy that the signer named is not at hand.",
            "Add it to the accepted policies of the validation policy, if you accept it.",
        ),
        ja=Text(
            "署名者が指定した署名ポリシーが手元にありません。",
            "受け入れる場合は、検証ポリシーの許可一覧に追加してください。",
        ),
    ),
    Entry(
        "TIMESTAMP_ORDER_FAILURE",
        en=Text(
            "The times of the time-stamps contradict one another.",
            "Ask the sender how the document was time-stamped; do not rely on its times.",
        ),
        ja=Text(
            "タイムスタンプの時刻が互いに矛盾しています。",
            "時刻を信頼せず、タイムスタンプ付与の経緯を送付元に確認してください。",
        ),
    ),
    Entry(
        "NO_SIGNING_CERTIFICATE_FOUND",
        en=Text(
            "The signing certificate was not found.",
            "Supply the signer's certificate, or ask for a signature that contains it.",
        ),
        ja=Text(
            "署名者の証明書が見つかりません。",
            "署名者の証明書を与えるか、証明書を含む署名を依頼してください。",
        ),
    ),
    Entry(
        "NO_CERTIFICATE_CHAIN_FOUND",
        en=Text(
            "No chain leads from the signing certificate to anyone trusted here.",
            "If you trust the issuer, add its root certificate to the trust anchors.",
        ),
        ja=Text(
            "署名者の証明書から、信頼する認証局までのチェーンが見つかりません。",
            "発行者を信頼する場合は、そのルート証明書をトラストアンカーに追加してください。",
        ),
    ),
    Entry(
        "NO_CERTIFICATE_CHAIN_FOUND_NO_POE",
        en=Text(
            "The trust anchor is no longer trusted, and it is not proven that the signature existed while it was.",
            "Ask for a copy that was time-stamped while the anchor was trusted.",
        ),
        ja=Text(
            "トラストアンカーは既に信頼されておらず、信頼されていた期間に署名が存在した証明がありません。",
            "信頼されていた期間にタイムスタンプが付与された文書を依頼してください。",
        ),
    ),
    Entry(
        "REVOKED_NO_POE",
        en=Text(
            "The signing certificate was revoked, and it is not proven that the signature existed before.",
            "Ask the signer to confirm it, or for a copy with a time-stamp from before the revocation.",
        ),
        ja=Text(
            "署名者の証明書は失効しており、失効前に署名が存在した証明がありません。",
            "署名者に確認するか、失効前のタイムスタンプが付いた文書を依頼してください。",
        ),
    ),
    Entry(
        "REVOKED_CA_NO_POE",
        en=Text(
            "The certificate of a certification authority in the chain was revoked, "
            "and it is not proven that the signature existed before.",
            "Ask for a copy with a time-stamp from before the revocation.",
        ),
        ja=Text(
            "チェーン上の認証局の証明書が失効しており、失効前に署名が存在した証明がありません。",
            "失効前のタイムスタンプが付いた文書を依頼してください。",
        ),
    ),
    Entry(
        "OUT_OF_BOUNDS_NOT_REVOKED",
        en=Text(
            "The signing certificate is outside its validity period; it was not revoked, "
            "but it is not proven that the signature existed while it was valid.",
            "Ask for a copy that was time-stamped while the certificate was valid.",
        ),
        ja=Text(
            "署名者の証明書は有効期間外です。失効はしていませんが、有効期間中に署名が存在した証明がありません。",
            "証明書の有効期間中にタイムスタンプが付与された文書を依頼してください。",
        ),
    ),
    Entry(
        "OUT_OF_BOUNDS_NO_POE",
        en=Text(
            "A certificate is outside its validity period, "
            "and it is not proven that the signature existed while it was valid.",
            "Ask for a copy that was time-stamped while the certificate was valid.",
        ),
        ja=Text(
            "証明書が有効期間外で、有効期間中に署名が存在した証明がありません。",
            "証明書の有効期間中にタイムスタンプが付与された文書を依頼してください。",
        ),
    ),
    Entry(
        "REVOCATION_OUT_OF_BOUNDS_NO_POE",
        en=Text(
            "The certificate of whoever signed the revocation data is outside its validity period, "
            "and it is not proven that it existed before.",
            "Allow fetching of newer revocation data.",
        ),
        ja=Text(
            "失効情報に署名した者の証明書が有効期間外で、それ以前に存在した証明がありません。",
            "新しい失効情報のオンライン取得を許可してください。",
        ),
    ),
    Entry(
        "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
        en=Text(
            "An algorithm or key is no longer reliable, and it is not proven that what uses it existed before.",
            "Ask for a copy that was time-stamped in time, or for a new signature.",
        ),
        ja=Text(
            "使われているアルゴリズムまたは鍵は既に安全ではなく、安全だった期間に存在した証明がありません。",
            "安全な期間内にタイムスタンプが付与された文書か、新しい署名を依頼してください。",
        ),
    ),
    Entry(
        "NO_POE",
        en=Text(
            "It is not proven that a signed object existed before something made it unreliable.",
            "Ask for a copy that was time-stamped in time.",
        ),
        ja=Text(
            "信頼できなくなる前に署名対象が存在した証明がありません。",
            "適切な時期にタイムスタンプが付与された文書を依頼してください。",
        ),
    ),
    Entry(
        "TRY_LATER",
        en=Text(
            "Not enough is known yet about the status of a certificate.",
            "Allow fetching of revocation data, or try again later.",
        ),
        ja=Text(
            "証明書の状態を判断するための情報が、まだ足りません。",
            "失効情報のオンライン取得を許可するか、時間をおいて再度検証してください。",
        ),
    ),
    Entry(
        "SIGNED_DATA_NOT_FOUND",
        en=Text(
            "What was signed is not at hand.",
            "Give the signed content together with the signature.",
        ),
        ja=Text(
            "署名対象のデータが手元にありません。",
            "署名とともに、署名対象のファイルを指定してください。",
        ),
    ),
    Entry(
        "CUSTOM",
        en=Text(
            "A rule of this trust domain does not accept the signature.",
            "Ask the operator of the trust domain which rule that is.",
        ),
        ja=Text(
            "このトラスト基盤独自の規則により、署名は受け入れられません。",
            "どの規則によるものか、運用者に確認してください。",
        ),
    ),
)
