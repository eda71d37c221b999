"""Errors of signing: forms, algorithms, batches, deferral, renewal."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "CONTENT_UNDISCLOSED",
        en=Text(
            "Only digests of the document were given, and they do not suffice here (needed: {needed}).",
            "Give the digest that is needed, or the document itself.",
        ),
        ja=Text(
            "文書のハッシュ値だけでは、この処理はできません（必要なもの: {needed}）。",
            "必要なアルゴリズムのハッシュ値か、文書そのものを渡してください。",
        ),
    ),
    Entry(
        "SIGNATURE_FORM_UNKNOWN",
        en=Text("No signature format {form!r} is offered here.", "Choose one of these: {known}."),
        ja=Text("署名形式 {form!r} には対応していません。", "次のいずれかを指定してください: {known}"),
    ),
    Entry(
        "PACKAGING_REFUSED",
        en=Text(
            "Signatures of the form {form} are not placed {packaging}.",
            "Choose one of these, or leave it out: {known}.",
        ),
        ja=Text(
            "形式 {form} では、署名の置き方 {packaging} は選べません。",
            "次のいずれかを指定するか、指定を省いてください: {known}",
        ),
    ),
    Entry(
        "ONE_DOCUMENT_ONLY",
        en=Text(
            "The form {form} signs one document at a time.",
            "Choose asic-e to sign several files together, or sign them as a batch.",
        ),
        ja=Text(
            "形式 {form} で署名できる文書は一度に一つです。",
            "複数のファイルをまとめて署名するには asic-e を選ぶか、一括署名を使ってください。",
        ),
    ),
    Entry(
        "ALGORITHM_RETIRED",
        en=Text(
            "Nothing is signed with {algorithm}: it has not been reliable since {until} ({source}).",
            "Have a key and a certificate of a current algorithm issued: docs/algorithms.md.",
        ),
        ja=Text(
            "{algorithm} は {until} 以降、安全とはみなされないため、署名に使えません（{source}）。",
            "現在のアルゴリズムの鍵と証明書の発行を受けてください（docs/algorithms.md）。",
        ),
        http_status=409,
    ),
    Entry(
        "ALGORITHM_UNLISTED",
        en=Text(
            "Nothing is signed with {algorithm}: the catalogue {catalogue} does not list it.",
            "Have a key and a certificate of a listed algorithm issued: docs/algorithms.md.",
        ),
        ja=Text(
            "{algorithm} は一覧 {catalogue} にないため、署名に使えません。",
            "一覧（docs/algorithms.md）にあるアルゴリズムの鍵と証明書の発行を受けてください。",
        ),
        http_status=409,
    ),
    Entry(
        "BATCH_FOREIGN",
        en=Text(
            "A batch takes requests of one credential, and at least one: {detail}.",
            "Prepare all documents with the credential that is to sign them.",
        ),
        ja=Text(
            "一括署名の要求は、一つの署名鍵のもので一件以上必要です: {detail}",
            "署名に使う署名鍵ですべての文書を準備してください。",
        ),
    ),
    Entry(
        "SEAL_NEEDED",
        en=Text(
            "{id} is a person’s own credential, and does not sign on behalf of {user}.",
            "Use the platform’s e-seal, or let {user} sign with their own credential.",
        ),
        ja=Text(
            "{id} は本人の署名鍵のため、{user} に代わる署名（立会人型）には使えません。",
            "プラットフォームの eシールを使うか、{user} 本人の署名鍵で署名してください（当事者型）。",
        ),
        http_status=409,
    ),
    Entry(
        "STORED_STEP_MALFORMED",
        en=Text(
            "This prepared signature does not go with what was brought: {detail}.",
            "Bring the document exactly as it was prepared, with the value that was given out for it.",
        ),
        ja=Text(
            "準備済みの署名と、渡されたものが合いません: {detail}",
            "準備したときと同じ文書を、そのとき返された値と一緒に渡してください。",
        ),
    ),
    Entry(
        "REMOTE_STAMP_REFUSED",
        en=Text(
            "The time-stamping authority at {url} gave no time-stamp that can be used: {detail}.",
            "Try again later; if it stays so, ask that authority, or configure another.",
        ),
        ja=Text(
            "{url} のタイムスタンプ局から、使えるタイムスタンプを取得できませんでした: {detail}",
            "しばらくしてからもう一度実行し、続く場合はその局に問い合わせるか、別の局を設定してください。",
        ),
        http_status=502,
    ),
    Entry(
        "DIGEST_NOT_OF_ALGORITHM",
        en=Text(
            "The signature was prepared with {prepared}, but {algorithm} takes {needed}.",
            "Prepare it again with {needed}, or sign with another key.",
        ),
        ja=Text(
            "署名は {prepared} で準備されましたが、{algorithm} には {needed} が必要です。",
            "{needed} で準備し直すか、別の鍵で署名してください。",
        ),
    ),
    Entry(
        "SIGNING_CERTIFICATE_UNUSABLE",
        en=Text(
            "The signing certificate {certificate} cannot be used now: {detail}.",
            "Prepare the signature again and bind it to a certificate that is valid.",
        ),
        ja=Text(
            "署名証明書 {certificate} は今は使えません: {detail}",
            "有効な証明書を使い、署名の準備からやり直してください。",
        ),
        http_status=409,
    ),
    Entry(
        "SIGNATURE_VALUE_FOREIGN",
        en=Text(
            "The signature value does not verify with {certificate} over the value to be signed.",
            "Sign exactly the bytes that were given out, with the key of this certificate; ECDSA as a DER sequence.",
        ),
        ja=Text(
            "署名値を {certificate} で検証できません。署名対象の値に対する署名ではありません。",
            "返されたバイト列を、この証明書の鍵で署名してください（ECDSA は DER の SEQUENCE）。",
        ),
    ),
    Entry(
        "BATCH_UNKNOWN",
        en=Text(
            "There is no batch {id} of yours.",
            "Look at your list of batches. They are removed a day after they were over.",
        ),
        ja=Text(
            "一括署名 {id} は、あなたのものとしては見つかりません。",
            "一括署名の一覧を確認してください。終了してから 1 日で削除されます。",
        ),
        http_status=404,
    ),
    Entry(
        "BATCH_BEGUN",
        en=Text(
            "The batch {id} takes no more documents and no other order: it has begun, or is over.",
            "Open a new batch for further documents.",
        ),
        ja=Text(
            "一括署名 {id} はすでに開始したか終了しているため、文書の追加や再度の実行はできません。",
            "ほかの文書には、新しい一括署名を作ってください。",
        ),
        http_status=409,
    ),
    Entry(
        "BATCH_NOT_OVER",
        en=Text(
            "The batch {id} is still being signed.",
            "Wait until it is over, or cancel it; then it can be removed.",
        ),
        ja=Text(
            "一括署名 {id} はまだ実行中です。",
            "終了を待つか取り消してから、削除してください。",
        ),
        http_status=409,
    ),
    Entry(
        "BATCH_TOO_LARGE",
        en=Text("A batch takes at most {limit} documents.", "Spread the documents over several batches."),
        ja=Text("一括署名で扱える文書は {limit} 件までです。", "文書をいくつかの一括署名に分けてください。"),
        http_status=413,
    ),
    Entry(
        "TOO_MANY_BATCHES",
        en=Text(
            "You have {limit} batches already.", "Fetch what was signed, and remove batches that are over."
        ),
        ja=Text(
            "一括署名は、同時に {limit} 件までです。",
            "署名済みの文書を受け取り、終了した一括署名を削除してください。",
        ),
        http_status=409,
    ),
    Entry(
        "BATCH_DOCUMENT_MISSING",
        en=Text(
            "The batch {id} has no signed document of that number ({number}).",
            "Its list of documents tells which were signed, and what kept the others.",
        ),
        ja=Text(
            "一括署名 {id} に、その番号（{number}）の署名済み文書はありません。",
            "文書の一覧で、署名できた文書と、できなかった理由を確認してください。",
        ),
        http_status=404,
    ),
    Entry(
        "SAYING_MALFORMED",
        en=Text(
            "What was entered for {field} cannot stand in a signature.",
            "Correct it as the hint beside the field says, or leave it out.",
        ),
        ja=Text(
            "{field} の入力内容は、署名に記録できない形です。",
            "欄の説明に合わせて直すか、空欄にしてください。",
        ),
    ),
    Entry(
        "SERVER_STOPPING",
        en=Text("This server process is stopping, and begins nothing more.", "Try again in a moment."),
        ja=Text(
            "このサーバープロセスは停止中のため、新しい処理を始められません。",
            "しばらくしてから、もう一度実行してください。",
        ),
        http_status=503,
    ),
)
