"""Errors of the services tsa, signing and validation."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "STAMP_REFUSED",
        en=Text("The time-stamp was refused.", "See the reason that comes with it."),
        ja=Text("タイムスタンプは発行されませんでした。", "併せて示された理由を確認してください。"),
    ),
    Entry(
        "IMPRINT_REFUSED",
        en=Text(
            "No time-stamp is given over {algorithm}.",
            "Use SHA-256 or a longer digest of the SHA-2 or SHA-3 family.",
        ),
        ja=Text(
            "{algorithm} に対するタイムスタンプは発行しません。",
            "SHA-2 または SHA-3 系の 256 ビット以上のハッシュを使ってください。",
        ),
    ),
    Entry(
        "STAMP_REQUEST_MALFORMED",
        en=Text(
            "The time-stamp request is not well formed: {detail}.",
            "Send a TimeStampReq as RFC 3161 §2.4.1 defines it.",
        ),
        ja=Text(
            "タイムスタンプ要求の形式が正しくありません: {detail}",
            "RFC 3161 §2.4.1 の TimeStampReq を送ってください。",
        ),
    ),
    Entry(
        "STAMP_POLICY_REFUSED",
        en=Text(
            "No time-stamping unit serves the policy {policy}.",
            "Leave the policy out, or ask for one that is offered.",
        ),
        ja=Text(
            "ポリシー {policy} のタイムスタンプ局はありません。",
            "ポリシーを指定しないか、提供中のものを指定してください。",
        ),
    ),
    Entry(
        "STAMP_EXTENSION_REFUSED",
        en=Text(
            "The request's extensions are not known here: {extensions}.",
            "Send the request without extensions.",
        ),
        ja=Text("要求の拡張に対応していません: {extensions}", "拡張を付けずに要求してください。"),
    ),
    Entry(
        "TSA_UNIT_UNKNOWN",
        en=Text(
            "There is no time-stamping unit {name!r}. Known: {known}.", "Check the name in shirushi.toml."
        ),
        ja=Text(
            "タイムスタンプ局 {name!r} はありません。設定済み: {known}",
            "shirushi.toml の名前を確認してください。",
        ),
        http_status=404,
    ),
    Entry(
        "TIME_NOT_AVAILABLE",
        en=Text(
            "No time-stamp is given now, for its time could not be relied upon: {detail}.",
            "Set the clock right, or renew the unit's certificate; then try again.",
        ),
        ja=Text(
            "時刻を保証できないため、タイムスタンプを発行できません: {detail}",
            "時計を合わせるか、タイムスタンプ局の証明書を更新してから、もう一度実行してください。",
        ),
        http_status=503,
    ),
    Entry(
        "CREDENTIAL_UNKNOWN",
        en=Text(
            "There is no credential {id!r}. Yours to see: {known}.", "Check the name, or have it enrolled."
        ),
        ja=Text(
            "{id!r} の署名鍵はありません。参照できる署名鍵: {known}",
            "名前を確認するか、登録を依頼してください。",
        ),
        http_status=404,
    ),
    Entry(
        "CREDENTIAL_EXISTS",
        en=Text("A credential {id!r} is there already.", "Choose another name."),
        ja=Text("{id!r} の署名鍵は既にあります。", "別の名前にしてください。"),
        http_status=409,
    ),
    Entry(
        "CREDENTIAL_EXPIRED",
        en=Text(
            "The certificate of {id} is not valid now (until {not_after}).",
            "Have a new certificate issued, then sign.",
        ),
        ja=Text(
            "{id} の証明書は有効期間外です（{not_after} まで）。",
            "新しい証明書の発行を受けてから署名してください。",
        ),
        http_status=409,
    ),
    Entry(
        "CREDENTIAL_REVOKED",
        en=Text(
            "The certificate of {id} was revoked at {revoked_at}.",
            "Have a new certificate issued, then sign.",
        ),
        ja=Text(
            "{id} の証明書は {revoked_at} に失効しました。",
            "新しい証明書の発行を受けてから署名してください。",
        ),
        http_status=409,
    ),
    Entry(
        "ACTIVATION_FOREIGN",
        en=Text(
            "The activation was given for something else than this request of {id}.",
            "Let the signer agree to exactly this document.",
        ),
        ja=Text(
            "この承認は {id} の別の署名要求に対するものです。",
            "この文書について署名者の承認を取り直してください。",
        ),
        http_status=403,
    ),
    Entry(
        "WRONG_PIN",
        en=Text("The PIN of {id} is wrong. Attempts left: {remaining}.", "Try again with the right PIN."),
        ja=Text(
            "{id} の PIN が違います。残り {remaining} 回です。", "正しい PIN でもう一度実行してください。"
        ),
        http_status=403,
    ),
    Entry(
        "PIN_LOCKED",
        en=Text("{id} is locked after too many wrong PINs.", "Ask the operator for a new credential."),
        ja=Text(
            "PIN の誤りが続いたため、{id} はロックされています。",
            "運用者に新しい署名鍵の発行を依頼してください。",
        ),
        http_status=423,
    ),
    Entry(
        "LEVEL_NOT_REACHED",
        en=Text(
            "This signature cannot be raised to {level} with what could be had.",
            "Ask for a lower level, or see that its authorities publish revocation data.",
        ),
        ja=Text(
            "取得できたデータでは、この署名を {level} まで拡張できません。",
            "より低いレベルを指定するか、認証局が失効情報を公開しているかを確認してください。",
        ),
    ),
    Entry(
        "NO_FORMAT_FOR_MEDIA_TYPE",
        en=Text(
            "{name} ({media_type}) is of no kind that can be signed here.", "Choose a form, such as asic-e."
        ),
        ja=Text(
            "{name}（{media_type}）は署名できる種類の文書ではありません。",
            "asic-e などの形式を指定してください。",
        ),
        http_status=415,
    ),
    Entry(
        "UNKNOWN_DOCUMENT_FORMAT",
        en=Text(
            "{name} ({media_type}) is of no kind in which signatures are looked for.", "Give a PDF document."
        ),
        ja=Text(
            "{name}（{media_type}）は署名を検証できる種類の文書ではありません。",
            "PDF 文書を指定してください。",
        ),
        http_status=415,
    ),
    Entry(
        "NO_TRUST_ANCHORS",
        en=Text(
            "There is no trust anchor, so nothing can be judged.",
            "Configure trust anchors, or name them with --trust.",
        ),
        ja=Text(
            "信頼の起点がないため、検証できません。",
            "トラストアンカーを設定するか、--trust で指定してください。",
        ),
        http_status=503,
    ),
)
