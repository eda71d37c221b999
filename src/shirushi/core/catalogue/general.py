"""Errors that any part can meet."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "INTERNAL_ERROR",
        en=Text("Something went wrong inside Shirushi.", "Look into the log; if it repeats, report it."),
        ja=Text("内部エラーが発生しました。", "ログを確認し、繰り返す場合は報告してください。"),
        http_status=500,
    ),
    Entry(
        "UNSUPPORTED_ALGORITHM",
        en=Text(
            "The algorithm {algorithm} is not supported.",
            "Use an algorithm of the catalogue in docs/algorithms.md.",
        ),
        ja=Text(
            "アルゴリズム {algorithm} には対応していません。",
            "docs/algorithms.md の一覧にあるものを使ってください。",
        ),
    ),
    Entry(
        "NOT_AN_INSTANT",
        en=Text("{text!r} is not a date-time.", "Write it as 2026-04-01T09:00:00+09:00 (RFC 3339)."),
        ja=Text(
            "{text!r} は日時として読めません。",
            "2026-04-01T09:00:00+09:00 の形（RFC 3339）で書いてください。",
        ),
        exit_status=2,
    ),
    Entry(
        "MALFORMED_INPUT",
        en=Text(
            "The input is not well formed: {detail}.", "Check that it is complete and of the expected kind."
        ),
        ja=Text(
            "入力の形式が正しくありません: {detail}",
            "内容が欠けていないか、種類が合っているかを確認してください。",
        ),
    ),
    Entry(
        "FILE_UNREADABLE",
        en=Text("The file {path} cannot be read: {detail}.", "Check the path and its permissions."),
        ja=Text("ファイル {path} を読めません: {detail}", "パスと権限を確認してください。"),
        http_status=404,
    ),
    Entry(
        "FILE_UNWRITABLE",
        en=Text(
            "The file {path} could not be written: {detail}. What stood there before is unchanged.",
            "Check free space and permissions, then try again.",
        ),
        ja=Text(
            "ファイル {path} を書き込めませんでした: {detail}。以前の内容はそのままです。",
            "空き容量と権限を確認して、もう一度実行してください。",
        ),
        http_status=507,
    ),
    Entry(
        "NOT_PERMITTED",
        en=Text("{actor} may not do this: {action}.", "Ask an operator of the trust domain for the role."),
        ja=Text(
            "{actor} にはこの操作の権限がありません: {action}",
            "トラスト基盤の運用者に役割の付与を依頼してください。",
        ),
        http_status=403,
    ),
    Entry(
        "CONFIGURATION_INVALID",
        en=Text(
            "The configuration {path} is not valid: {detail}.", "Correct the named entry and start again."
        ),
        ja=Text(
            "設定 {path} が正しくありません: {detail}", "示された項目を直して、もう一度起動してください。"
        ),
        http_status=500,
    ),
)
