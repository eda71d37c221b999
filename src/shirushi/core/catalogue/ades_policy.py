"""What is said of policies: of the one that a document is judged by, and of the one that a signer named."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "SIGNATURE_POLICY_UNKNOWN",
        en=Text(
            "The signer named the signature policy {policy}, which is not accepted here.",
            "Add it to the accepted policies of the validation policy, if you accept it.",
        ),
        ja=Text(
            "署名者が指定した署名ポリシー {policy} は、ここでは受け入れられていません。",
            "受け入れる場合は、検証ポリシーの許可一覧に追加してください。",
        ),
    ),
    Entry(
        "VALIDATION_POLICY_MALFORMED",
        en=Text(
            "The validation policy cannot be read: {detail}.",
            "Correct the entry; the users' guide shows what a policy file can say.",
        ),
        ja=Text(
            "検証ポリシーを読み取れません: {detail}",
            "該当する項目を直してください。書き方は利用者ガイドをご覧ください。",
        ),
    ),
    Entry(
        "VALIDATION_POLICY_UNKNOWN",
        en=Text(
            "There is no validation policy {name!r}.",
            "Choose one of {known}, or give a policy file.",
        ),
        ja=Text(
            "検証ポリシー {name!r} はありません。",
            "{known} のいずれかを選ぶか、ポリシーのファイルを指定してください。",
        ),
    ),
    Entry(
        "SIGNATURE_POLICY_DOCUMENT_MISSING",
        en=Text(
            "The signer named the signature policy {policy}, whose document is not at hand.",
            "Get the policy's document from whoever publishes it, and enter its digest in the validation policy.",
        ),
        ja=Text(
            "署名者が指定した署名ポリシー {policy} の文書が手元にありません。",
            "発行元から文書を入手し、そのハッシュ値を検証ポリシーに登録してください。",
        ),
    ),
    Entry(
        "SIGNATURE_POLICY_DOCUMENT_ANOTHER",
        en=Text(
            "The document of the signature policy {policy} that is at hand is not the one that the signer named: "
            "their digests differ.",
            "Ask the publisher for the edition that was in force when the document was signed.",
        ),
        ja=Text(
            "手元にある署名ポリシー {policy} の文書は、署名者が指定したものと異なります（ハッシュ値が一致しません）。",
            "署名時に有効だった版を発行元に確認してください。",
        ),
    ),
)
