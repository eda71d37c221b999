"""Errors of the certification authority."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "CA_UNKNOWN",
        en=Text(
            "There is no certification authority named {name}; there are: {known}.",
            "Use one of these names, or establish the authority first.",
        ),
        ja=Text(
            "認証局 {name} はありません。登録されている認証局: {known}",
            "登録されている名前を指定するか、先に認証局を開設してください。",
        ),
        http_status=404,
    ),
    Entry(
        "CA_EXISTS",
        en=Text(
            "A certification authority {name} is established already.",
            "Use it, or give the new one another name and another distinguished name.",
        ),
        ja=Text(
            "認証局 {name} はすでに開設されています。",
            "その認証局を使うか、新しい認証局に別の名前と識別名を付けてください。",
        ),
        http_status=409,
    ),
    Entry(
        "CA_EXPIRED",
        en=Text(
            "The certificate of the certification authority {name} is not valid now (notAfter {not_after}).",
            "Issue under another authority, or establish its successor; if the date is wrong, correct the clock.",
        ),
        ja=Text(
            "認証局 {name} の証明書は現在有効ではありません（有効期間の終わり: {not_after}）。",
            "別の認証局で発行するか、後継の認証局を開設してください。日付が誤っている場合は時計を合わせてください。",
        ),
        http_status=409,
    ),
    Entry(
        "CA_REVOKED",
        en=Text(
            "The certificate of the certification authority {name} has been revoked; nothing is issued under it.",
            "Issue under another authority, or establish its successor with a new key.",
        ),
        ja=Text(
            "認証局 {name} の証明書は失効しているため、その下では発行できません。",
            "別の認証局で発行するか、新しい鍵で後継の認証局を開設してください。",
        ),
        http_status=409,
    ),
    Entry(
        "CA_DEFINITION_REFUSED",
        en=Text(
            "The definition of the certification authority {name} cannot stand: {detail}.",
            "Correct the named value; names are lower-case letters, digits and hyphens, addresses are http or ldap.",
        ),
        ja=Text(
            "認証局 {name} の定義に誤りがあります: {detail}",
            "示された値を直してください。名前は英小文字・数字・ハイフン、アドレスは http または ldap で始まるものです。",
        ),
    ),
    Entry(
        "CERTIFICATE_PROFILE_UNKNOWN",
        en=Text(
            "There is no certificate profile named {name}; there are: {known}.", "Use one of these names."
        ),
        ja=Text(
            "証明書プロファイル {name} はありません。使えるもの: {known}",
            "一覧にある名前を指定してください。",
        ),
        http_status=404,
    ),
    Entry(
        "CERTIFICATE_PROFILE_REFUSED",
        en=Text(
            "Certificates of the profile {name} cannot be requested like this.",
            "Establish an authority instead: its certificate is issued as part of that.",
        ),
        ja=Text(
            "プロファイル {name} の証明書はこの方法では申請できません。",
            "認証局の開設として実行してください。その際に証明書も発行されます。",
        ),
    ),
    Entry(
        "SUBJECT_NAME_REFUSED",
        en=Text(
            "The subject's name cannot be certified: {attribute} ({detail}).",
            "Give the named attribute as the profile and RFC 5280 demand: present, not empty, not too long, "
            "without control characters.",
        ),
        ja=Text(
            "この名称では証明書を発行できません: {attribute}（{detail}）",
            "示された属性を、プロファイルと RFC 5280 に合わせて指定してください"
            "（空でなく、長すぎず、制御文字を含まないこと）。",
        ),
    ),
    Entry(
        "SUBJECT_KEY_REFUSED",
        en=Text(
            "This public key cannot be certified: {detail}.",
            "Use an RSA key from 2048 bits, ECDSA on P-256, P-384 or P-521, Ed25519, Ed448 or ML-DSA.",
        ),
        ja=Text(
            "この公開鍵には証明書を発行できません: {detail}",
            "RSA（2048 ビット以上）、ECDSA（P-256、P-384、P-521）、Ed25519、Ed448、ML-DSA のいずれかの鍵を使ってください。",
        ),
    ),
    Entry(
        "SUBJECT_KEY_WEAK",
        en=Text(
            "This public key is too weak to be certified: {detail}.", "Generate a new key and request again."
        ),
        ja=Text(
            "この公開鍵は強度が足りないため、証明書を発行できません: {detail}",
            "新しい鍵を生成して、もう一度申請してください。",
        ),
    ),
    Entry(
        "SUBJECT_KEY_REUSED",
        en=Text(
            "This public key was certified for another subject (SHA-256 of the key: {key}).",
            "Generate a key of its own for each subject and request again.",
        ),
        ja=Text(
            "この公開鍵は別の主体の証明書ですでに使われています（鍵の SHA-256: {key}）。",
            "主体ごとに新しい鍵を生成して、もう一度申請してください。",
        ),
        http_status=409,
    ),
    Entry(
        "CERTIFICATE_VALIDITY_REFUSED",
        en=Text(
            "The validity period cannot stand: {detail}.",
            "Ask for a period that ends after it begins and is no longer than the profile allows.",
        ),
        ja=Text(
            "この有効期間では発行できません: {detail}",
            "終わりが始まりより後で、プロファイルの上限を超えない期間を指定してください。",
        ),
    ),
    Entry(
        "CERTIFICATE_VALIDITY_OUTSIDE_ISSUER",
        en=Text(
            "The validity period is not within that of the certification authority {name}: "
            "{not_before} to {not_after}.",
            "Ask for a period within it, or issue under an authority that is valid longer.",
        ),
        ja=Text(
            "有効期間が認証局 {name} の有効期間（{not_before} から {not_after} まで）に収まっていません。",
            "その範囲内の期間を指定するか、有効期間の長い認証局で発行してください。",
        ),
    ),
    Entry(
        "CERTIFICATE_UNKNOWN",
        en=Text(
            "No certificate {certificate} was issued here.",
            "Check the serial number, in hexadecimal digits, or ask the authority that issued the certificate.",
        ),
        ja=Text(
            "証明書 {certificate} はここで発行されたものではありません。",
            "シリアル番号（16 進数）を確認するか、発行した認証局に問い合わせてください。",
        ),
        http_status=404,
    ),
    Entry(
        "CERTIFICATE_ALREADY_REVOKED",
        en=Text(
            "The certificate {certificate} was revoked as of {revocation_time} already ({reason}); that stands.",
            "Nothing needs to be done: a revocation is final and cannot be given another time or reason.",
        ),
        ja=Text(
            "証明書 {certificate} は {revocation_time} 付けですでに失効しています（{reason}）。その内容は変わりません。",
            "操作は不要です。失効は取り消せず、日時や理由を変えることもできません。",
        ),
        http_status=409,
    ),
    Entry(
        "REVOCATION_REFUSED",
        en=Text(
            "The certificate cannot be revoked like this: {detail}.",
            "Give a time between the beginning of its validity and now, and a reason that stands for a revocation.",
        ),
        ja=Text(
            "この内容では失効できません: {detail}",
            "有効期間の始まりから現在までの日時と、失効を表す理由を指定してください。",
        ),
    ),
)
