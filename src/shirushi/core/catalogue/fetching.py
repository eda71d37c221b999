"""Errors of fetching, and of what could not be had for signatures that must last."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "FETCH_FAILED",
        en=Text(
            "Nothing could be fetched from {url}: {detail}.",
            "Check that the address answers from this machine; its operator may have moved it.",
        ),
        ja=Text(
            "{url} から取得できませんでした: {detail}",
            "このコンピューターからそのアドレスに接続できるかを確認してください。運営者が移転した可能性もあります。",
        ),
        http_status=502,
    ),
    Entry(
        "FETCH_FORBIDDEN",
        en=Text(
            "Nothing is fetched from {url}: {detail}.",
            "If the address is one of your own network, set allow_private = true under [fetch].",
        ),
        ja=Text(
            "{url} からの取得は許可されていません: {detail}",
            "自組織のネットワーク内のアドレスであれば、[fetch] の allow_private を true にしてください。",
        ),
        http_status=502,
    ),
    Entry(
        "FETCH_UNTRUSTED",
        en=Text(
            "{url} could not prove who it is (TLS): {detail}.",
            "Ask its operator, or check this machine's CA certificates and clock; nothing was taken from there.",
        ),
        ja=Text(
            "{url} の TLS 証明書を確認できませんでした: {detail}",
            "運営者に問い合わせるか、このコンピューターの CA 証明書と時計を確認してください。何も受け取っていません。",
        ),
        http_status=502,
    ),
    Entry(
        "FETCH_TIMED_OUT",
        en=Text(
            "{url} did not answer within {seconds} seconds.",
            "Try again later, or raise seconds under [fetch].",
        ),
        ja=Text(
            "{url} から {seconds} 秒以内に応答がありませんでした。",
            "時間をおいて再度実行するか、[fetch] の seconds を大きくしてください。",
        ),
        http_status=504,
    ),
    Entry(
        "FETCH_TOO_LARGE",
        en=Text(
            "What {url} answers is larger than {limit} bytes.",
            "If such a size is right for this address, raise megabytes under [fetch].",
        ),
        ja=Text(
            "{url} の応答が {limit} バイトを超えています。",
            "その大きさで正しければ、[fetch] の megabytes を大きくしてください。",
        ),
        http_status=502,
    ),
    Entry(
        "MATERIAL_UNAVAILABLE",
        en=Text(
            "Validation material for {certificate} could not be had: {detail}",
            "Try again when the named addresses answer, or ask for a lower level.",
        ),
        ja=Text(
            "{certificate} の検証に必要なデータを取得できませんでした: {detail}",
            "示されたアドレスが応答するようになってから再度実行するか、より低いレベルを指定してください。",
        ),
        http_status=502,
    ),
    Entry(
        "REVOCATION_DATA_UNAVAILABLE",
        en=Text(
            "Revocation data for {certificate} could not be had: {detail}",
            "Try again when the named addresses answer, or ask for a lower level.",
        ),
        ja=Text(
            "{certificate} の失効情報を取得できませんでした: {detail}",
            "示されたアドレスが応答するようになってから再度実行するか、より低いレベルを指定してください。",
        ),
        http_status=502,
    ),
    Entry(
        "ISSUER_UNAVAILABLE",
        en=Text(
            "The certificate of the issuer of {certificate} could not be had: {detail}",
            "Add the issuer's certificate to the document's signature, or to the trust anchors if you trust it.",
        ),
        ja=Text(
            "{certificate} の発行者の証明書を取得できませんでした: {detail}",
            "発行者の証明書を署名に含めてもらうか、信頼できる発行者であればトラストアンカーに加えてください。",
        ),
        http_status=502,
    ),
    Entry(
        "CHAIN_NOT_TRUSTED",
        en=Text(
            "No chain of {certificate} leads to a trust anchor; it ends at: {issuer}",
            "Add the root above it to the trust anchors if you trust it; without one, no material proves anything.",
        ),
        ja=Text(
            "{certificate} からトラストアンカーに至る証明書チェーンがありません（終点: {issuer}）。",
            "そのルート証明書を信頼できる場合は、トラストアンカーに加えてください。起点がないと、何も証明できません。",
        ),
    ),
    Entry(
        "NOTHING_SIGNED",
        en=Text("{name} has no signature to extend.", "Sign the document first."),
        ja=Text("{name} には延長できる署名がありません。", "先に文書に署名してください。"),
    ),
    Entry(
        "SIGNATURE_BROKEN",
        en=Text(
            "The signature {signature} is broken; extending it would preserve nothing.",
            "Get the document again from its signer.",
        ),
        ja=Text(
            "署名 {signature} は壊れているため、延長しても何も保全されません。",
            "署名者から文書を取り寄せ直してください。",
        ),
    ),
)
