"""What the time-stamp pages say."""

TEXTS = {
    "stamp.title": ("タイムスタンプを付ける", "Time-stamp a file"),
    "stamp.about": (
        "ファイルがこの時刻に存在したことの証明（RFC 3161）を発行します。ファイルの種類は問いません。",
        "Get proof (RFC 3161) that a file exists now. It may be of any kind.",
    ),
    "stamp.file": ("タイムスタンプを付けるファイル", "File to time-stamp"),
    "stamp.drop": ("ここにファイルをドロップするか、", "Drop a file here, or"),
    "stamp.digest-only": (
        "タイムスタンプには、ファイルの内容ではなくハッシュ値だけが記録されます。",
        "The time-stamp holds a digest of the file, not its content.",
    ),
    "stamp.submit": ("タイムスタンプを発行", "Time-stamp it"),
    "stamp.done": ("タイムスタンプを発行しました", "Time-stamped"),
    "stamp.done.about": (
        "次のファイルが {time} に存在したことを、このタイムスタンプで証明できます。",
        "This time-stamp proves that the file existed on {time}.",
    ),
    "stamp.keep": (
        "元のファイルとタイムスタンプを一緒に保管してください。",
        "Keep the time-stamp together with the file.",
    ),
    "stamp.download": ("トークンをダウンロード（.tsr）", "Download the token (.tsr)"),
    "stamp.again": ("別のファイルに付ける", "Time-stamp another file"),
    "stamp.time": ("時刻", "Time"),
    "stamp.serial": ("シリアル番号", "Serial number"),
    "stamp.policy": ("ポリシー", "Policy"),
    "stamp.accuracy": ("宣言された精度", "Declared accuracy"),
    "stamp.accuracy.value": ("±{seconds} 秒", "±{seconds} s"),
    "stamp.digest": ("ファイルの SHA-256", "SHA-256 of the file"),
    "stamp.check": ("ほかのソフトで確かめるには", "To check it with another program"),
}
