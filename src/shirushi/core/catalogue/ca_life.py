"""Errors in the life of certificates: linting, approval, holds, registers, lists."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "LINT_FAILED",
        en=Text(
            "The linter could not read the certificate ({detail}), so it was not issued.",
            "Look for values that no standard describes; the authority can be defined without linting, which is recorded.",
        ),
        ja=Text(
            "証明書を規格検査（lint）にかけられなかったため（{detail}）、発行しませんでした。",
            "規格にない値が含まれていないか確かめてください。認証局の定義で検査を外すこともできますが、その旨が記録されます。",
        ),
        http_status=500,
    ),
    Entry(
        "CERTIFICATE_LINT_REFUSED",
        en=Text(
            "A certificate of the profile {profile} was not issued, for it would break the standards: {findings}.",
            "Correct what is named; a finding that is no fault can be waived with its reason in waivers.toml.",
        ),
        ja=Text(
            "プロファイル {profile} の証明書は規格に合わないため発行しませんでした: {findings}",
            "示された箇所を直してください。誤りではない指摘は、理由を添えて waivers.toml に登録すると除外できます。",
        ),
    ),
    Entry(
        "CERTIFICATE_APPROVAL_NEEDED",
        en=Text(
            "Certificates of the profile {profile} need the approval of a second operator.",
            "Submit a request, to renew a certificate as well, and have another operator approve it.",
        ),
        ja=Text(
            "プロファイル {profile} の証明書の発行には、別の運用者の承認が必要です。",
            "申請（更新の場合も）を登録し、別の運用者に承認してもらってください。",
        ),
        http_status=409,
    ),
    Entry(
        "CSR_RENEWAL_REFUSED",
        en=Text(
            "The certificate {certificate} is not renewed with this request: {detail}.",
            "Ask for exactly the same names while the certificate is in force; else send in a request of its own.",
        ),
        ja=Text(
            "この発行要求では証明書 {certificate} を更新できません: {detail}",
            "証明書が有効なうちに、同じ名義と別名で要求してください。そうでない場合は新規に申請してください。",
        ),
        http_status=409,
    ),
    Entry(
        "CERTIFICATE_NOT_ON_HOLD",
        en=Text(
            "The certificate {certificate} is not on hold, so it cannot be released.",
            "Only a certificate that was suspended (certificateHold) can be released; a revocation stands for good.",
        ),
        ja=Text(
            "証明書 {certificate} は一時停止中ではないため、解除できません。",
            "解除できるのは一時停止（certificateHold）された証明書だけです。失効は取り消せません。",
        ),
        http_status=409,
    ),
    Entry(
        "CERTIFICATE_FLAG_UNKNOWN",
        en=Text(
            "Nothing is open on the certificate {certificate}.",
            "List what is open; somebody else may have settled it.",
        ),
        ja=Text(
            "証明書 {certificate} に確認待ちの事項はありません。",
            "確認待ちの一覧を開いてください。ほかの人が処理を済ませた可能性があります。",
        ),
        http_status=404,
    ),
    Entry(
        "CRL_UNKNOWN",
        en=Text(
            "The certification authority {name} has no such list: {detail}.",
            "Take the address from the certificate's CRL distribution point.",
        ),
        ja=Text(
            "認証局 {name} にその失効リストはありません: {detail}",
            "証明書の CRL 配布点に書かれたアドレスを使ってください。",
        ),
        http_status=404,
    ),
    Entry(
        "CA_SUCCESSION_REFUSED",
        en=Text(
            "{name} cannot succeed another authority like this: {detail}.",
            "A successor has its predecessor's distinguished name and issuer, a key of its own, and list addresses of its own.",
        ),
        ja=Text(
            "{name} をこの形で後継の認証局にすることはできません: {detail}",
            "後継の認証局は、識別名と上位の認証局が前任と同じで、鍵と失効リストのアドレスは別のものにしてください。",
        ),
        http_status=409,
    ),
)
