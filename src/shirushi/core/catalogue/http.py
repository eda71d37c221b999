"""What the HTTP face refuses, and why a server is not ready."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "ROUTE_UNKNOWN",
        en=Text("Nothing answers at this address.", "See /openapi.json for what does."),
        ja=Text(
            "このアドレスには何もありません。", "利用できるアドレスは /openapi.json を参照してください。"
        ),
        http_status=404,
    ),
    Entry(
        "METHOD_REFUSED",
        en=Text("The method {method} is not answered here.", "Use one of the methods in the Allow field."),
        ja=Text(
            "このアドレスではメソッド {method} を使えません。",
            "Allow ヘッダーにあるメソッドを使ってください。",
        ),
        http_status=405,
    ),
    Entry(
        "REQUEST_MALFORMED",
        en=Text(
            "The request is not as it must be: {detail}.",
            "Correct the named part; /openapi.json describes every request.",
        ),
        ja=Text(
            "リクエストの内容が正しくありません: {detail}",
            "示された箇所を直してください。すべてのリクエストの形式は /openapi.json にあります。",
        ),
    ),
    Entry(
        "CONTENT_TYPE_REFUSED",
        en=Text("A body of the type {media_type} is not taken here.", "Send it as {accepted}, not encoded."),
        ja=Text(
            "{media_type} 形式の本文は受け付けていません。", "{accepted} として、圧縮せずに送ってください。"
        ),
        http_status=415,
    ),
    Entry(
        "BODY_TOO_LARGE",
        en=Text(
            "The request is larger than the {limit} bytes that are taken here.",
            "Send a smaller document, or ask the operator for a higher limit.",
        ),
        ja=Text(
            "リクエストが上限の {limit} バイトを超えています。",
            "小さい文書を送るか、運用者に上限の引き上げを依頼してください。",
        ),
        http_status=413,
    ),
    Entry(
        "BODY_TOO_SLOW",
        en=Text("The rest of the request did not arrive in time.", "Send it again over a faster connection."),
        ja=Text(
            "リクエストの残りが時間内に届きませんでした。",
            "通信状態のよい環境で、もう一度送ってください。",
        ),
        http_status=408,
    ),
    Entry(
        "BODY_CUT_OFF",
        en=Text("The request ended before it was whole. Nothing was done.", "Send it again."),
        ja=Text("リクエストが途中で切れました。処理は行われていません。", "もう一度送ってください。"),
    ),
    Entry(
        "HEAD_TOO_LARGE",
        en=Text("The request's header fields are too large.", "Send fewer or shorter ones."),
        ja=Text("リクエストのヘッダーが大きすぎます。", "ヘッダーを減らすか短くしてください。"),
        http_status=431,
    ),
    Entry(
        "HEAD_TOO_SLOW",
        en=Text("The request's header fields did not arrive in time.", "Send the request again."),
        ja=Text("リクエストのヘッダーが時間内に届きませんでした。", "もう一度送ってください。"),
        http_status=408,
    ),
    Entry(
        "HTTP_MALFORMED",
        en=Text("This is no HTTP request.", "Send a request as RFC 9112 defines it."),
        ja=Text("HTTP のリクエストではありません。", "RFC 9112 に従ったリクエストを送ってください。"),
    ),
    Entry(
        "TOKEN_MISSING",
        en=Text(
            "This is for identified callers, and the request bears no token.",
            "Send `Authorization: Bearer …` with a token from the operator (`shirushi token create`).",
        ),
        ja=Text(
            "利用者の確認が必要ですが、リクエストにトークンがありません。",
            "運用者から受け取ったトークン（`shirushi token create`）を `Authorization: Bearer …` として送ってください。",
        ),
        http_status=401,
    ),
    Entry(
        "TOKEN_REFUSED",
        en=Text("The token is unknown, expired or revoked.", "Ask the operator for a new one."),
        ja=Text(
            "トークンが不明か、期限切れか、取り消されています。", "運用者に新しいトークンを依頼してください。"
        ),
        http_status=401,
    ),
    Entry(
        "TOKEN_UNKNOWN",
        en=Text("There is no token {id} to be revoked.", "See `shirushi token list`."),
        ja=Text("取り消せるトークン {id} はありません。", "`shirushi token list` で確認してください。"),
        http_status=404,
    ),
    Entry(
        "RATE_LIMITED",
        en=Text("Too many requests at once.", "Wait {seconds} seconds, then go on more slowly."),
        ja=Text("リクエストが多すぎます。", "{seconds} 秒待ってから、間隔を空けて送ってください。"),
        http_status=429,
    ),
    Entry(
        "SERVER_BUSY",
        en=Text("The server has as much in hand as it can.", "Try again in a moment."),
        ja=Text("サーバーが混み合っています。", "しばらくしてから、もう一度送ってください。"),
        http_status=503,
    ),
    Entry(
        "IDEMPOTENCY_KEY_REUSED",
        en=Text(
            "The idempotency key {key} came before with another request.",
            "Use a new key for each new request.",
        ),
        ja=Text(
            "冪等キー {key} は別のリクエストですでに使われています。",
            "新しいリクエストには新しいキーを使ってください。",
        ),
        http_status=422,
    ),
    Entry(
        "IDEMPOTENCY_IN_PROGRESS",
        en=Text(
            "A request with the idempotency key {key} is being carried out.",
            "Wait a moment and send the request again under the same key.",
        ),
        ja=Text(
            "冪等キー {key} のリクエストは処理中です。",
            "少し待ってから、同じキーでもう一度送ってください。",
        ),
        http_status=409,
    ),
    Entry(
        "IDEMPOTENCY_OUTCOME_UNKNOWN",
        en=Text(
            "A request with the idempotency key {key} was begun at {began} and never ended; it is not carried out again.",
            "See in the audit log, from that time on, whether it was done; if it was not, send it under a new key.",
        ),
        ja=Text(
            "冪等キー {key} のリクエストは {began} に開始された後、完了が記録されていません。再実行はしません。",
            "その時刻以降の監査ログで実行の有無を確認し、実行されていなければ新しいキーで送ってください。",
        ),
        http_status=409,
    ),
    Entry(
        "NOT_READY",
        en=Text("This check could not be made: {detail}.", "Look into the log of the server."),
        ja=Text("この確認を実行できませんでした: {detail}", "サーバーのログを確認してください。"),
        http_status=503,
    ),
    Entry(
        "CLOCK_BEHIND",
        en=Text(
            "The clock shows {now}, which is before what was already written at {latest}.",
            "Set the clock right; no time-stamp is given until then.",
        ),
        ja=Text(
            "時計が {now} を示していますが、すでに {latest} の記録があります。",
            "時計を合わせてください。それまでタイムスタンプは発行されません。",
        ),
        http_status=503,
    ),
    Entry(
        "CRL_OVERDUE",
        en=Text(
            "The revocation list of {authority} was to be renewed by {next_update}.",
            "See that the jobs runner works and that the authority's key can be used.",
        ),
        ja=Text(
            "認証局 {authority} の失効リストの更新期限（{next_update}）が過ぎています。",
            "ジョブの実行プロセスが動いていて、認証局の鍵が使えることを確認してください。",
        ),
        http_status=503,
    ),
    Entry(
        "ADDRESS_TAKEN",
        en=Text(
            "It is not possible to listen on {address}: {detail}.",
            "Stop what listens there, or choose another port with --port.",
        ),
        ja=Text(
            "{address} で待ち受けできません: {detail}",
            "そのポートを使っているプログラムを停止するか、--port で別のポートを指定してください。",
        ),
    ),
    Entry(
        "CHILD_FAILED",
        en=Text("The process {name} could not start (exit status {status}).", "See what it printed before."),
        ja=Text(
            "プロセス {name} を起動できませんでした（終了ステータス {status}）。",
            "直前の出力を確認してください。",
        ),
        http_status=500,
    ),
    Entry(
        "TLS_UNUSABLE",
        en=Text(
            "The certificate and key for TLS cannot be used ({path}): {detail}.",
            "Give a certificate chain and its private key in PEM, both readable for this user.",
        ),
        ja=Text(
            "TLS の証明書と鍵を使えません（{path}）: {detail}",
            "PEM 形式の証明書チェーンと秘密鍵を、このユーザーが読める場所に用意してください。",
        ),
        http_status=500,
    ),
    Entry(
        "TRACES_UNAVAILABLE",
        en=Text(
            "Traces are configured, but OpenTelemetry is not installed.",
            "Install `shirushi[traces]`, or empty the entry `traces` of [serve].",
        ),
        ja=Text(
            "トレースが設定されていますが、OpenTelemetry がインストールされていません。",
            "`shirushi[traces]` をインストールするか、[serve] の `traces` を空にしてください。",
        ),
        http_status=500,
    ),
)
