"""What is wrong with a trusted list, and what keeps one from being believed."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "TRUSTED_LIST_MALFORMED",
        en=Text(
            "This is no trusted list that can be read here: {detail}.",
            "Get the list again from its scheme operator; if it stays so, report it to them.",
        ),
        ja=Text(
            "トラステッドリストとして読み取れません: {detail}",
            "リストの運営機関からもう一度取得してください。それでも読めない場合は運営機関に連絡してください。",
        ),
    ),
    Entry(
        "TERRITORY_UNKNOWN",
        en=Text(
            "No accepted trusted list of {territory} is held; there are lists of: {known}.",
            "Load the list with `shirushi trust load`, together with the list of lists that points to it.",
        ),
        ja=Text(
            "{territory} の受け入れ済みトラステッドリストはありません。あるのは {known} です。",
            "`shirushi trust load` で、リストのリストと合わせて読み込んでください。",
        ),
        http_status=404,
    ),
    Entry(
        "SNAPSHOT_UNKNOWN",
        en=Text(
            "No trusted list with the digest {digest} is held.",
            "Load that edition with `shirushi trust load`; the answer cannot be given again without it.",
        ),
        ja=Text(
            "ダイジェスト {digest} のトラステッドリストは保持していません。",
            "その版を `shirushi trust load` で読み込んでください。それなしに同じ回答を再現することはできません。",
        ),
        http_status=404,
    ),
    Entry(
        "LISTS_NONE_COUNT",
        en=Text(
            "Of the lists that {source} leads to, none counts now.",
            "See the last failures on the page of trusted lists; qualified status cannot be told until one counts.",
        ),
        ja=Text(
            "{source} からたどれるリストのうち、現在有効なものがありません。",
            "トラステッドリストの画面で直近の失敗を確認してください。有効なリストがない間、適格性は判断できません。",
        ),
    ),
    Entry(
        "LIST_TERRITORY_OTHER",
        en=Text(
            "The list found there is that of {territory}, and that of {expected} was looked for.",
            "Ask the scheme operators: the pointer or what stands at its place is wrong.",
        ),
        ja=Text(
            "その場所にあったのは {expected} ではなく {territory} のリストです。",
            "ポインターか、その場所の内容が誤っています。運営機関に確認してください。",
        ),
    ),
    Entry(
        "LIST_UNREADABLE",
        en=Text("The list cannot be read.", "Get the list again from its scheme operator."),
        ja=Text("リストを読み取れません。", "運営機関からリストをもう一度取得してください。"),
    ),
    Entry(
        "LIST_VERSION_UNKNOWN",
        en=Text(
            "The list states version {version}; versions 4, 5 and 6 of XML and version 1 of JSON are read here.",
            "Ask the scheme operator for a list of a version in use (ETSI TS 119 612, TS 119 602).",
        ),
        ja=Text(
            "リストのバージョンは {version} です。読み取れるのは XML のバージョン 4、5、6 と JSON のバージョン 1 です。",
            "現行バージョン（ETSI TS 119 612）のリストを運営機関に確認してください。",
        ),
    ),
    Entry(
        "LIST_STRUCTURE",
        en=Text(
            "The list holds what its own version does not have: {detail}.",
            "Report it to the scheme operator; the last good edition stays in use.",
        ),
        ja=Text(
            "リスト自身のバージョンにない要素が含まれています: {detail}",
            "運営機関に連絡してください。それまでは直前の正しい版を使い続けます。",
        ),
    ),
    Entry(
        "LIST_EXTENSION_UNKNOWN",
        en=Text(
            "The list has a critical extension that is not known here: {extension}.",
            "Do not rely on the list until a version that knows the extension is installed.",
        ),
        ja=Text(
            "リストに、対応していない必須の拡張 {extension} があります。",
            "この拡張に対応したバージョンを導入するまで、このリストに依拠しないでください。",
        ),
    ),
    Entry(
        "LIST_UNSIGNED",
        en=Text(
            "The list is not signed.",
            "Get the signed edition from the place that the list of lists names.",
        ),
        ja=Text(
            "リストに署名がありません。", "リストのリストが示す場所から、署名済みの版を取得してください。"
        ),
    ),
    Entry(
        "LIST_SIGNED_TWICE",
        en=Text(
            "The list bears {count} signatures, where exactly one must stand.",
            "Get the list again from its scheme operator: somebody has added to it.",
        ),
        ja=Text(
            "リストに署名が {count} 個あります。署名はちょうど 1 個でなければなりません。",
            "何者かが付け加えた可能性があります。運営機関からもう一度取得してください。",
        ),
    ),
    Entry(
        "LIST_SIGNATURE_BROKEN",
        en=Text(
            "The list was changed after it was signed.",
            "Get the list again from its scheme operator; the last good edition stays in use.",
        ),
        ja=Text(
            "リストは署名後に変更されています。",
            "運営機関からもう一度取得してください。それまでは直前の正しい版を使い続けます。",
        ),
    ),
    Entry(
        "LIST_SIGNATURE_UNREADABLE",
        en=Text(
            "The list's signature cannot be checked ({detail}).",
            "Report it to the scheme operator: the list is signed in a way that its rules do not provide for.",
        ),
        ja=Text(
            "リストの署名を検証できません（{detail}）。",
            "規定にない方法で署名されています。運営機関に連絡してください。",
        ),
    ),
    Entry(
        "LIST_SIGNATURE_PARTIAL",
        en=Text(
            "The signature does not cover the whole list.",
            "Get the list again from its scheme operator: what is not covered could be anybody's.",
        ),
        ja=Text(
            "署名がリスト全体を対象としていません。",
            "対象外の部分は誰でも書き換えられます。運営機関からもう一度取得してください。",
        ),
    ),
    Entry(
        "LIST_SIGNER_UNNAMED",
        en=Text(
            "The signature does not name its own certificate, as a trusted list's must.",
            "Report it to the scheme operator (ETSI TS 119 612, annex B).",
        ),
        ja=Text(
            "署名の対象に署名者自身の証明書への参照がありません。トラステッドリストには必須です。",
            "運営機関に連絡してください（ETSI TS 119 612 附属書 B）。",
        ),
    ),
    Entry(
        "LIST_SIGNER_REFERENCE_OLD",
        en=Text(
            "A list of version 6 must name its signer by SigningCertificateV2; this one uses the older form.",
            "Report it to the scheme operator (ETSI TS 119 612 v2.4.1).",
        ),
        ja=Text(
            "バージョン 6 のリストは SigningCertificateV2 で署名者を示す必要がありますが、旧形式が使われています。",
            "運営機関に連絡してください（ETSI TS 119 612 v2.4.1）。",
        ),
    ),
    Entry(
        "LIST_SIGNER_WRONG",
        en=Text(
            "The list was signed with a certificate that {pointing} does not name for it.",
            "Get the newest list of lists; if it names other signers still, do not use this list.",
        ),
        ja=Text(
            "リストの署名者の証明書は、{pointing} がこのリストについて示すものと異なります。",
            "最新のリストのリストを取得してください。それでも一致しない場合は、このリストを使わないでください。",
        ),
    ),
    Entry(
        "LIST_UNANCHORED",
        en=Text(
            "The list's signature holds, but nobody whom this domain trusts vouches for its signer.",
            "Give the certificates from the official journal with --anchor, or load the list of lists as well.",
        ),
        ja=Text(
            "リストの署名は正しいものの、署名者を保証する信頼の起点がありません。",
            "官報等で公示された証明書を --anchor で指定するか、リストのリストも合わせて読み込んでください。",
        ),
    ),
    Entry(
        "LIST_PIVOT_MISSING",
        en=Text(
            "The list names a pivot that is not at hand, or was rejected itself: {pivot}.",
            "Load the pivot as well: without every link the signer cannot be traced to the official journal.",
        ),
        ja=Text(
            "リストが示すピボット {pivot} が手元にないか、それ自体が不正です。",
            "このピボットも読み込んでください。一つでも欠けると、公示された証明書まで署名者をたどれません。",
        ),
    ),
    Entry(
        "LIST_PIVOT_REJECTED",
        en=Text(
            "The pivot {pivot} was signed by nobody whom the link before it names.",
            "Check the certificates given with --anchor against the notice in the official journal.",
        ),
        ja=Text(
            "ピボット {pivot} の署名者は、一つ前の段階で示された証明書と一致しません。",
            "--anchor で指定した証明書を官報等の公示と照合してください。",
        ),
    ),
    Entry(
        "LIST_NOT_YET_ISSUED",
        en=Text(
            "The list was issued on {issued}, after the time that is asked about.",
            "Ask for a later time, or load the edition that was valid then.",
        ),
        ja=Text(
            "リストの発行日時 {issued} は、指定された時点より後です。",
            "時点を改めるか、その時点で有効だった版を読み込んでください。",
        ),
    ),
    Entry(
        "LIST_EXPIRED",
        en=Text(
            "The list was due to be replaced by {next_update}.",
            "Load the newest edition; if there is none, ask the scheme operator.",
        ),
        ja=Text(
            "リストの次回更新期限 {next_update} を過ぎています。",
            "最新版を読み込んでください。公開されていない場合は運営機関に確認してください。",
        ),
    ),
    Entry(
        "LIST_SEQUENCE_REUSED",
        en=Text(
            "Another edition with the sequence number {sequence} was accepted before.",
            "Compare both with what the scheme operator publishes; the first stays in use.",
        ),
        ja=Text(
            "番号 {sequence} の別の版をすでに受け入れています。",
            "運営機関の公開内容と照合してください。先に受け入れた版を使い続けます。",
        ),
    ),
    Entry(
        "LIST_SEQUENCE_WENT_BACK",
        en=Text(
            "The list's sequence number {sequence} does not fit with the edition {known} that was accepted before.",
            "Get the newest edition from its scheme operator: this may be an old list, played again.",
        ),
        ja=Text(
            "リストの番号 {sequence} が、受け入れ済みの版 {known} と前後しています。",
            "古いリストの再送の可能性があります。運営機関から最新版を取得してください。",
        ),
    ),
)
