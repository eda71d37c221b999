"""What the verification of the audit log finds."""

from shirushi.core.catalogue import Entry, Text

_RESTORE_EN = "Keep the database as it is for examination, and restore the log from a backup."
_RESTORE_JA = "調査のためデータベースを現状のまま保全し、監査ログはバックアップから復元してください。"

ENTRIES = (
    Entry(
        "AUDIT_RECORD_ALTERED",
        en=Text(
            "Audit record {id} (position {position}), or else the one before it with its link, is not what was written.",
            _RESTORE_EN,
        ),
        ja=Text(
            "監査記録 {id}（位置 {position}）、または直前の記録とそのリンクが、書き込まれたときの内容と異なります。",
            _RESTORE_JA,
        ),
    ),
    Entry(
        "AUDIT_RECORD_REORDERED",
        en=Text("Audit record {id} was moved to position {position} from another.", _RESTORE_EN),
        ja=Text("監査記録 {id} は、別の位置から位置 {position} に移されています。", _RESTORE_JA),
    ),
    Entry(
        "AUDIT_RECORDS_REMOVED",
        en=Text("The audit records at positions {first} to {last} were removed.", _RESTORE_EN),
        ja=Text("位置 {first} から {last} までの監査記録が取り除かれています。", _RESTORE_JA),
    ),
    Entry(
        "AUDIT_RECORDS_CUT_OFF",
        en=Text("The audit log was cut off: positions {first} to {last} are gone.", _RESTORE_EN),
        ja=Text("監査ログの末尾が失われています（位置 {first} から {last} まで）。", _RESTORE_JA),
    ),
    Entry(
        "AUDIT_HISTORY_REWRITTEN",
        en=Text(
            "Checkpoint {number} contradicts the log: records at positions {first} to {last} were rewritten.",
            _RESTORE_EN,
        ),
        ja=Text(
            "チェックポイント {number} と監査ログが矛盾しています。位置 {first} から {last} までの記録が書き換えられています。",
            _RESTORE_JA,
        ),
    ),
    Entry(
        "AUDIT_CHAIN_STATE_ALTERED",
        en=Text("The stored head of the audit chain does not fit its last record.", _RESTORE_EN),
        ja=Text("保存されている監査チェーンの先端が、最後の記録と一致しません。", _RESTORE_JA),
    ),
    Entry(
        "AUDIT_CHAIN_ABSENT",
        en=Text(
            "The chain {name} of time-stamps, which checkpoints bind, does not lie on this machine.",
            "Verify it on the machine where it was written, or restore `audit/chains/{name}` from a backup.",
        ),
        ja=Text(
            "チェックポイントで保証されているタイムスタンプの記録 {name} が、このマシンにありません。",
            "記録が書き込まれたマシンで検証するか、`audit/chains/{name}` をバックアップから復元してください。",
        ),
    ),
    Entry(
        "AUDIT_CHECKPOINT_ALTERED",
        en=Text(
            "Checkpoint {number} is not what this domain's audit key signed, or contradicts a copy kept elsewhere.",
            "Hold it against the copies kept elsewhere; keep the database as it is for examination.",
        ),
        ja=Text(
            "チェックポイント {number} は監査用の鍵で署名された内容と異なるか、別に保管された写しと矛盾しています。",
            "別に保管された写しと照合し、調査のためデータベースを現状のまま保全してください。",
        ),
    ),
    Entry(
        "AUDIT_CHECKPOINT_REMOVED",
        en=Text(
            "Checkpoint {number} was removed from the database.",
            "Keep the database as it is for examination; the copies kept elsewhere stay valid.",
        ),
        ja=Text(
            "チェックポイント {number} がデータベースから取り除かれています。",
            "調査のためデータベースを現状のまま保全してください。別に保管された写しは引き続き有効です。",
        ),
    ),
    Entry(
        "AUDIT_CHECKPOINT_UNREADABLE",
        en=Text(
            "Line {line} of the checkpoints kept elsewhere is no checkpoint of this domain.",
            "Check that the file belongs to this trust domain and is whole.",
        ),
        ja=Text(
            "別に保管されたチェックポイントの {line} 行目は、このトラスト基盤のものではありません。",
            "ファイルがこのトラスト基盤のものであり、欠けていないことを確認してください。",
        ),
    ),
    Entry(
        "AUDIT_CHECKPOINT_STAMP_ALTERED",
        en=Text(
            "The time-stamp of checkpoint {number} does not cover it or is damaged.",
            "Hold it against the copies kept elsewhere; the checkpoint's signature stands by itself.",
        ),
        ja=Text(
            "チェックポイント {number} のタイムスタンプが破損しているか、対象と一致しません。",
            "別に保管された写しと照合してください。チェックポイントの署名自体は有効です。",
        ),
    ),
    Entry(
        "AUDIT_CHAIN_BROKEN",
        en=Text(
            "The audit chain cannot be continued: its stored head was removed or made unreadable.",
            "Run `shirushi audit verify`; keep the database as it is for examination.",
        ),
        ja=Text(
            "監査チェーンを継続できません。保存されている先端が失われているか、読み取れません。",
            "`shirushi audit verify` を実行し、調査のためデータベースを現状のまま保全してください。",
        ),
        http_status=500,
    ),
)
