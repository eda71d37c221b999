"""Errors of backup and restoration."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "BACKUP_PASSPHRASE_SHORT",
        en=Text(
            "A backup's passphrase has {length} characters at least.",
            "Choose several words that nobody would guess, and keep them apart from the backup.",
        ),
        ja=Text(
            "バックアップのパスフレーズは {length} 文字以上にしてください。",
            "推測されにくい複数の単語を選び、バックアップとは別の場所に保管してください。",
        ),
    ),
    Entry(
        "BACKUP_REFUSED",
        en=Text(
            "The backup {path} does not open: the passphrase is wrong, or the file is damaged, cut off or no backup.",
            "Try the passphrase again; if it is right, use another copy of the backup. Nothing was restored.",
        ),
        ja=Text(
            "バックアップ {path} を開けません。パスフレーズが違うか、ファイルが破損または途中で切れているか、バックアップではありません。",
            "パスフレーズを確認し、正しい場合は別のコピーを使ってください。復元は行われていません。",
        ),
    ),
    Entry(
        "BACKUP_DATABASE_NOT_EMPTY",
        en=Text(
            "The database {database} is not empty: {table} has rows.",
            "Name a new and empty database; nothing was changed in this one.",
        ),
        ja=Text(
            "データベース {database} は空ではありません（{table} に行があります）。",
            "新しい空のデータベースを指定してください。このデータベースは変更されていません。",
        ),
        http_status=409,
    ),
)
