"""What an operator is told of a certification request before they decide it."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "REQUEST_KEY_CERTIFIED",
        en=Text(
            "The same key was certified for the same name before (certificates: {count}).",
            "That is a renewal with the old key. Where a new key was agreed, decline and ask for a request with one.",
        ),
        ja=Text(
            "同じ鍵・同じ名義の証明書が以前に発行されています（{count} 件）。",
            "鍵を変えない更新であれば問題ありません。新しい鍵での更新を予定していた場合は却下し、新しい鍵の発行要求を依頼してください。",
        ),
    ),
    Entry(
        "REQUEST_NAME_CERTIFIED",
        en=Text(
            "The same name holds valid certificates of this profile (certificates: {count}).",
            "Make sure that another one is wanted; revoke the old one as superseded once the new one is in use.",
        ),
        ja=Text(
            "同じ名義・同じ種類の有効な証明書がすでにあります（{count} 件）。",
            "追加の発行でよいかご確認ください。切替えの場合は、新しい証明書の利用開始後に古いものを失効させてください。",
        ),
    ),
    Entry(
        "REQUEST_NAME_SHARED",
        en=Text(
            "Somebody else of the same name holds a certificate: {name}.",
            "Make sure by the register number whose request this is, and that relying parties can tell the two apart.",
        ),
        ja=Text(
            "同じ名前の別の名義人に証明書が発行されています: {name}",
            "登録番号でどちらの方の要求かを確かめ、証明書を見た人が両者を区別できることをご確認ください。",
        ),
    ),
    Entry(
        "REQUEST_NAME_RESEMBLES",
        en=Text(
            "The name looks like one that somebody else’s certificate bears: {name}.",
            "Compare the two letter by letter, and with the register; decline where it is meant to be mistaken.",
        ),
        ja=Text(
            "ほかの名義人の証明書にある名前とよく似ています: {name}",
            "一文字ずつ、また登記等の記録と見比べてください。誤認をねらったものであれば却下してください。",
        ),
    ),
    Entry(
        "REQUEST_LINT_WAIVED",
        en=Text(
            "The linter remarks on {finding} ({place}); a waiver with its reason lets it pass.",
            "Nothing needs to be done: the waivers stand in waivers.toml.",
        ),
        ja=Text(
            "規格検査（lint）の指摘 {finding}（{place}）は、理由を添えた除外の登録により許容されます。",
            "対応は不要です。除外の一覧は waivers.toml にあります。",
        ),
    ),
    Entry(
        "REQUEST_LINT_FOUND",
        en=Text(
            "The certificate would break the standards: {finding} ({place}).",
            "Decline, say what must change, and ask for a new request; nothing is issued with this finding.",
        ),
        ja=Text(
            "この内容の証明書は規格に合いません: {finding}（{place}）",
            "直すべき点を添えて却下し、新しい発行要求を依頼してください。この指摘があるままでは発行されません。",
        ),
    ),
    Entry(
        "REQUEST_NOT_LINTED",
        en=Text(
            "The authority {name} issues without linting, so nothing was held against the standards.",
            "Look at the fields yourself; every certificate’s audit record says that it was not linted.",
        ),
        ja=Text(
            "認証局 {name} は規格検査（lint）を行わない設定のため、規格への適合は確認していません。",
            "各項目を目視でご確認ください。検査なしで発行したことは証明書ごとに監査記録に残ります。",
        ),
    ),
)
