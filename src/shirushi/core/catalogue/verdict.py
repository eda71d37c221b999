"""The answer to “can I rely on this document?”: one sentence, and what follows from it. Distrust is never told as tampering."""

from shirushi.core.catalogue import Entry, Text

_RELY_NOT_EN, _RELY_NOT_JA = "Do not rely on it.", "この文書に依拠しないでください。"

ENTRIES = (
    Entry(
        "VERDICT_VALID",
        en=Text(
            "The signature on this document is valid.",
            "It was not changed after signing, and an issuer that is trusted here vouches for the signer.",
        ),
        ja=Text(
            "この文書の署名は有効です。",
            "署名後に変更されておらず、信頼できる発行者が署名者を証明しています。",
        ),
    ),
    Entry(
        "VERDICT_ALL_VALID",
        en=Text(
            "All {count} signatures on this document are valid.",
            "It was not changed after signing, and issuers that are trusted here vouch for the signers.",
        ),
        ja=Text(
            "この文書の {count} 個の署名は、すべて有効です。",
            "署名後に変更されておらず、信頼できる発行者が署名者を証明しています。",
        ),
    ),
    Entry(
        "VERDICT_EXISTENCE_PROVEN",
        en=Text(
            "It is proven that the file existed at {at}.",
            "The file is what was time-stamped, unchanged. Who made it is not proven by this.",
        ),
        ja=Text(
            "ファイルが {at} に存在していたことが証明されています。",
            "ファイルは、その時刻から変更されていません。誰が作成したかを証明するものではありません。",
        ),
    ),
    Entry(
        "VERDICT_EXISTENCE_REFUTED",
        en=Text(
            "The time-stamp or the evidence record does not prove this file.",
            "The file was changed, or it is another one. Give the file as it was when it was time-stamped.",
        ),
        ja=Text(
            "このタイムスタンプやエビデンスレコードは、このファイルの証明になりません。",
            "ファイルが変更されているか、別のファイルです。タイムスタンプが付与されたときのファイルを指定してください。",
        ),
    ),
    Entry(
        "VERDICT_EXISTENCE_UNPROVEN",
        en=Text(
            "Whether the file existed at the time that is stated could not be confirmed.",
            "Something is missing that would prove it: see the reasons.",
        ),
        ja=Text(
            "示された時刻にファイルが存在していたことを、確認できませんでした。",
            "証明するために足りないものがあります。理由をご確認ください。",
        ),
    ),
    Entry(
        "VERDICT_CHANGED",
        en=Text(
            "This document was changed after it was signed.",
            f"It is not what was signed. {_RELY_NOT_EN}",
        ),
        ja=Text(
            "この文書は署名後に変更されています。",
            f"署名されたときの内容と一致しません。{_RELY_NOT_JA}",
        ),
    ),
    Entry(
        "VERDICT_FAILED",
        en=Text(
            "The signature on this document is not valid.",
            "The content is what was signed, but there is a reason not to accept the signature.",
        ),
        ja=Text(
            "この文書の署名は有効ではありません。",
            "文書の内容は署名時のままですが、署名として認められない理由があります。",
        ),
    ),
    Entry(
        "VERDICT_FAILED_UNREAD",
        en=Text(
            "The signature on this document cannot be accepted.",
            f"What was signed could not be confirmed: see the reasons. {_RELY_NOT_EN}",
        ),
        ja=Text(
            "この文書の署名は認められません。",
            f"署名された内容を確認できませんでした。理由をご確認ください。{_RELY_NOT_JA}",
        ),
    ),
    Entry(
        "VERDICT_ADDED_LATER",
        en=Text(
            "Something was changed after signing without permission.",
            "What was signed is intact, but because of later changes not all that you see may have been there at signing.",
        ),
        ja=Text(
            "署名後に、許可されていない変更が加えられています。",
            "署名された部分はそのままですが、後から加えられた変更があるため、見えている内容がすべて署名時のものとは限りません。",
        ),
    ),
    Entry(
        "VERDICT_UNTRUSTED",
        en=Text(
            "Nobody we trust vouches for the signer.",
            "The document was not changed after signing. But whoever issued the certificate is not trusted here.",
        ),
        ja=Text(
            "署名者を証明する発行者を確認できません。",
            "文書は署名後に変更されていません。ただし、署名者の証明書の発行者は、ここで信頼している相手ではありません。",
        ),
    ),
    Entry(
        "VERDICT_EXPIRED",
        en=Text(
            "Nothing proves that it was signed while the certificate was valid.",
            "The document was not changed after signing, and the issuer is trusted. A time-stamp or an evidence record from "
            "before the expiration would make the signature valid.",
        ),
        ja=Text(
            "証明書の有効期間内に署名されたことを確認できません。",
            "文書は署名後に変更されておらず、発行者も信頼できます。有効期限より前のタイムスタンプやエビデンスレコードがあれば、有効と判断できます。",
        ),
    ),
    Entry(
        "VERDICT_REVOKED",
        en=Text(
            "The certificate was revoked, and nothing proves that it was signed before.",
            "The document was not changed after signing, but someone else may have signed it. A time-stamp or an evidence "
            "record from before the revocation would make the signature valid.",
        ),
        ja=Text(
            "証明書は失効しており、失効前に署名されたことを確認できません。",
            "文書は署名後に変更されていませんが、本人以外が署名した可能性があります。失効前のタイムスタンプやエビデンスレコードがあれば、有効と判断できます。",
        ),
    ),
    Entry(
        "VERDICT_STATUS_UNKNOWN",
        en=Text(
            "Whether the certificate has been revoked could not be learnt.",
            "The document was not changed after signing, and the issuer is trusted. Try again later, or with access to the "
            "network.",
        ),
        ja=Text(
            "証明書が失効していないことを確認できません。",
            "文書は署名後に変更されておらず、発行者も信頼できます。時間をおくか、ネットワークに接続して、もう一度お試しください。",
        ),
    ),
    Entry(
        "VERDICT_UNCONFIRMED",
        en=Text(
            "Something could not be confirmed.",
            "The document was not changed after signing. Something is missing that would make the signature valid.",
        ),
        ja=Text(
            "確認できないことが残っています。",
            "文書は署名後に変更されていません。有効と判断するために足りないものがあります。",
        ),
    ),
    Entry(
        "VERDICT_UNCLEAR",
        en=Text(
            "Something that is needed for an answer is not at hand.",
            "It can be called neither valid nor invalid. See the reasons.",
        ),
        ja=Text(
            "判断に必要なものがそろっていません。",
            "有効とも無効とも判断できません。理由をご確認ください。",
        ),
    ),
    Entry(
        "VERDICT_NONE",
        en=Text(
            "There is no signature on this document.",
            "No electronic signature or seal was found, so nothing can be said about whether it is genuine.",
        ),
        ja=Text(
            "署名は付いていません。",
            "この文書に電子署名や eシールは見つかりませんでした。真正性について何も判断できません。",
        ),
    ),
)
