"""Errors of dual control and of key ceremonies."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "CA_CONTROL_REFUSED",
        en=Text(
            "Dual control cannot be so: {detail}.",
            "Name each officer once, let at least one and at most all of them be needed, for 1 to 8784 hours; a PIN has"
            " 8 characters or more. An authority that was made without officers is exempt from it.",
        ),
        ja=Text(
            "複数人による統制の指定が正しくありません: {detail}",
            "役員は一人一回ずつ指定し、必要人数は 1 以上かつ役員数以下、時間は 1～8784 時間、PIN は 8 文字以上にしてください。"
            "役員を定めずに設立した認証局には適用されません。",
        ),
    ),
    Entry(
        "CA_OFFICER_UNKNOWN",
        en=Text(
            "{officer} is not an officer here; there are: {known}.", "Check the name, or enrol the officer."
        ),
        ja=Text(
            "{officer} は役員ではありません。役員: {known}", "名前を確認するか、役員として登録してください。"
        ),
        http_status=404,
    ),
    Entry(
        "CA_OFFICER_EXISTS",
        en=Text("An officer named {officer} is enrolled already.", "Choose another name."),
        ja=Text("役員 {officer} はすでに登録されています。", "別の名前を指定してください。"),
        http_status=409,
    ),
    Entry(
        "CA_OFFICER_TWICE",
        en=Text(
            "{officer} has approved this for {name} already: one person is one voice.",
            "Let another officer approve.",
        ),
        ja=Text(
            "{officer} は {name} についてすでに承認しています。一人につき一票です。",
            "別の役員が承認してください。",
        ),
        http_status=409,
    ),
    Entry(
        "CA_OFFICER_PIN_REJECTED",
        en=Text(
            "The PIN of the officer {officer} is wrong; {remaining} attempt(s) remain.",
            "Enter the PIN again, carefully.",
        ),
        ja=Text(
            "役員 {officer} の PIN が正しくありません。残り {remaining} 回です。",
            "もう一度、慎重に入力してください。",
        ),
        http_status=403,
    ),
    Entry(
        "CA_OFFICER_LOCKED",
        en=Text(
            "The officer {officer} is locked out after too many wrong PINs.",
            "Let other officers approve; they can unlock this one with `shirushi ca unlock {officer}`.",
        ),
        ja=Text(
            "PIN の誤りが続いたため、役員 {officer} はロックされています。",
            "ほかの役員が承認してください。ロックは、ほかの役員が `shirushi ca unlock {officer}` で解除できます。",
        ),
        http_status=403,
    ),
    Entry(
        "CA_OFFICER_NOT_LOCKED",
        en=Text("The officer {officer} is not locked out.", "Let the officer approve with their PIN."),
        ja=Text("役員 {officer} はロックされていません。", "本人が PIN を入力して承認してください。"),
        http_status=409,
    ),
    Entry(
        "CA_APPROVALS_MISSING",
        en=Text(
            "{given} of {needed} officers have approved for {name}.",
            "Run the command again with the officers who are still needed; what was approved is kept.",
        ),
        ja=Text(
            "{name} について、必要な {needed} 名のうち {given} 名が承認しています。",
            "残りの役員とともにもう一度実行してください。これまでの承認は保存されています。",
        ),
        http_status=409,
    ),
    Entry(
        "CA_NOT_ACTIVATED",
        en=Text(
            "The key of {name} is not activated; it takes {needed} of the officers: {officers}.",
            "Run `shirushi ca activate {name}` with them. What was revoked meanwhile OCSP tells already.",
        ),
        ja=Text(
            "認証局 {name} の鍵は有効化されていません。次の役員のうち {needed} 名の承認が必要です: {officers}",
            "役員とともに `shirushi ca activate {name}` を実行してください。その間の失効は OCSP で確認できます。",
        ),
        http_status=503,
    ),
    Entry(
        "CA_MOTION_CLOSED",
        en=Text(
            "The motion {motion} is not open: it was carried out, abandoned, or its time is over.",
            "Begin anew: a ceremony, an activation, or to unlock an officer.",
        ),
        ja=Text(
            "議案 {motion} は受付中ではありません（実行済み、中止、または期限切れ）。",
            "セレモニー、有効化、または役員のロック解除をもう一度開始してください。",
        ),
        http_status=409,
    ),
    Entry(
        "CA_CEREMONY_OPEN",
        en=Text(
            "A ceremony for {name} is under way.",
            "Complete it with `shirushi ca ceremony {name}`, or end it with --abandon.",
        ),
        ja=Text(
            "認証局 {name} のセレモニーが進行中です。",
            "`shirushi ca ceremony {name}` で完了するか、--abandon で中止してください。",
        ),
        http_status=409,
    ),
    Entry(
        "CA_PROTOCOL_ALTERED",
        en=Text(
            "This is not a protocol as officers and authority signed it.",
            "Compare it with the copy that another officer keeps.",
        ),
        ja=Text(
            "役員と認証局が署名したとおりの記録ではありません。",
            "ほかの役員が保管している写しと比べてください。",
        ),
    ),
)
