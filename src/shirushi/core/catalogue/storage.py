"""Errors of files, the database and the data directory."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "FILE_CHANGED",
        en=Text(
            "The file {path} changed while it was being read.",
            "Wait until nothing else writes to it, then try again.",
        ),
        ja=Text(
            "ファイル {path} は読み取りの途中で変更されました。",
            "他のプログラムによる書き込みが終わってから、もう一度実行してください。",
        ),
        http_status=409,
    ),
    Entry(
        "FILE_IS_SOURCE",
        en=Text(
            "The result would overwrite its own source {path}.",
            "Name another output file, or ask for the source to be replaced.",
        ),
        ja=Text(
            "出力先 {path} は元のファイルそのものです。",
            "別の出力先を指定するか、元のファイルの置き換えを明示してください。",
        ),
        http_status=409,
        exit_status=2,
    ),
    Entry(
        "STORAGE_FULL",
        en=Text(
            "The disk that holds the database is full. Nothing was changed.",
            "Free space on the disk of the data directory, then try again.",
        ),
        ja=Text(
            "データベースのあるディスクに空きがありません。変更は行われていません。",
            "データディレクトリのあるディスクの空きを確保して、もう一度実行してください。",
        ),
        http_status=507,
    ),
    Entry(
        "STORAGE_BUSY",
        en=Text(
            "Another process kept the database busy for {seconds} seconds. Nothing was changed.",
            "Try again; if it repeats, find the process that holds the data directory.",
        ),
        ja=Text(
            "別のプロセスがデータベースを {seconds} 秒以上使用中でした。変更は行われていません。",
            "もう一度実行してください。繰り返す場合は、データディレクトリを使っているプロセスを確認してください。",
        ),
        http_status=503,
    ),
    Entry(
        "STORAGE_FAILED",
        en=Text(
            "The database failed: {detail}. The step in hand was rolled back.",
            "Check that the database of the data directory exists, is whole and may be written.",
        ),
        ja=Text(
            "データベースの処理に失敗しました: {detail}。実行中の処理は取り消されました。",
            "データディレクトリのデータベースが存在し、破損がなく、書き込めることを確認してください。",
        ),
        http_status=500,
    ),
    Entry(
        "STORAGE_UNREACHABLE",
        en=Text(
            "The database server cannot be reached: {detail}. What was confirmed before is kept.",
            "See that the server named under [database] runs and lets this account in, then try again;"
            " Shirushi need not be restarted.",
        ),
        ja=Text(
            "データベースサーバーに接続できません: {detail}。それまでに完了した処理は保存されています。",
            "[database] に指定したサーバーが動作し、このアカウントで接続できることを確認して、もう一度実行してください。"
            "Shirushi を再起動する必要はありません。",
        ),
        http_status=503,
    ),
    Entry(
        "STORAGE_FOREIGN",
        en=Text(
            "The database has the schema {revision}, which this program does not know.",
            "Use the version of Shirushi that made it, or a newer one.",
        ),
        ja=Text(
            "データベースのスキーマ {revision} は、このプログラムでは扱えません。",
            "このデータベースを作成したバージョン以降の Shirushi を使ってください。",
        ),
        http_status=500,
    ),
    Entry(
        "DATA_DIRECTORY_MISSING",
        en=Text(
            "There is no trust domain in {path}.",
            "Run `shirushi demo` to make one, or name its directory with --data.",
        ),
        ja=Text(
            "{path} にトラスト基盤のデータがありません。",
            "`shirushi demo` で作成するか、--data でデータディレクトリを指定してください。",
        ),
        http_status=500,
    ),
    Entry(
        "DATA_DIRECTORY_EXISTS",
        en=Text(
            "{path} already holds a trust domain or other files.",
            "Name an empty or new directory with --data, or use the domain that is there.",
        ),
        ja=Text(
            "{path} にはすでにトラスト基盤のデータまたは他のファイルがあります。",
            "--data で空の（または新しい）ディレクトリを指定するか、既存のものを使ってください。",
        ),
        http_status=409,
    ),
    Entry(
        "DATA_DIRECTORY_EXPOSED",
        en=Text(
            "Other users may enter {path} (mode {mode}).",
            "Run `chmod 700 {path}`, and consider whether its keys were read meanwhile.",
        ),
        ja=Text(
            "{path} に他の利用者がアクセスできます（モード {mode}）。",
            "`chmod 700 {path}` を実行し、その間に鍵が読まれた可能性を検討してください。",
        ),
        http_status=500,
    ),
    Entry(
        "DATA_DIRECTORY_FOREIGN",
        en=Text(
            "{path} cannot be used as this domain's data directory: {detail}.",
            "Open it as the user who owns it, or name another directory with --data.",
        ),
        ja=Text(
            "{path} はこのトラスト基盤のデータディレクトリとして使えません: {detail}",
            "所有者のユーザーで実行するか、--data で別のディレクトリを指定してください。",
        ),
        http_status=500,
    ),
    Entry(
        "DATA_DIRECTORY_BUSY",
        en=Text(
            "Another process is making a trust domain in {path}.",
            "Wait until it has finished, then open the domain.",
        ),
        ja=Text(
            "別のプロセスが {path} にトラスト基盤を作成しています。",
            "終わるのを待ってから、もう一度開いてください。",
        ),
        http_status=503,
    ),
    Entry(
        "CONFIGURATION_ENTRY_UNKNOWN",
        en=Text(
            "The configuration {path}{line} has an entry {entry} that means nothing.",
            "Correct or remove it. What may stand there: {known}.",
        ),
        ja=Text(
            "設定 {path}{line} に不明な項目 {entry} があります。",
            "項目名を直すか、取り除いてください。使える項目: {known}",
        ),
        http_status=500,
    ),
    Entry(
        "CONFIGURATION_ENTRY_MISSING",
        en=Text("The configuration {path}{line} lacks the entry {entry}.", "Add the entry and start again."),
        ja=Text(
            "設定 {path}{line} に項目 {entry} がありません。", "項目を追加して、もう一度起動してください。"
        ),
        http_status=500,
    ),
    Entry(
        "CONFIGURATION_ENTRY_WRONG",
        en=Text(
            "The entry {entry} in the configuration {path}{line} is wrong: {detail}.",
            "Correct its value and start again.",
        ),
        ja=Text(
            "設定 {path}{line} の項目 {entry} の値が正しくありません: {detail}",
            "値を直して、もう一度起動してください。",
        ),
        http_status=500,
    ),
)
