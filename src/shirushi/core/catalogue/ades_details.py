"""Reasons of signature validation, finer: which certificate, which time, which part."""

from shirushi.core.catalogue import Entry, Text

_STAMPED_EN = "Ask for a copy that was time-stamped while the certificate was valid."
_STAMPED_JA = "証明書の有効期間中にタイムスタンプが付与された文書を依頼してください。"
_AGAIN_EN = "Do not rely on it. Ask the signer to sign again."
_AGAIN_JA = "この署名を信頼しないでください。再度の署名を依頼してください。"
_FETCH_EN = "Allow fetching of newer revocation data, or try again later."
_FETCH_JA = "新しい失効情報のオンライン取得を許可するか、時間をおいて再度検証してください。"

ENTRIES = (
    Entry(
        "REFERENCE_CHANGED",
        en=Text(
            "What was signed has been changed since: {name}.",
            "Do not rely on it. Ask the sender for the original.",
        ),
        ja=Text(
            "署名後に内容が変更されています: {name}",
            "この文書を信頼しないでください。原本を送付元に依頼してください。",
        ),
    ),
    Entry(
        "REFERENCE_NOT_FOUND",
        en=Text("What was signed is not at hand: {name}.", "Give the signed content with the signature."),
        ja=Text("署名対象が手元にありません: {name}", "署名とともに、署名対象のファイルを指定してください。"),
    ),
    Entry(
        "VALUE_NOT_VERIFIABLE",
        en=Text(
            "The signature value could not be checked: the algorithm {algorithm} is not supported.",
            "Ask for a signature with an algorithm of the catalogue in docs/algorithms.md.",
        ),
        ja=Text(
            "署名値を検証できません。アルゴリズム {algorithm} には対応していません。",
            "docs/algorithms.md の一覧にあるアルゴリズムでの署名を依頼してください。",
        ),
    ),
    Entry(
        "FORBIDDEN_CHANGE_AFTER_SIGNING",
        en=Text(
            "After signing, the document was changed in a way that the signature does not permit ({kind}, {where}).",
            "Compare it with the signed revision, or ask the sender for the document as it was signed.",
        ),
        ja=Text(
            "署名後に、署名で許可されていない変更が加えられています（{kind}、{where}）。",
            "署名時の版と比較するか、署名されたままの文書を送付元に依頼してください。",
        ),
    ),
    Entry(
        "UNEXPLAINED_BYTES_AFTER_SIGNING",
        en=Text(
            "The file holds bytes that no signature covers and no later revision explains ({where}).",
            "Do not rely on what is shown. Ask the sender for the document as it was signed.",
        ),
        ja=Text(
            "どの署名の対象でもなく、後の更新としても説明できないデータがあります（{where}）。",
            "表示内容を信頼しないでください。署名されたままの文書を送付元に依頼してください。",
        ),
    ),
    Entry(
        "SIGNING_CERTIFICATE_NOT_THE_REFERENCED",
        en=Text(
            "The certificate of {certificate} is not the one that the signature names as the signer's.",
            "Supply the certificate that the signer used. If the document brought this one, do not rely on it.",
        ),
        ja=Text(
            "{certificate} の証明書は、署名が示す署名者の証明書と一致しません。",
            "署名に使われた証明書を与えてください。文書に含まれていた証明書であれば、署名を信頼しないでください。",
        ),
    ),
    Entry(
        "ISSUER_SERIAL_MISMATCH",
        en=Text(
            "Issuer and serial number in the signed reference are not those of the signing certificate.",
            "Ask the maker of the signing software; the digest in the reference matches.",
        ),
        ja=Text(
            "署名内の証明書参照の発行者名とシリアル番号が、署名者の証明書と一致しません。",
            "ハッシュ値は一致しています。署名ソフトウェアの提供元に確認してください。",
        ),
    ),
    Entry(
        "CERTIFICATE_REFERENCE_MISSING",
        en=Text(
            "The signature does not name its signing certificate in what is signed.",
            "Ask for a signature of level B-B or higher.",
        ),
        ja=Text(
            "署名対象の属性に、署名者の証明書への参照がありません。",
            "B-B レベル以上の署名を依頼してください。",
        ),
    ),
    Entry(
        "CLAIMED_SIGNING_TIME_MISSING",
        en=Text(
            "The signature does not say when it claims to have been made.",
            "Ask for a signature that states its time.",
        ),
        ja=Text("署名に署名時刻の記載がありません。", "署名時刻を含む署名を依頼してください。"),
    ),
    Entry(
        "CLAIMED_SIGNING_TIME_OUTSIDE_VALIDITY",
        en=Text(
            "The claimed signing time {claimed} is outside the validity of the signing certificate "
            "({not_before} to {not_after}).",
            "Rely on a time-stamp, not on the claimed time; ask the signer about the clock used.",
        ),
        ja=Text(
            "申告された署名時刻 {claimed} は、署名者の証明書の有効期間（{not_before} から {not_after}）の外です。",
            "申告時刻ではなくタイムスタンプによって判断し、署名に使った時計を署名者に確認してください。",
        ),
    ),
    Entry(
        "ISSUER_NOT_FOUND",
        en=Text(
            "The certificate of the issuer {issuer}, who certified {certificate}, is not at hand.",
            "Supply the issuer's certificate, or allow fetching; if it is a root you trust, add it as trust anchor.",
        ),
        ja=Text(
            "{certificate} を証明した発行者 {issuer} の証明書が手元にありません。",
            "発行者の証明書を与えるか、オンライン取得を許可してください。"
            "信頼するルートであれば、トラストアンカーに追加してください。",
        ),
    ),
    Entry(
        "ROOT_NOT_TRUSTED",
        en=Text(
            "The chain ends at {root}, which is not a trust anchor here.",
            "If you trust it for this purpose, add its certificate to the trust anchors.",
        ),
        ja=Text(
            "証明書チェーンの最上位は {root} ですが、ここではトラストアンカーではありません。",
            "この用途について信頼する場合は、その証明書をトラストアンカーに追加してください。",
        ),
    ),
    Entry(
        "ANCHOR_NO_LONGER_TRUSTED",
        en=Text(
            "The trust anchor {anchor} was trusted until {until} only.",
            "Ask for a copy that was time-stamped before, or add the anchor that succeeded it.",
        ),
        ja=Text(
            "トラストアンカー {anchor} が信頼されていたのは {until} までです。",
            "それ以前にタイムスタンプが付与された文書を依頼するか、後継のトラストアンカーを追加してください。",
        ),
    ),
    Entry(
        "ANCHOR_NOT_YET_TRUSTED",
        en=Text(
            "The trust anchor {anchor} is trusted from {since} on only.",
            "Validate for a later time, or add the anchor that preceded it.",
        ),
        ja=Text(
            "トラストアンカー {anchor} が信頼されるのは {since} 以降です。",
            "それ以降の時刻で検証するか、以前のトラストアンカーを追加してください。",
        ),
    ),
    Entry(
        "SIGNER_CERTIFICATE_EXPIRED",
        en=Text("The certificate of {certificate} expired at {until}, before {at}.", _STAMPED_EN),
        ja=Text("{certificate} の証明書は {until} に期限が切れています（判定時刻 {at}）。", _STAMPED_JA),
    ),
    Entry(
        "SIGNER_CERTIFICATE_NOT_YET_VALID",
        en=Text("The certificate of {certificate} is valid from {since} only, after {at}.", _AGAIN_EN),
        ja=Text("{certificate} の証明書が有効になるのは {since} からです（判定時刻 {at}）。", _AGAIN_JA),
    ),
    Entry(
        "CA_CERTIFICATE_EXPIRED",
        en=Text(
            "The certificate of the certification authority {certificate} expired at {until}, before {at}.",
            _STAMPED_EN,
        ),
        ja=Text(
            "認証局 {certificate} の証明書は {until} に期限が切れています（判定時刻 {at}）。", _STAMPED_JA
        ),
    ),
    Entry(
        "CA_CERTIFICATE_NOT_YET_VALID",
        en=Text(
            "The certificate of the certification authority {certificate} is valid from {since} only, after {at}.",
            "Ask the issuer; supply the certificate that was valid at that time.",
        ),
        ja=Text(
            "認証局 {certificate} の証明書が有効になるのは {since} からです（判定時刻 {at}）。",
            "発行者に確認し、その時点で有効だった証明書を与えてください。",
        ),
    ),
    Entry(
        "SIGNER_CERTIFICATE_REVOKED",
        en=Text(
            "The certificate of {certificate} was revoked at {at} ({why}).",
            "Ask the signer to confirm it, or for a copy with a time-stamp from before the revocation.",
        ),
        ja=Text(
            "{certificate} の証明書は {at} に失効しています（{why}）。",
            "署名者に確認するか、失効前のタイムスタンプが付いた文書を依頼してください。",
        ),
    ),
    Entry(
        "CA_CERTIFICATE_REVOKED",
        en=Text(
            "The certificate of the certification authority {certificate} was revoked at {at} ({why}).",
            "Ask for a copy with a time-stamp from before the revocation.",
        ),
        ja=Text(
            "認証局 {certificate} の証明書は {at} に失効しています（{why}）。",
            "失効前のタイムスタンプが付いた文書を依頼してください。",
        ),
    ),
    Entry(
        "CERTIFICATE_ON_HOLD",
        en=Text(
            "The certificate of {certificate} has been suspended since {at}.",
            "Try again later: the suspension ends or becomes a revocation.",
        ),
        ja=Text(
            "{certificate} の証明書は {at} から一時停止されています。",
            "停止が解除されるか失効に変わってから、再度検証してください。",
        ),
    ),
    Entry(
        "REVOCATION_DATA_BEFORE_ISSUANCE",
        en=Text(
            "The revocation data at hand are older than the certificate of {certificate} and say nothing of it.",
            _FETCH_EN,
        ),
        ja=Text(
            "手元の失効情報は {certificate} の証明書より古く、その状態を示していません。",
            _FETCH_JA,
        ),
    ),
    Entry(
        "REVOCATION_DATA_STALE",
        en=Text(
            "The revocation data on {certificate} are of {issued}, too old to tell its status at {at}.",
            _FETCH_EN,
        ),
        ja=Text(
            "{certificate} の失効情報は {issued} のもので、{at} の状態を示すには古すぎます。",
            _FETCH_JA,
        ),
    ),
    Entry(
        "REVOCATION_ISSUER_OUT_OF_VALIDITY",
        en=Text(
            "The certificate of {issuer}, who signed the revocation data, expired at {until}, before {at}.",
            _FETCH_EN,
        ),
        ja=Text(
            "失効情報に署名した {issuer} の証明書は {until} に期限が切れています（判定時刻 {at}）。",
            _FETCH_JA,
        ),
    ),
    Entry(
        "SIGNED_AFTER_REVOCATION",
        en=Text(
            "The certificate of {certificate} was revoked at {at}, and a content time-stamp proves that the signature "
            "was made after {after}.",
            _AGAIN_EN,
        ),
        ja=Text(
            "{certificate} の証明書は {at} に失効しており、コンテンツタイムスタンプにより {after} より後の署名と"
            "証明されています。",
            _AGAIN_JA,
        ),
    ),
    Entry(
        "SIGNED_AFTER_EXPIRATION",
        en=Text(
            "The certificate of {certificate} expired at {at}, and a content time-stamp proves that the signature "
            "was made after {after}.",
            _AGAIN_EN,
        ),
        ja=Text(
            "{certificate} の証明書は {at} に期限が切れており、コンテンツタイムスタンプにより {after} より後の署名と"
            "証明されています。",
            _AGAIN_JA,
        ),
    ),
    Entry(
        "SIGNED_BEFORE_ISSUANCE",
        en=Text(
            "The signature existed at {at}, before the certificate of {certificate} became valid at {since}.",
            _AGAIN_EN,
        ),
        ja=Text(
            "署名は {at} に存在しており、{certificate} の証明書が有効になった {since} より前です。",
            _AGAIN_JA,
        ),
    ),
    Entry(
        "NOT_FOR_SIGNING",
        en=Text(
            "The certificate of {certificate} is not for signatures: its key usage permits none.",
            "Ask for a signature with a certificate for signatures.",
        ),
        ja=Text(
            "{certificate} の証明書は署名用ではありません（鍵用途が署名を許可していません）。",
            "署名用の証明書での署名を依頼してください。",
        ),
    ),
    Entry(
        "CERTIFICATE_REQUIREMENT_UNMET",
        en=Text(
            "The certificate of {certificate} does not meet the validation policy's requirement on {aspect}.",
            "Ask for a signature with a certificate that meets it, or choose the policy that fits the purpose.",
        ),
        ja=Text(
            "{certificate} の証明書は、検証ポリシーが定める {aspect} の要件を満たしていません。",
            "要件を満たす証明書での署名を依頼するか、目的に合った検証ポリシーを選んでください。",
        ),
    ),
    Entry(
        "CONTENT_TIME_STAMP_INVALID",
        en=Text(
            "A time-stamp on the content, which the signer put in, does not pass.",
            "Ask the signer for a signature with a time-stamp that passes, or choose a policy that does not demand it.",
        ),
        ja=Text(
            "署名者が付した内容へのタイムスタンプが検証に合格しません。",
            "有効なタイムスタンプを付した署名を依頼するか、これを求めない検証ポリシーを選んでください。",
        ),
    ),
    Entry(
        "DOCUMENT_NOT_WHOLLY_SIGNED",
        en=Text(
            "The signature covers only a part of the document, and the validation policy asks for all of it.",
            "Ask for a signature over the whole document.",
        ),
        ja=Text(
            "署名は文書の一部だけを対象としていますが、検証ポリシーは文書全体への署名を求めています。",
            "文書全体への署名を依頼してください。",
        ),
    ),
    Entry(
        "MANIFEST_NOT_FOUND",
        en=Text(
            "Nothing of what the signed manifest {name} lists is at hand.",
            "Give the files that it lists together with the signature.",
        ),
        ja=Text(
            "署名されたマニフェスト {name} に記載されたデータが一つも見つかりません。",
            "記載されたファイルを署名と一緒に指定してください。",
        ),
    ),
    Entry(
        "REFERENCE_MISNAMED",
        en=Text(
            "{name} was signed under this name, but what is at hand is named otherwise.",
            "Check that it is the right file, or rename it.",
        ),
        ja=Text(
            "{name} はこの名前で署名されましたが、指定されたファイルの名前が異なります。",
            "正しいファイルかどうかを確かめるか、名前を直してください。",
        ),
    ),
    Entry(
        "NOT_FOR_TIME_STAMPING",
        en=Text(
            "The certificate of {certificate} is not for time-stamping.",
            "Ask for a time-stamp of a time-stamping authority.",
        ),
        ja=Text(
            "{certificate} の証明書はタイムスタンプ用ではありません。",
            "時刻認証局のタイムスタンプを依頼してください。",
        ),
    ),
    Entry(
        "NOT_FOR_TIME_STAMPING_ALONE",
        en=Text(
            "The certificate of {certificate} is not for time-stamping alone, as RFC 3161 demands of its extension.",
            "Ask the time-stamping authority; a policy may let this pass with a warning.",
        ),
        ja=Text(
            "{certificate} の証明書は、RFC 3161 が求めるタイムスタンプ専用の証明書ではありません。",
            "時刻認証局に確認してください。検証ポリシーで警告にとどめることもできます。",
        ),
    ),
)
