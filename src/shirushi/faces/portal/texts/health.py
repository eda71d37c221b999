"""What the page on the platform's health says."""

TEXTS = {
    "health.title": ("稼働状況", "Health"),
    "health.ready": ("すべて正常に稼働しています", "Everything works"),
    "health.ready.about": (
        "トラストアンカー、鍵、時計、データベースは使える状態です。",
        "Trust anchors, keys, clock and database are in order.",
    ),
    "health.not-ready": ("対応が必要です", "Something needs attention"),
    "health.not-ready.about": (
        "下記の項目が解決するまで、一部のサービスは要求を断ります。",
        "Until what is named below is solved, some services refuse requests.",
    ),
    "health.at": ("確認日時: {time}", "Checked on {time}"),
    "health.good": ("正常", "In order"),
    "health.bad": ("要対応", "Needs attention"),
    "health.again": ("もう一度確認する", "Check again"),
    "health.database": ("データベース", "Database"),
    "health.trust_anchors": ("トラストアンカー", "Trust anchors"),
    "health.time_stamping": ("タイムスタンプと時計", "Time-stamping and clock"),
    "health.keys": ("鍵", "Keys"),
    "health.tokens": ("鍵を保管するトークン", "Tokens that hold keys"),
    "health.revocation_lists": ("失効リスト（CRL）", "Revocation lists"),
    "health.fact.kind": ("種類", "Kind"),
    "health.fact.count": ("件数", "Count"),
    "health.fact.usable": ("使用可能", "Usable"),
    "health.fact.recoveries": ("回復したセッション", "Sessions recovered"),
    "health.fact.units": ("タイムスタンプ局", "Units"),
    "health.fact.clock": ("時計", "Clock"),
    "health.fact.next_update": ("次回更新", "Next update"),
}
