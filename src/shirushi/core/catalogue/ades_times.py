"""Reasons of signature validation about time-stamps, proofs of existence, and algorithms that age."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "IMPRINT_MISMATCH",
        en=Text(
            "A time-stamp ({time_stamp}) is over something else, or what it covers was changed.",
            "Disregard its time.",
        ),
        ja=Text(
            "タイムスタンプ（{time_stamp}）が別のデータに対するものか、対象が変更されています。",
            "この時刻は無視してください。",
        ),
    ),
    Entry(
        "TIME_STAMPED_DATA_NOT_FOUND",
        en=Text(
            "What a time-stamp ({time_stamp}) covers is not at hand.",
            "Give the content that was time-stamped.",
        ),
        ja=Text(
            "タイムスタンプ（{time_stamp}）の対象データが手元にありません。",
            "タイムスタンプの対象となったファイルを指定してください。",
        ),
    ),
    Entry(
        "TIME_STAMPED_TOO_LATE",
        en=Text(
            "The signature claims {claimed}, but was time-stamped at {at} only: later than the policy permits.",
            "Ask the signer, or choose a policy with a longer delay.",
        ),
        ja=Text(
            "申告された署名時刻 {claimed} に対し、タイムスタンプは {at} で、ポリシーの許す遅延を超えています。",
            "署名者に確認するか、より長い遅延を許すポリシーを選んでください。",
        ),
    ),
    Entry(
        "TIME_STAMPS_OUT_OF_ORDER",
        en=Text(
            "A time-stamp of {outer} covers what another one dates to {inner}, which is later.",
            "Ask the sender how the document was time-stamped; do not rely on its times.",
        ),
        ja=Text(
            "{outer} のタイムスタンプの対象に、それより後の {inner} のタイムスタンプが含まれています。",
            "時刻を信頼せず、タイムスタンプ付与の経緯を送付元に確認してください。",
        ),
    ),
    Entry(
        "NO_POE_OF_REVOCATION_DATA",
        en=Text(
            "It is not proven that {certificate} and data on its status existed at {at}.",
            "Ask for a copy of level B-LTA that was renewed in time.",
        ),
        ja=Text(
            "{at} の時点で {certificate} の証明書とその失効情報が存在した証明がありません。",
            "期限内に延長された B-LTA レベルの文書を依頼してください。",
        ),
    ),
    Entry(
        "NO_POE_OF_SIGNATURE",
        en=Text(
            "The signature is proven to have existed at {at}, but its certificates can be relied upon "
            "until {control} only.",
            "Ask for a copy that was time-stamped before.",
        ),
        ja=Text(
            "署名の存在が証明されているのは {at} ですが、証明書を信頼できるのは {control} までです。",
            "それ以前にタイムスタンプが付与された文書を依頼してください。",
        ),
    ),
    Entry(
        "ALGORITHM_NOT_LISTED",
        en=Text(
            "The algorithm {algorithm} is not in the catalogue {catalogue}, and so is not accepted.",
            "Ask for a signature with a listed algorithm: docs/algorithms.md.",
        ),
        ja=Text(
            "アルゴリズム {algorithm} は一覧 {catalogue} にないため、受け入れられません。",
            "一覧（docs/algorithms.md）にあるアルゴリズムでの署名を依頼してください。",
        ),
    ),
    Entry(
        "ALGORITHM_EXPIRED",
        en=Text(
            "The algorithm {algorithm} has not been reliable since {until} ({source}).",
            "Ask for a copy that was time-stamped before, or for a signature with a current algorithm.",
        ),
        ja=Text(
            "アルゴリズム {algorithm} は {until} 以降、安全とはみなされません（{source}）。",
            "それ以前にタイムスタンプが付与された文書か、現在のアルゴリズムでの署名を依頼してください。",
        ),
    ),
)
