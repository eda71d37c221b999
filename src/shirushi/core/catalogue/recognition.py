"""Graded mutual recognition: agreements that cannot be read, and the steps from a native conclusion to a level here."""

from shirushi.core.catalogue import Entry, Text

_TABLE = Text(
    "Look the agreement up with `shirushi trust agreements`.",
    "`shirushi trust agreements` で協定の内容を確認してください。",
)
_LIST = Text(
    "Look at the service in the list browser; the scheme operator answers for what the list says.",
    "リスト画面でサービスの内容を確認してください。記載内容は運営機関の責任です。",
)
_FILE = Text(
    "Correct the file; the operators' guide tells what stands in it.",
    "ファイルを修正してください。書き方は運用者ガイドにあります。",
)
_PARTIES = Text(
    "Ask the parties to say which one is meant, and correct the file.",
    "どちらが正しいか当事者に確認し、ファイルを修正してください。",
)


def _entry(code: str, en: str, ja: str, remedy: Text = _TABLE) -> Entry:
    return Entry(code, en=Text(en, remedy[0]), ja=Text(ja, remedy[1]))


ENTRIES = (
    _entry(
        "AGREEMENT_MALFORMED",
        "The file {name} holds no party or agreement that can be read: {detail}.",
        "ファイル {name} から当事者または協定を読み取れません: {detail}",
        _FILE,
    ),
    _entry(
        "AGREEMENT_DUPLICATE",
        "Two files speak of {id}.",
        "{id} について 2 つのファイルに記載があります。",
        Text("Keep one of them.", "どちらか一方だけにしてください。"),
    ),
    _entry(
        "AGREEMENT_PARTY_UNKNOWN",
        "The agreement {agreement} names the party {party}, of which no file speaks.",
        "協定 {agreement} の当事者 {party} について、記載したファイルがありません。",
        Text("Add a file with a table [party] for it.", "[party] の表を持つファイルを追加してください。"),
    ),
    _entry(
        "AGREEMENT_CONCLUSION_UNKNOWN",
        "The pair {pair} of the agreement {agreement} names {conclusion}, which its party's rules never conclude.",
        "協定 {agreement} の対応 {pair} にある {conclusion} は、その当事者の規則では得られない結論です。",
        _FILE,
    ),
    _entry(
        "AGREEMENT_PAIRS_AMBIGUOUS",
        "The pairs {pairs} of the agreement {agreement} have the rank {rank} and grade the same thing differently.",
        "協定 {agreement} の対応 {pairs} は順位 {rank} が同じで、同じものに異なる水準を与えています。",
        _PARTIES,
    ),
    _entry(
        "LIST_DRAFT_MALFORMED",
        "The draft of the list cannot be read: {detail}.",
        "リストの原稿を読み取れません: {detail}",
        _FILE,
    ),
    _entry(
        "LIST_NOT_RELEASABLE",
        "The list was not released, for relying parties would not accept it: {detail}.",
        "利用者の側で受け入れられないため、リストを公開しませんでした: {detail}",
        Text(
            "Correct the draft; its sequence number follows that of the last edition.",
            "原稿を修正してください。通番は前の版より大きくします。",
        ),
    ),
    _entry(
        "FEDERATION_REFUSED",
        "The trust chain does not hold at {entity}: {detail}.",
        "信頼の連鎖が {entity} で成り立ちません: {detail}",
        Text(
            "Fetch the current statements of every entity from the trust anchor down.",
            "トラストアンカーから順に、各エンティティの現在のステートメントを取得し直してください。",
        ),
    ),
    _entry(
        "EQUIVALENCE_RIVALS",
        "Several lists of lists hold different agreements about the list of {territory} ({lists}), so none is applied.",
        "{territory} のリストについて、複数のリスト一覧（{lists}）に異なる協定があるため、どれも適用しません。",
        Text(
            "Keep the list of lists of one party alone.", "一方の当事者のリスト一覧だけを保持してください。"
        ),
    ),
    _entry(
        "NATIVE_SERVICE",
        "By the rules of {party} the service {service}, {status} since {since}, makes this: {conclusion}.",
        "{party} の規則では、サービス {service}（{since} から {status}）により {conclusion} です。",
        _LIST,
    ),
    _entry(
        "NATIVE_NONE",
        "By the rules of {party} nothing is concluded for {at}.",
        "{party} の規則では、{at} の時点について得られる結論はありません。",
        _LIST,
    ),
    _entry(
        "NATIVE_CONFLICT",
        "By the rules of {party} several things are concluded at once: {conclusions}.",
        "{party} の規則で、複数の結論（{conclusions}）が同時に得られます。",
        _LIST,
    ),
    _entry(
        "NATIVE_EXTENSION",
        "The entry of {service} has a critical extension that is not known here ({extension}): it says nothing for sure.",
        "サービス {service} に、対応していない必須の拡張 {extension} があるため、確かなことは言えません。",
        _LIST,
    ),
    _entry(
        "NATIVE_CHANGED",
        "It was {issued} when the certificate was issued and {best} when the signature is proven: neither holds for both.",
        "証明書の発行時は {issued}、署名の存在が証明された時点は {best} であり、両方で成り立つ結論がありません。",
        _LIST,
    ),
    _entry(
        "NATIVE_CERTIFICATE",
        "ETSI TS 119 615 makes of the certificate at {at}: {conclusion}.",
        "ETSI TS 119 615 による証明書の {at} の時点での結論は {conclusion} です。",
        _LIST,
    ),
    _entry(
        "NATIVE_FAILED",
        "The signature itself is not valid, so it is nothing by the rules of {party}.",
        "署名そのものが有効でないため、{party} の規則で得られる結論はありません。",
        Text("See the reasons that the validation gives.", "検証結果の理由を確認してください。"),
    ),
    _entry(
        "NATIVE_EU",
        "By ETSI TS 119 615 it is: {conclusion}.",
        "ETSI TS 119 615 による結論は {conclusion} です。",
        _LIST,
    ),
    _entry(
        "NATIVE_PATH",
        "The path over {bridge} holds at {at}; policies {policies} of the certificate count as {mapped} here.",
        "{bridge} を経るパスは {at} の時点で有効です。証明書のポリシー {policies} は、ここでは {mapped} にあたります。",
        Text("The cross-certificate holds the mapping.", "対応は相互認証証明書に記載されています。"),
    ),
    _entry(
        "NATIVE_PATH_BROKEN",
        "The path over {bridge} does not hold at {at}: {detail}.",
        "{bridge} を経るパスは {at} の時点で有効ではありません: {detail}",
        Text(
            "Ask the bridge for its current cross-certificates.",
            "ブリッジの現在の相互認証証明書を確認してください。",
        ),
    ),
    _entry(
        "EQUIVALENCE_NO_AGREEMENT",
        "There is no agreement by which anything of {origin} counts with {recognising}.",
        "{recognising} で {origin} のものを認める協定はありません。",
    ),
    _entry(
        "EQUIVALENCE_IN_FORCE",
        "The agreement {agreement} was in force at {at}.",
        "協定 {agreement} は {at} の時点で有効でした。",
    ),
    _entry(
        "EQUIVALENCE_NOT_YET",
        "The agreement {agreement} was not in force at {at} yet: it begins at {boundary}.",
        "協定 {agreement} は {at} の時点でまだ発効していません（発効 {boundary}）。",
    ),
    _entry(
        "EQUIVALENCE_EXPIRED",
        "The agreement {agreement} was in force no longer at {at}: it ended at {boundary}.",
        "協定 {agreement} は {at} の時点で期間が満了しています（満了 {boundary}）。",
    ),
    _entry(
        "EQUIVALENCE_REPEALED",
        "The agreement {agreement} was in force no longer at {at}: it was repealed at {boundary}.",
        "協定 {agreement} は {at} の時点で廃止されています（廃止 {boundary}）。",
    ),
    _entry(
        "EQUIVALENCE_NO_PAIR",
        "The agreement {agreement} says nothing of {native}.",
        "協定 {agreement} に {native} についての定めはありません。",
    ),
    _entry(
        "EQUIVALENCE_CONDITION",
        "The pair {pair} wants {condition} = {wanted}; it is {found}.",
        "対応 {pair} の条件 {condition} は {wanted}、実際は {found} です。",
    ),
    _entry(
        "EQUIVALENCE_PAIR",
        "By the pair {pair} (rank {rank}) it counts as {grade}.",
        "対応 {pair}（順位 {rank}）により {grade} と同等です。",
    ),
    _entry(
        "EQUIVALENCE_PAIRS_AMBIGUOUS",
        "The pairs {pairs} of the agreement {agreement} have the rank {rank} and all apply with different grades: none does.",
        "協定 {agreement} の順位 {rank} の対応 {pairs} が、異なる水準で同時に当てはまるため、どれも適用しません。",
        _PARTIES,
    ),
    _entry(
        "EQUIVALENCE_AGREEMENTS_CONFLICT",
        "Agreements that were in force at once grade it differently ({agreements}): none is applied.",
        "同時に有効な協定（{agreements}）の定める水準が食い違うため、どれも適用しません。",
        _PARTIES,
    ),
    _entry(
        "ALTERNATIVE_IN_FORCE",
        "If the agreement {agreement} had been in force",
        "協定 {agreement} が有効であれば",
    ),
    _entry(
        "ALTERNATIVE_WITHOUT_AGREEMENT",
        "Without the agreement {agreement}",
        "協定 {agreement} がなければ",
    ),
    _entry(
        "ALTERNATIVE_CONDITION",
        "If {condition} of the pair {pair} were met",
        "対応 {pair} の条件 {condition} を満たしていれば",
    ),
    _entry(
        "ALTERNATIVE_NATIVE",
        "If by the rules of {party} it were {conclusion} at both times",
        "{party} の規則による結論が、両方の時点で {conclusion} であれば",
        _LIST,
    ),
)
