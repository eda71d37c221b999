"""Errors of PKCS#11 tokens, of the processes that use them, and of keys that are used up."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "PKCS11_FAILED",
        en=Text(
            "The token {token} failed: {detail} (an error of PKCS#11).",
            "Look into the log of the token's module; try the token with `pkcs11-tool --test`.",
        ),
        ja=Text(
            "トークン {token} でエラーが発生しました: {detail}（PKCS#11 のエラー）",
            "トークンのモジュールのログを確認し、`pkcs11-tool --test` でトークンを試してください。",
        ),
        http_status=503,
    ),
    Entry(
        "PKCS11_MODULE_MISSING",
        en=Text(
            "The PKCS#11 module {module} of the token {token} cannot be loaded: {detail}.",
            "Install the software of the token's maker, and name its library in [[pkcs11]] module.",
        ),
        ja=Text(
            "トークン {token} の PKCS#11 モジュール {module} を読み込めません: {detail}",
            "トークンの製造元のソフトウェアを導入し、そのライブラリを [[pkcs11]] の module に指定してください。",
        ),
        http_status=503,
    ),
    Entry(
        "PKCS11_TOKEN_MISSING",
        en=Text(
            "The token {token} (labelled {token_label}) is in no slot; there are: {found}.",
            "Put the token in, or correct label and serial in [[pkcs11]]; `pkcs11-tool --list-slots` shows what is there."
            " Work goes on by itself once it is back.",
        ),
        ja=Text(
            "トークン {token}（ラベル {token_label}）がどのスロットにも見つかりません。検出したトークン: {found}",
            "トークンを装着するか、[[pkcs11]] の label と serial を直してください（`pkcs11-tool --list-slots` で一覧できます）。"
            "トークンが戻れば自動的に再開します。",
        ),
        http_status=503,
    ),
    Entry(
        "PKCS11_PIN_MISSING",
        en=Text(
            "The PIN of the token {token} is not to be had from {place}.",
            "Write it there, readable by this account alone (chmod 600).",
        ),
        ja=Text(
            "トークン {token} の PIN を {place} から取得できません。",
            "このアカウントだけが読める権限（chmod 600）で、そこに PIN を設定してください。",
        ),
        http_status=503,
    ),
    Entry(
        "PKCS11_PIN_REJECTED",
        en=Text(
            "The token {token} does not take its PIN. It is not tried again, so that the token does not lock itself.",
            "Correct the PIN in its file; if it is in the environment, restart with the right one.",
        ),
        ja=Text(
            "トークン {token} の PIN が受け付けられませんでした。トークンがロックされないよう、再試行はしません。",
            "ファイルの PIN を正してください。環境変数で渡している場合は、正しい PIN で再起動してください。",
        ),
        http_status=503,
    ),
    Entry(
        "PKCS11_PIN_LAST_TRY",
        en=Text(
            "One more wrong PIN would lock the token {token}; its PIN is not tried by the platform.",
            "See that the configured PIN is right, and log in with it once by hand (`pkcs11-tool --login --list-objects`):"
            " that gives the token its tries back.",
        ),
        ja=Text(
            "トークン {token} は PIN をもう一度誤るとロックされるため、自動では PIN を試しません。",
            "設定した PIN が正しいことを確かめ、手動で一度ログインしてください（`pkcs11-tool --login --list-objects`）。"
            "成功すると試行回数が元に戻り、自動的に再開します。",
        ),
        http_status=503,
    ),
    Entry(
        "PKCS11_PIN_LOCKED",
        en=Text(
            "The token {token} has locked its PIN.",
            "Have its security officer unlock it with the SO PIN or PUK (`pkcs11-tool --init-pin --login-type so`).",
        ),
        ja=Text(
            "トークン {token} の PIN がロックされています。",
            "セキュリティ担当者が SO PIN または PUK で解除してください（`pkcs11-tool --init-pin --login-type so`）。",
        ),
        http_status=503,
    ),
    Entry(
        "PKCS11_TOKEN_FULL",
        en=Text(
            "The token {token} cannot keep another key. Keys that are there work as before.",
            "Destroy keys that nobody needs any more, make room on the token's medium, or use another token.",
        ),
        ja=Text(
            "トークン {token} にはこれ以上鍵を保存できません。既存の鍵はこれまでどおり使えます。",
            "不要な鍵を廃棄するか、記憶媒体の空きを増やすか、別のトークンを使ってください。",
        ),
        http_status=507,
    ),
    Entry(
        "PKCS11_MECHANISM_MISSING",
        en=Text(
            "The token {token} cannot do this: {mechanism}.",
            "Choose a key type and an algorithm of the token's (`pkcs11-tool --list-mechanisms`), or another token.",
        ),
        ja=Text(
            "トークン {token} はこの処理に対応していません: {mechanism}",
            "トークンが対応する鍵種別とアルゴリズム（`pkcs11-tool --list-mechanisms`）か、別のトークンを選んでください。",
        ),
        http_status=409,
    ),
    Entry(
        "PKCS11_KEY_LOST",
        en=Text(
            "The token {token} does not hold the key {label} any more.",
            "Put in the token that holds it, or restore the token from its maker's backup.",
        ),
        ja=Text(
            "トークン {token} に鍵 {label} が見つかりません。",
            "その鍵を保持するトークンを装着するか、製造元の手順でトークンを復元してください。",
        ),
        http_status=503,
    ),
    Entry(
        "PKCS11_VALUE_WRONG",
        en=Text(
            "The token {token} gave a value for the key {label} that does not verify; it was thrown away.",
            "Take the token out of service: it holds another key under that identifier, or computes wrongly.",
        ),
        ja=Text(
            "トークン {token} が鍵 {label} について返した署名値は検証に失敗したため、破棄しました。",
            "このトークンの使用を中止してください。同じ識別子で別の鍵を持っているか、計算に誤りがあります。",
        ),
        http_status=500,
    ),
    Entry(
        "PKCS11_PIN_OF_TOKEN",
        en=Text(
            "The key {label} cannot have a PIN of its own on the token {token}, whose PIN the platform has.",
            "Make it without a PIN, in an encrypted file, or on a person's own token (personal = true).",
        ),
        ja=Text(
            "トークン {token} の PIN は基盤が管理するため、鍵 {label} に個別の PIN は設定できません。",
            "PIN なしで作成するか、暗号化ファイル、または本人のトークン（personal = true）に作成してください。",
        ),
    ),
    Entry(
        "PKCS11_TOKEN_UNKNOWN",
        en=Text(
            "No token named {token} is configured; there are: {known}.",
            "Add a section [[pkcs11]] of that name, or correct the name in [[key]].",
        ),
        ja=Text(
            "{token} という名前のトークンは設定されていません。設定済み: {known}",
            "その名前の [[pkcs11]] を追加するか、[[key]] の名前を直してください。",
        ),
        http_status=500,
    ),
    Entry(
        "SIGNER_AWAY",
        en=Text(
            "The signer process of the token {token} did not answer in time.",
            "Try again; if that does not help, see why it does not start in the log of `shirushi serve`.",
        ),
        ja=Text(
            "トークン {token} の署名プロセスが時間内に応答しませんでした。",
            "もう一度実行してください。解消しない場合は `shirushi serve` のログで起動しない原因を確認してください。",
        ),
        http_status=503,
    ),
    Entry(
        "KEY_EXHAUSTED",
        en=Text(
            "The key {label} has been used {uses} times, as often as it may.",
            "Put a new key in its place; raise `uses` in [[key]] only where the policy allows it.",
        ),
        ja=Text(
            "鍵 {label} は使用回数の上限 {uses} 回に達しました。",
            "新しい鍵に切り替えてください。ポリシーが許す場合に限り、[[key]] の uses を引き上げてください。",
        ),
        http_status=409,
    ),
    Entry(
        "KEY_OUTSIDE_PERIOD",
        en=Text(
            "The key {label} may sign from {not_before} to {not_after} only.",
            "Use the key that is meant for the present, and make one where there is none.",
        ),
        ja=Text(
            "鍵 {label} を署名に使える期間は {not_before} から {not_after} までです。",
            "現在の期間用の鍵を使用し、なければ作成してください。",
        ),
        http_status=409,
    ),
)
