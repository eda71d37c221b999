"""What the pages for signing and sealing say."""

TEXTS = {
    "sign.title": ("文書に署名する", "Sign a document"),
    "sign.about": (
        "署名する文書を選んでください。複数でもかまいません。次の画面で内容と署名者を確認し、PIN を入力して署名します。",
        "Choose the document to sign, or several. On the next page you check what is signed, and give your PIN.",
    ),
    "seal.title": ("文書に eシールを付ける", "Seal a document"),
    "seal.about": (
        "eシールを付ける文書を選んでください。複数でもかまいません。次の画面で内容と組織を確認します。",
        "Choose the document to seal, or several. On the next page you check what is sealed, and for whom.",
    ),
    "sign.file": ("署名する文書", "Document to sign"),
    "seal.file": ("eシールを付ける文書", "Document to seal"),
    "sign.next": ("次へ", "Continue"),
    "sign.step": ("ステップ {number}／2", "Step {number} of 2"),
    "sign.check": ("内容を確認して署名する", "Check, then sign"),
    "seal.check": ("内容を確認して eシールを付ける", "Check, then seal"),
    "sign.document": ("文書", "Document"),
    "sign.pages": ("ページ数", "Pages"),
    "sign.look": ("文書を開いて確認する", "Open the document and read it"),
    "sign.look.about": ("新しいタブで開きます", "Opens in a new tab"),
    "sign.as": ("署名者", "Sign as"),
    "seal.as": ("組織", "Seal as"),
    "sign.as.option": ("{id}（{day} まで有効）", "{id} (until {day})"),
    "sign.as.locked": ("{id}（PIN ロック中）", "{id} (PIN locked)"),
    "sign.nobody": ("使える署名用の証明書がありません。", "You have no certificate to sign with."),
    "seal.nobody": ("使える eシール用の証明書がありません。", "There is no certificate to seal with."),
    "sign.nobody.remedy": (
        "運用者に証明書の発行と登録を依頼してください。",
        "Ask the operator to issue and enrol one.",
    ),
    "sign.level": ("署名時刻の証明", "Proof of the time"),
    "sign.level.B-T": ("タイムスタンプを付ける（推奨）", "With a time-stamp (recommended)"),
    "sign.level.B-T.about": (
        "署名した時刻を第三者に証明できます。",
        "Proves the time to third parties.",
    ),
    "sign.level.B-LTA": ("長期に検証できるようにする", "For the long term"),
    "sign.level.B-LTA.about": (
        "失効情報とアーカイブタイムスタンプも加え、証明書の期限後も検証できるようにします。",
        "With revocation data and an archive time-stamp, so that it can be verified after the certificates expire.",
    ),
    "sign.level.B-B": ("タイムスタンプを付けない", "Without a time-stamp"),
    "sign.level.B-B.about": ("署名の時刻は証明されません。", "Nothing proves the time of signing."),
    "sign.format": ("署名の形式", "Signature format"),
    "sign.format.default": ("おまかせ（文書の種類に合わせる）", "As suits the document’s kind"),
    "sign.format.about": (
        (
            "PDF には PAdES、XML には XAdES、JSON には JAdES、その他のファイルには ASiC-E（文書と署名を収めたコンテナー）が向いています。"
            "CAdES は、文書とは別の署名ファイルか、文書を包む署名ファイルを作ります。"
        ),
        (
            "PAdES suits PDF, XAdES XML, JAdES JSON; ASiC-E suits any other file: a container of document and signature. "
            "CAdES makes a signature file around the document, or beside it."
        ),
    ),
    "sign.behalf": ("指示した利用者", "On behalf of"),
    "sign.behalf.about": (
        "プラットフォームの eシールを利用者の指示で付ける場合（立会人型）に、その利用者を記入します。本人の署名（当事者型）とは区別して表示されます。",
        "Whom the platform’s seal is put for, where a user instructed it. It is told apart from the user’s own signature.",
    ),
    "represented": ("署名の種別", "In whose name"),
    "represented.own": ("本人の電子署名（当事者型）", "The person’s own signature"),
    "represented.seal": ("eシール", "An e-seal"),
    "represented.on-behalf": (
        "プラットフォームの eシール（立会人型）: {user} の指示による",
        "A seal of the platform, on behalf of {user}",
    ),
    "task.renewals": ("長期署名の更新", "Renewals"),
    "task.renewals.about": (
        "タイムスタンプの更新が必要な文書を確認します。",
        "See which documents need their time-stamps renewed.",
    ),
    "renewals.title": ("長期署名の更新", "Renewals"),
    "renewals.about": (
        (
            "ここで延長した文書のうち、最後のタイムスタンプの証明書やアルゴリズムがまもなく期限を迎えるものです。"
            "運用者が指定したフォルダーにある文書は自動的に更新されます。"
        ),
        (
            "Documents that were augmented here, whose newest time-stamp’s certificate or algorithm soon ends. "
            "Those in the folders that the operator named are renewed by themselves."
        ),
    ),
    "renewals.none": ("更新が必要な文書はありません。", "Nothing falls due."),
    "renewals.due": ("期限", "Due"),
    "renewals.document": ("文書", "Document"),
    "renewals.cause": ("期限を迎えるもの", "What ends"),
    "renewals.failure": ("前回の更新", "Last attempt"),
    "renewals.waiting": ("未実施", "Not tried yet"),
    "sign.reason": ("署名の理由", "Reason for signing"),
    "sign.reason.about": (
        "例: 内容に同意します。署名に記録され、検証する人に表示されます。",
        "Such as: I agree to the contents. It is kept in the signature and shown to whoever verifies it.",
    ),
    "sign.mark": ("ページ上の印影", "Visible mark"),
    "sign.mark.none": ("印影を付けない", "No visible mark"),
    "sign.mark.first": ("最初のページに付ける", "On the first page"),
    "sign.mark.last": ("最後のページに付ける", "On the last page"),
    "sign.place": ("印影の位置", "Where on the page"),
    "sign.place.about": (
        "ページの図から位置を選んでください。印影を付けない場合は使われません。",
        "Choose a place on the picture of the page. It is not used without a visible mark.",
    ),
    "sign.no-mark": (
        "この PDF の構造では、印影の位置を選べません。印影なしで署名します。",
        "This PDF’s structure does not let a place be chosen. It will be signed without a visible mark.",
    ),
    "place.top-left": ("左上", "Top left"),
    "place.top-centre": ("上", "Top"),
    "place.top-right": ("右上", "Top right"),
    "place.middle-left": ("左", "Left"),
    "place.middle-centre": ("中央", "Middle"),
    "place.middle-right": ("右", "Right"),
    "place.bottom-left": ("左下", "Bottom left"),
    "place.bottom-centre": ("下", "Bottom"),
    "place.bottom-right": ("右下", "Bottom right"),
    "sign.will": ("署名の意思表示", "Your will to sign"),
    "sign.pin": ("PIN", "PIN"),
    "sign.pin.about": (
        "署名者本人の PIN です。続けて間違えると、署名鍵がロックされます。",
        "The signer’s own PIN. Several wrong ones in a row lock the key.",
    ),
    "sign.submit": ("この文書に署名する", "Sign this document"),
    "seal.submit": ("この文書に eシールを付ける", "Seal this document"),
    "sign.mark.line": ("電子署名 {day}", "Signed {day}"),
    "seal.mark.line": ("eシール {day}", "Sealed {day}"),
    "sign.done": ("署名しました", "Signed"),
    "seal.done": ("eシールを付けました", "Sealed"),
    "sign.done.about": (
        "署名済みの文書をダウンロードして保管してください。この画面を閉じると、サーバーからは 30 分で削除されます。",
        "Download the signed document and keep it. It is removed from this server after 30 minutes without use.",
    ),
    "sign.download": ("署名済みの文書をダウンロード", "Download the signed document"),
    "seal.download": ("eシール済みの文書をダウンロード", "Download the sealed document"),
    "sign.verify": ("検証結果を見る", "See its verdict"),
    "sign.again": ("別の文書に署名する", "Sign another document"),
    "seal.again": ("別の文書に eシールを付ける", "Seal another document"),
    "sign.by": ("署名者", "Signed by"),
    "seal.by": ("eシールの組織", "Sealed by"),
    "sign.level.done": ("レベル", "Level"),
}
