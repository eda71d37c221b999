"""The steps of qualification by trusted lists, and of mutual recognition."""

from shirushi.core.catalogue import Entry, Text

_ASK_LIST = Text(
    "", "Look at the service in the list browser; the scheme operator answers for what the list says."
)
_ASK_LIST_JA = Text("", "リスト画面でサービスの内容を確認してください。記載内容は運営機関の責任です。")


def _entry(
    code: str, en: str, ja: str, remedy: str = _ASK_LIST.remedy, remedy_ja: str = _ASK_LIST_JA.remedy
) -> Entry:
    return Entry(code, en=Text(en, remedy), ja=Text(ja, remedy_ja))


ENTRIES = (
    _entry(
        "QUALIFICATION_NO_SERVICE",
        "No accepted list names a service for qualified certificates in this certificate's chain at {at}.",
        "受け入れたリストに、{at} の時点でこの証明書の発行元にあたる適格証明書サービスはありません。",
        "If the issuer is supervised, load its territory's list; otherwise the certificate is not qualified.",
        "発行元が監督対象であれば、その国・地域のリストを読み込んでください。それ以外の場合、適格証明書ではありません。",
    ),
    _entry(
        "QUALIFICATION_LATER",
        "The service {service} was not listed yet at {at}.",
        "サービス {service} は {at} の時点でまだ掲載されていません。",
    ),
    _entry(
        "QUALIFICATION_EXTENSION",
        "The entry of {service} has a critical extension that is not known here ({extension}): it says nothing for sure.",
        "サービス {service} に、対応していない必須の拡張 {extension} があるため、確かなことは言えません。",
    ),
    _entry(
        "QUALIFICATION_STATUS",
        "The service {service} has the status {status} since {since}.",
        "サービス {service} の状態は {since} から {status} です。",
    ),
    _entry(
        "QUALIFICATION_CRITERIA",
        "The list qualifies certificates of {service} by criteria that are not understood here.",
        "サービス {service} の証明書を分ける条件に、解釈できないものがあります。",
    ),
    _entry(
        "QUALIFICATION_QUALIFIERS",
        "The list says contradictory things of the certificate under {service}: {qualifiers}.",
        "サービス {service} について、この証明書に関するリストの記載が矛盾しています: {qualifiers}",
    ),
    _entry(
        "QUALIFICATION_CONFLICT",
        "Several services match and say different things of the certificate: {services}.",
        "該当する複数のサービスの記載が食い違っています: {services}",
    ),
    _entry(
        "QUALIFICATION_BY_LIST",
        "The list itself decides: {qualifier}.",
        "リストの記載により決まります: {qualifier}",
    ),
    _entry(
        "QUALIFICATION_BY_CERTIFICATE",
        "The certificate states that it is qualified.",
        "証明書自身が適格証明書であると表明しています。",
    ),
    _entry(
        "QUALIFICATION_NOT_CLAIMED",
        "The certificate does not state that it is qualified.",
        "証明書は適格証明書であると表明していません。",
        "Ask the signer for a qualified certificate where you need one.",
        "適格証明書が必要な場合は、署名者に依頼してください。",
    ),
    _entry(
        "QUALIFICATION_OTHER_LAW",
        "The certificate states that it is qualified under the law of {countries}.",
        "証明書は {countries} の法令に基づく適格性を表明しています。",
        "It counts here only under an agreement with that country.",
        "その国との協定がある場合に限り、ここでも通用します。",
    ),
    _entry(
        "QUALIFICATION_PURPOSE",
        "The service {service} is listed for {offered}, and the certificate is for {purpose}.",
        "サービス {service} の掲載区分は {offered} ですが、証明書の用途は {purpose} です。",
    ),
    _entry(
        "QUALIFICATION_QSCD",
        "The private key lies in a qualified device.",
        "秘密鍵は適格な装置にあります。",
    ),
    _entry(
        "QUALIFICATION_NO_QSCD",
        "Nothing says that the private key lies in a qualified device.",
        "秘密鍵が適格な装置にあるとの記載はありません。",
    ),
    _entry(
        "EQUIVALENCE_APPLIED",
        "Under the agreement's rule {rule} the service {service} counts as one of ours.",
        "協定の規則 {rule} により、サービス {service} はこちらのサービスと同等に扱われます。",
    ),
    _entry(
        "EQUIVALENCE_NONE",
        "No rule of the agreement was in force for a service of type {type} with the status {status}.",
        "種別 {type}、状態 {status} のサービスに適用できる協定の規則はありません。",
        "Read the agreement's dates and types in the equivalence table.",
        "同等性の表で、協定の期間と種別を確認してください。",
    ),
    _entry(
        "EQUIVALENCE_AMBIGUOUS",
        "Several rules of the agreement apply at once ({rules}), so none does.",
        "協定の複数の規則（{rules}）が同時に当てはまるため、どれも適用しません。",
        "Ask the parties to the agreement to say which one is meant.",
        "どの規則によるのか、協定の当事者に確認してください。",
    ),
    _entry(
        "ALTERNATIVE_NO_AGREEMENT",
        "Without the agreement",
        "協定がなければ",
        "Look at the agreement's dates if you rely on the document later.",
        "後日この文書に依拠する場合は、協定の期間を確認してください。",
    ),
    _entry(
        "ALTERNATIVE_NO_LIST",
        "Without the list of {territory} (snapshot {snapshot})",
        "{territory} のリスト（スナップショット {snapshot}）がなければ",
        "Keep the snapshot with the document: it is what the answer rests on.",
        "この回答の根拠となるスナップショットを、文書と合わせて保管してください。",
    ),
    _entry(
        "ALTERNATIVE_NO_PROOF_OF_TIME",
        "If the signature were proven to exist at {at} only",
        "署名の存在が {at} の時点でしか証明されなければ",
        "Time-stamp documents when they are signed.",
        "署名した時点でタイムスタンプを付与してください。",
    ),
    _entry(
        "ALTERNATIVE_PASSED",
        "If the signature itself were valid beyond doubt",
        "署名そのものの有効性が確かであれば",
        "See the reasons that the validation gives.",
        "検証結果の理由を確認してください。",
    ),
)
