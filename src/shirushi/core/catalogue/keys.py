"""Errors of key stores."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "KEY_EXISTS",
        en=Text("A key named {label} exists already.", "Choose another label; a key is never overwritten."),
        ja=Text(
            "鍵 {label} はすでに存在します。",
            "別の名前を指定してください。鍵が上書きされることはありません。",
        ),
        http_status=409,
    ),
    Entry(
        "KEY_UNKNOWN",
        en=Text("There is no key named {label}.", "Check the label against the keys of this data directory."),
        ja=Text("鍵 {label} は見つかりません。", "このデータディレクトリにある鍵の名前を確認してください。"),
        http_status=404,
    ),
    Entry(
        "PIN_REJECTED",
        en=Text(
            "The PIN for the key {label} is missing or wrong.",
            "Enter the PIN again; after too many wrong attempts the key is locked.",
        ),
        ja=Text(
            "鍵 {label} の PIN が入力されていないか、正しくありません。",
            "PIN をもう一度入力してください。誤りが続くと鍵はロックされます。",
        ),
        http_status=403,
    ),
    Entry(
        "KEY_UNUSABLE",
        en=Text(
            "The key {label} cannot be used: {detail}.",
            "Use the key with an algorithm of its type; if its file is damaged, restore it from a backup.",
        ),
        ja=Text(
            "鍵 {label} を使用できません: {detail}",
            "鍵の種類に合うアルゴリズムを使ってください。ファイルが破損している場合はバックアップから復元してください。",
        ),
        http_status=500,
    ),
    Entry(
        "KEY_STORE_FOREIGN",
        en=Text(
            "The master key does not fit the keys in {path}: they belong to another trust domain.",
            "Give the master key that belongs to this data directory (secrets/master.key or SHIRUSHI_MASTER_KEY).",
        ),
        ja=Text(
            "マスター鍵が {path} の鍵と一致しません。別のトラスト基盤の鍵です。",
            "このデータディレクトリのマスター鍵（secrets/master.key または SHIRUSHI_MASTER_KEY）を指定してください。",
        ),
        http_status=500,
    ),
    Entry(
        "MASTER_KEY_MISSING",
        en=Text(
            "The master key {path} is missing, so no key can be opened.",
            "Restore it from its backup, or give it in the environment variable SHIRUSHI_MASTER_KEY.",
        ),
        ja=Text(
            "マスター鍵 {path} がないため、どの鍵も使えません。",
            "バックアップから復元するか、環境変数 SHIRUSHI_MASTER_KEY で指定してください。",
        ),
        http_status=500,
    ),
    Entry(
        "MASTER_KEY_MALFORMED",
        en=Text(
            "The master key in {path} is not 64 hexadecimal digits.",
            "Give the 64 digits that were written when the domain was made.",
        ),
        ja=Text(
            "{path} のマスター鍵が 16 進数 64 桁ではありません。",
            "トラスト基盤の作成時に書き出された 64 桁を指定してください。",
        ),
        http_status=500,
    ),
)
