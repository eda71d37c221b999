"""Why no time is told, and what the clock guard found."""

from shirushi.core.catalogue import Entry, Text

_RETURN = "then return the clock to service with `shirushi clock resume --reason …`."
_RETURN_JA = "その後 `shirushi clock resume --reason …` で運用を再開してください。"

ENTRIES = (
    Entry(
        "CLOCK_NO_FIX",
        en=Text(
            "The clock guard has not yet compared this machine's clock with its sources.",
            "Wait some seconds; if it lasts, see `shirushi clock status`.",
        ),
        ja=Text(
            "時計の監視機能が、この機器の時計と時刻源との照合をまだ終えていません。",
            "数秒待ってください。続く場合は `shirushi clock status` で確認してください。",
        ),
        http_status=503,
    ),
    Entry(
        "CLOCK_NO_SOURCES",
        en=Text(
            "No source of time is configured, so nobody can say whether the clock is right.",
            "Name at least three servers as `[[clock_source]]` in shirushi.toml (see the operator's guide).",
        ),
        ja=Text(
            "時刻源が設定されていないため、時計の正しさを確認できません。",
            "shirushi.toml の `[[clock_source]]` に 3 台以上のサーバーを設定してください（運用ガイド参照）。",
        ),
        http_status=503,
    ),
    Entry(
        "CLOCK_TOO_FEW_SOURCES",
        en=Text(
            "Too few sources of time answer as they must.",
            "See with `shirushi clock status` which do not, and mend the way to them or name others.",
        ),
        ja=Text(
            "正しく応答する時刻源が足りません。",
            "`shirushi clock status` で応答のない時刻源を確認し、経路を直すか別の時刻源を設定してください。",
        ),
        http_status=503,
    ),
    Entry(
        "CLOCK_SOURCES_DISAGREE",
        en=Text(
            "The sources of time contradict each other, and no majority agrees.",
            "Find out which one lies (`shirushi clock status`) and take it out, or add sources.",
        ),
        ja=Text(
            "時刻源どうしが食い違い、過半数が一致しません。",
            "`shirushi clock status` で誤っている時刻源を特定して外すか、時刻源を増やしてください。",
        ),
        http_status=503,
    ),
    Entry(
        "CLOCK_SOURCE_SMEARS",
        en=Text(
            "This source smears leap seconds, so its time is not UTC.",
            "Name a source that does not, such as ntp.nict.jp.",
        ),
        ja=Text(
            "この時刻源はうるう秒を分散させる（スミアリング）ため、UTC とは認められません。",
            "ntp.nict.jp など、分散させない時刻源を設定してください。",
        ),
        http_status=503,
    ),
    Entry(
        "CLOCK_STEPPED",
        en=Text(
            "The system clock was stepped against the raw clock.",
            f"Find out what set the clock, let it settle, {_RETURN}",
        ),
        ja=Text(
            "システム時計が不連続に変更されました。",
            f"何が時計を変更したかを調べ、時計が落ち着くのを待ってください。{_RETURN_JA}",
        ),
        http_status=503,
    ),
    Entry(
        "CLOCK_SUSPENDED",
        en=Text(
            "The machine has slept, so its clocks cannot vouch for the time since.",
            f"Keep a time-stamping machine from sleeping, {_RETURN}",
        ),
        ja=Text(
            "機器が一時停止したため、それ以降の時刻を保証できません。",
            f"タイムスタンプを発行する機器が休止しないように設定してください。{_RETURN_JA}",
        ),
        http_status=503,
    ),
    Entry(
        "CLOCK_INACCURATE",
        en=Text(
            "The clock may stand further from UTC than the declared accuracy allows.",
            f"Bring the clock, or the sources that were lost, back to order (`shirushi clock status`), {_RETURN}",
        ),
        ja=Text(
            "時計と UTC の差が、宣言した精度を超えている可能性があります。",
            f"`shirushi clock status` で確認し、時計または失われた時刻源を復旧してください。{_RETURN_JA}",
        ),
        http_status=503,
    ),
    Entry(
        "CLOCK_LEAP_SECOND",
        en=Text(
            "A leap second is near, in which a time would be ambiguous.",
            "Try again in some seconds; it passes by itself.",
        ),
        ja=Text(
            "うるう秒の前後で時刻があいまいになるため、発行を控えています。",
            "数秒後にもう一度実行してください。自動的に再開します。",
        ),
        http_status=503,
    ),
    Entry(
        "CLOCK_CONTRADICTED",
        en=Text(
            "What the sources say now cannot be true if what they said before was.",
            f"Find out whether the sources jumped or this machine's oscillator fails, {_RETURN}",
        ),
        ja=Text(
            "時刻源の現在の値が、以前の値と両立しません。",
            f"時刻源が跳んだのか、この機器の発振器が故障したのかを調べてください。{_RETURN_JA}",
        ),
        http_status=503,
    ),
    Entry(
        "CLOCK_STOPPED",
        en=Text("Time-stamping was stopped by an operator.", f"Mend its cause, {_RETURN}"),
        ja=Text("運用者がタイムスタンプの発行を停止しています。", f"原因を解消してください。{_RETURN_JA}"),
        http_status=503,
    ),
    Entry(
        "CLOCK_NOT_STOPPED",
        en=Text("The clock is not stopped.", "See `shirushi clock status`; there is nothing to return from."),
        ja=Text(
            "時計は停止していません。",
            "`shirushi clock status` で状態を確認してください。再開の操作は不要です。",
        ),
        http_status=409,
    ),
    Entry(
        "CLOCK_UNFIT",
        en=Text("The clock cannot return to service now: {detail}.", "Mend the cause, then try again."),
        ja=Text(
            "現在は時計の運用を再開できません: {detail}", "原因を解消してから、もう一度実行してください。"
        ),
        http_status=409,
    ),
    Entry(
        "CLOCK_RECORD_ALTERED",
        en=Text(
            "The time-audit record {number} does not go with its signature.",
            "Keep the database for examination, and compare with copies of the records.",
        ),
        ja=Text(
            "時刻監査記録 {number} が署名と一致しません。",
            "調査のためデータベースを保全し、記録の写しと照合してください。",
        ),
    ),
    Entry(
        "CLOCK_RECORDS_MISSING",
        en=Text(
            "The time-audit record {number} does not follow the one before it: records were removed or replaced.",
            "Keep the database for examination, and compare with copies of the records.",
        ),
        ja=Text(
            "時刻監査記録 {number} が直前の記録に続いていません。記録が削除または差し替えられています。",
            "調査のためデータベースを保全し、記録の写しと照合してください。",
        ),
    ),
)
