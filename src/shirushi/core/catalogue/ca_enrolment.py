"""Errors of certification requests, ACME and EST."""

from shirushi.core.catalogue import Entry, Text


def _entry(code: str, status: int, en: tuple[str, str], ja: tuple[str, str]) -> Entry:
    return Entry(code, en=Text(*en), ja=Text(*ja), http_status=status)


ENTRIES = (
    _entry(
        "SUBJECT_KEY_COMPROMISED",
        400,
        (
            "The public key is known to be compromised: {detail}.",
            "Make a new key pair with current software, and never use this one again.",
        ),
        (
            "この公開鍵は危殆化していることが知られています: {detail}",
            "最新のソフトウェアで新しい鍵ペアを生成してください。この鍵は今後使わないでください。",
        ),
    ),
    _entry(
        "SUBJECT_NAME_CONFUSABLE",
        400,
        (
            "The name in {attribute} can be mistaken for another ({detail}).",
            "Write each word in one script; if the name really is so, ask the authority’s operator.",
        ),
        (
            "{attribute} の名前は別の名前と見間違えられるおそれがあります（{detail}）。",
            "一つの単語には一つの文字体系だけを使ってください。実際の名称である場合は認証局の運用者にご相談ください。",
        ),
    ),
    _entry(
        "CSR_MALFORMED",
        400,
        (
            "This is no certification request (PKCS#10): {detail}.",
            "Make it anew, for example with `openssl req -new`, and send it whole, in PEM or DER.",
        ),
        (
            "証明書発行要求（PKCS#10）として読めません: {detail}",
            "`openssl req -new` などで作り直し、PEM または DER の全体を送ってください。",
        ),
    ),
    _entry(
        "CSR_SIGNATURE_WRONG",
        400,
        (
            "The request’s own signature is wrong: it does not show that you hold the private key.",
            "Make the request anew with the private key that belongs to its public key.",
        ),
        (
            "発行要求の署名が正しくないため、秘密鍵をお持ちであることを確認できません。",
            "公開鍵に対応する秘密鍵で発行要求を作り直してください。",
        ),
    ),
    _entry(
        "CSR_ATTRIBUTE_REFUSED",
        400,
        (
            "The request has an attribute {attribute} that is not accepted.",
            "Leave it out, a challenge password as well; extensions alone may be asked for.",
        ),
        (
            "発行要求に受け付けられない属性 {attribute} があります。",
            "チャレンジパスワードを含め、その属性を外してください。指定できるのは拡張の要求だけです。",
        ),
    ),
    _entry(
        "CSR_EXTENSION_REFUSED",
        400,
        (
            "The request asks for the extension {extension}, or a value of it, that the profile does not give.",
            "Leave it out: the profile says what a certificate holds.",
        ),
        (
            "発行要求の拡張 {extension}（またはその値）は、この証明書プロファイルでは発行できません。",
            "その拡張を外してください。証明書の内容はプロファイルが定めます。",
        ),
    ),
    _entry(
        "CSR_UNKNOWN",
        404,
        ("There is no request {id} here.", "Look for its number in the list of requests."),
        ("発行要求 {id} はありません。", "発行要求の一覧で番号をご確認ください。"),
    ),
    _entry(
        "CSR_DECIDED",
        409,
        (
            "The request {id} is {state}: this cannot be done with it.",
            "Look at what stands: another operator may have decided it meanwhile.",
        ),
        (
            "発行要求 {id} の状態は {state} のため、この操作はできません。",
            "現在の状態をご確認ください。別の運用者がすでに処理した可能性があります。",
        ),
    ),
    _entry(
        "CSR_OWN",
        409,
        (
            "You made the request {id} yourself, and its profile demands that two people agree.",
            "Ask another operator to look at it and to approve it.",
        ),
        (
            "発行要求 {id} はご自身が提出したものです。このプロファイルの発行には二者の承認が必要です。",
            "別の運用者に内容の確認と承認を依頼してください。",
        ),
    ),
    _entry(
        "ACME_MALFORMED",
        400,
        ("The request is not one of ACME: {detail}.", "Correct the named part, or update the client."),
        (
            "ACME の要求として正しくありません: {detail}",
            "示された箇所を直すか、クライアントを更新してください。",
        ),
    ),
    _entry(
        "ACME_BAD_NONCE",
        400,
        ("The nonce cannot be used, or no longer.", "Try again with the nonce in this answer."),
        (
            "nonce が使えません（使用済み、または期限切れです）。",
            "この応答にある nonce で再試行してください。",
        ),
    ),
    _entry(
        "ACME_UNAUTHORIZED",
        403,
        (
            "This account or key may not do this ({detail}).",
            "Sign with the account that it belongs to, for exactly the address that is asked.",
        ),
        (
            "このアカウントまたは鍵では行えません（{detail}）。",
            "対象を所有するアカウントで、要求先と同じ URL に対して署名してください。",
        ),
    ),
    _entry(
        "ACME_ACCOUNT_UNKNOWN",
        400,
        ("No account has this key or address.", "Make an account first with new-account."),
        ("この鍵または URL のアカウントはありません。", "先に new-account でアカウントを作成してください。"),
    ),
    _entry(
        "ACME_ALGORITHM_REFUSED",
        400,
        ("Requests are not accepted with {algorithm}.", "Sign with one of: {known}."),
        ("署名アルゴリズム {algorithm} は受け付けられません。", "次のいずれかで署名してください: {known}"),
    ),
    _entry(
        "ACME_KEY_REFUSED",
        400,
        ("The account key is not accepted: {detail}", "Make a new key: P-256, or RSA of 2048 bits or more."),
        (
            "アカウントの鍵を受け付けられません: {detail}",
            "P-256 または 2048 ビット以上の RSA で鍵を作り直してください。",
        ),
    ),
    _entry(
        "ACME_EXTERNAL_ACCOUNT_REQUIRED",
        403,
        (
            "The binding to an account outside is missing or wrong ({detail}).",
            "Ask the authority’s operator for a key identifier and secret; each can be used once.",
        ),
        (
            "外部アカウントとの結び付けがないか、正しくありません（{detail}）。",
            "認証局の運用者から鍵識別子と鍵を受け取ってください。どちらも一度だけ使えます。",
        ),
    ),
    _entry(
        "ACME_IDENTIFIER_REJECTED",
        400,
        ("No certificate is issued for {name}.", "Ask for DNS names of two labels or more in lower case."),
        ("{name} の証明書は発行できません。", "二つ以上のラベルからなる DNS 名を小文字で指定してください。"),
    ),
    _entry(
        "ACME_ORDER_NOT_READY",
        403,
        (
            "The order is {status}: it cannot be finalised.",
            "Fulfil a challenge for each name first; if it is over, make a new order.",
        ),
        (
            "注文の状態は {status} のため、確定できません。",
            "先にすべての名前のチャレンジを完了してください。終了している場合は新しく注文してください。",
        ),
    ),
    _entry(
        "ACME_CSR_NAMES_DIFFER",
        400,
        (
            "The request names other hosts than the order: {names}.",
            "Ask for exactly these names, in subjectAltName.",
        ),
        (
            "発行要求の名前が注文と一致しません: {names}",
            "これらの名前だけを subjectAltName に入れてください。",
        ),
    ),
    _entry(
        "ACME_RATE_LIMITED",
        429,
        ("More than {limit} within an hour: {what}.", "Wait as long as Retry-After says."),
        ("1時間あたりの上限 {limit} を超えました: {what}", "Retry-After の時間だけお待ちください。"),
    ),
    _entry(
        "ACME_RESOURCE_UNKNOWN",
        404,
        ("Nothing is found at this address.", "Take addresses from the directory and the answers before."),
        ("この URL には何もありません。", "URL はディレクトリとそれまでの応答から取得してください。"),
    ),
    _entry(
        "ACME_KEY_IN_USE",
        409,
        ("The account {account} has this key.", "Use another key."),
        ("この鍵はアカウント {account} が使っています。", "別の鍵を使ってください。"),
    ),
    _entry(
        "ACME_ALREADY_REPLACED",
        409,
        ("Another order replaces that certificate already.", "Leave `replaces` out."),
        ("その証明書を置き換える注文がすでにあります。", "`replaces` を指定せずに注文してください。"),
    ),
    _entry(
        "ACME_CONTROL_NOT_SHOWN",
        403,
        (
            "{name} does not show what the challenge {challenge} demands.",
            "Make sure that the answer is in place and reaches all of the host’s addresses; then make a new order.",
        ),
        (
            "{name} で {challenge} チャレンジの応答を確認できません。",
            "応答がホストのすべてのアドレスで公開されていることを確かめ、新しく注文してください。",
        ),
    ),
    _entry(
        "ACME_CONTROL_UNREACHABLE",
        400,
        (
            "The challenge at {name} could not be looked up: {detail}.",
            "Make sure that the host and its name servers answer from outside; then make a new order.",
        ),
        (
            "{name} のチャレンジを確認できませんでした: {detail}",
            "ホストとネームサーバーに外部から到達できることを確かめ、新しく注文してください。",
        ),
    ),
    _entry(
        "ACME_DNS_UNANSWERED",
        400,
        (
            "The name servers of {name} gave no answer that can be used: {detail}.",
            "Make sure that they answer from outside, with an address for the host; then make a new order.",
        ),
        (
            "{name} のネームサーバーから有効な応答を得られませんでした: {detail}",
            "外部からの問い合わせにホストのアドレスを返すことを確かめ、新しく注文してください。",
        ),
    ),
    _entry(
        "ACME_TLS_REFUSED",
        400,
        (
            "{name} did not agree to TLS with the protocol acme-tls/1: {detail}.",
            "Let port 443 answer that protocol with the certificate of the challenge; then make a new order.",
        ),
        (
            "{name} との間で acme-tls/1 による TLS を確立できませんでした: {detail}",
            "ポート 443 でこのプロトコルにチャレンジ用の証明書を返すように設定し、新しく注文してください。",
        ),
    ),
    _entry(
        "ACME_CAA_FORBIDS",
        403,
        (
            "CAA records for {name} do not let this authority issue ({property}).",
            "Name one of these in a record for the domain, for this account and challenge: {known}.",
        ),
        (
            "{name} の CAA レコードは、この認証局による発行を許可していません（{property}）。",
            "ドメインのレコードに次のいずれかを指定し、このアカウントとチャレンジを許可してください: {known}",
        ),
    ),
    _entry(
        "ACME_CONTACT_UNSUPPORTED",
        400,
        ("Contacts of the kind {scheme} are not supported.", "Give an address for mail, as mailto:."),
        ("連絡先の種類 {scheme} には対応していません。", "mailto: でメールアドレスを指定してください。"),
    ),
    _entry(
        "ACME_CONTACT_INVALID",
        400,
        (
            "A contact is no address for mail.",
            "Give one person’s address after mailto:, without header fields.",
        ),
        (
            "連絡先がメールアドレスとして正しくありません。",
            "mailto: の後に一人分のアドレスだけを指定してください。ヘッダーは付けられません。",
        ),
    ),
    _entry(
        "ACME_IDENTIFIER_UNSUPPORTED",
        400,
        ("Identifiers of the type {kind} are not supported.", "Ask for names of the type dns."),
        ("識別子の種類 {kind} には対応していません。", "dns の名前を指定してください。"),
    ),
    _entry(
        "ACME_REVOCATION_REASON_REFUSED",
        400,
        ("This reason is none that a subscriber may give.", "Give one of: {known}."),
        ("この失効理由は加入者からは指定できません。", "次のいずれかを指定してください: {known}"),
    ),
    _entry(
        "EST_LABEL_UNKNOWN",
        404,
        ("No enrolment is set up under {label}; there are: {known}.", "Use one of these, or add [[est]]."),
        (
            "{label} の登録先はありません。設定済み: {known}",
            "設定済みのものを使うか、[[est]] に追加してください。",
        ),
    ),
    _entry(
        "EST_CREDENTIALS_REFUSED",
        401,
        (
            "Neither a valid enrolment code nor a valid certificate was shown.",
            "Use an unused code as HTTP Basic name and password, or the device’s present certificate.",
        ),
        (
            "有効な登録コードも有効な証明書も提示されていません。",
            "未使用の登録コードを HTTP Basic 認証で送るか、装置の現在の証明書を使ってください。",
        ),
    ),
    _entry(
        "EST_REENROL_REFUSED",
        403,
        (
            "The request is for another subject than what was shown ({detail}).",
            "Ask for exactly the same subject and alternative names; another subject needs a code of its own.",
        ),
        (
            "提示された証明書またはコードと発行要求の名義が異なります（{detail}）。",
            "名義と別名を同じにしてください。別の名義には別の登録コードが必要です。",
        ),
    ),
    _entry(
        "EST_KEYS_NOT_MADE",
        501,
        ("This server makes no keys for devices.", "Let the device make its key, and use simpleenroll."),
        ("このサーバーは装置の鍵を生成しません。", "装置で鍵を生成し、simpleenroll を使ってください。"),
    ),
    _entry(
        "EST_CMC_REFUSED",
        501,
        ("This server does not speak Full CMC.", "Send a PKCS#10 request to simpleenroll or simplereenroll."),
        (
            "このサーバーは Full CMC に対応していません。",
            "PKCS#10 の発行要求を simpleenroll または simplereenroll に送ってください。",
        ),
    ),
    _entry(
        "EST_CODE_REFUSED",
        400,
        ("No code is made like this: {detail}", "Correct the name of the device."),
        ("この内容では登録コードを作成できません: {detail}", "装置の名前を直してください。"),
    ),
)
