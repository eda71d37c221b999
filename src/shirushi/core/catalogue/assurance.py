"""Errors and reasons of the assessment of assurance levels."""

from shirushi.core.catalogue import Entry, Text

_NOTHING_EN = "Nothing: this is how the answer was found."
_NOTHING_JA = "対応は不要です。判定の過程を示しています。"


def _step(code: str, en: str, ja: str) -> Entry:
    """A step of the reasoning, which asks nothing of the reader."""
    return Entry(code, en=Text(en, _NOTHING_EN), ja=Text(ja, _NOTHING_JA))


_ERRORS = (
    Entry(
        "ASSURANCE_INPUT_INVALID",
        en=Text("{key} cannot be {value}.", "Give one of: {choices}."),
        ja=Text("{key} に {value} は指定できません。", "次から指定してください: {choices}"),
        exit_status=2,
    ),
    Entry(
        "ASSURANCE_INPUT_MISSING",
        en=Text("{key} is missing.", "Answer it too; nothing is taken for granted."),
        ja=Text("{key} がありません。", "この項目にも答えてください。省略時の値はありません。"),
        exit_status=2,
    ),
    Entry(
        "ASSURANCE_INPUT_UNKNOWN",
        en=Text("{key} is not known here.", "Correct or remove it; known are: {known}."),
        ja=Text("{key} という項目はありません。", "直すか削除してください。使える項目: {known}"),
        exit_status=2,
    ),
    Entry(
        "ASSURANCE_INPUT_MALFORMED",
        en=Text("The input is not well formed: {detail}.", "Write one JSON object a line, in UTF-8."),
        ja=Text(
            "入力の形式が正しくありません: {detail}",
            "1 行に 1 つの JSON オブジェクトを UTF-8 で書いてください。",
        ),
        exit_status=2,
    ),
    Entry(
        "ASSURANCE_PORTFOLIO_INVALID",
        en=Text("The portfolio is not valid: {detail}.", "Correct the named entry."),
        ja=Text("ユースケース一覧が正しくありません: {detail}", "示された項目を直してください。"),
        exit_status=2,
    ),
    Entry(
        "ASSURANCE_SCALES_DIFFER",
        en=Text(
            "{left} and {right} are different scales; their levels cannot be compared.",
            "Compare levels of one framework, or carry a level over with a named mapping and mind what it loses.",
        ),
        ja=Text(
            "{left} と {right} は異なる尺度のため、レベルを比較できません。",
            "同じ枠組みのレベル同士で比較するか、対応表を明示して読み替え、失われる点を確認してください。",
        ),
        exit_status=2,
    ),
    Entry(
        "ASSURANCE_TABLE_INVALID",
        en=Text("The assurance table {table} is not valid: {detail}.", "Install the package again, whole."),
        ja=Text(
            "保証レベルの表 {table} が正しくありません: {detail}",
            "パッケージを再度インストールしてください。",
        ),
        http_status=500,
    ),
    Entry(
        "ASSURANCE_MAPPING_UNKNOWN",
        en=Text(
            "No mapping leads from {scale} to {to}.",
            "Assess the case under that framework itself; there is no global scale of levels.",
        ),
        ja=Text(
            "{scale} から {to} への対応表はありません。",
            "その枠組みで改めて判定してください。枠組みに共通の尺度はありません。",
        ),
        http_status=404,
        exit_status=2,
    ),
    Entry(
        "ASSURANCE_OPTION_UNKNOWN",
        en=Text("The option {option} has no choice {value!r}.", "Choose one of: {choices}."),
        ja=Text("{option} に {value!r} という選択肢はありません。", "次から選んでください: {choices}"),
        exit_status=2,
    ),
    Entry(
        "ASSURANCE_ELEMENT_UNKNOWN",
        en=Text(
            "The Annex of (EU) 2015/1502 as held here does not name: {name}.",
            "See docs/assurance.md for the elements and facts.",
        ),
        ja=Text(
            "(EU) 2015/1502 附属書の表に次の項目はありません: {name}",
            "要素と事実の一覧は docs/assurance.md を確認してください。",
        ),
        exit_status=2,
    ),
    Entry(
        "ASSURANCE_FACETS_CONTRADICT",
        en=Text("{left} and {right} cannot both be true.", "Leave out the one that was not so."),
        ja=Text("{left} と {right} は同時に成り立ちません。", "事実と異なる方を外してください。"),
        exit_status=2,
    ),
    Entry(
        "ASSURANCE_TAILORING_NOT_JUSTIFIED",
        en=Text(
            "The tailoring of {kind} lacks: {missing}.",
            "State it: the Digital Identity Acceptance Statement must say why, what compensates, what remains, and who "
            "accepts it (NIST SP 800-63-4 §3.4.4).",
        ),
        ja=Text(
            "{kind} の調整に必要な記載がありません: {missing}",
            "受容宣言書には、理由、代替管理策、残存リスク、受容者の記載が必要です（NIST SP 800-63-4 §3.4.4）。",
        ),
        exit_status=2,
    ),
    Entry(
        "ASSURANCE_USE_CASE_UNKNOWN",
        en=Text("There is no use case {id!r} in the portfolio.", "Choose one of: {known}."),
        ja=Text("ユースケース {id!r} は登録されていません。", "次から選んでください: {known}"),
        http_status=404,
        exit_status=2,
    ),
    Entry(
        "ASSURANCE_TABLE_UNVERIFIED",
        en=Text(
            "This rests on a table that was not verified against its issuer's text: {table}.",
            "Before you rely on it, compare with the issuer's own text.",
        ),
        ja=Text(
            "発行元の原文と照合していない表に基づく結果です: {table}",
            "利用する前に、発行元の原文で確認してください。",
        ),
    ),
)

_CATEGORIES = {
    "REPUTATION": (
        "inconvenience, distress or damage to standing or reputation",
        "不便・苦痛、または地位や評判への損害",
    ),
    "FINANCE": ("financial loss or liability", "経済的損失または責任"),
    "PROGRAMS": ("harm to programs or public interests", "業務・事業や公共の利益への害"),
    "INFORMATION": (
        "unauthorised release of, or access to, sensitive information",
        "機密情報の許可のない公開・アクセス",
    ),
    "SAFETY": ("danger to safety or health", "人の安全や健康への危険"),
    "LEGAL": ("civil or criminal violations", "民事または刑事上の違反"),
    "MISSION": ("degradation of mission delivery", "任務遂行の低下"),
}
_IMPACTS = {"LOW": ("low", "低"), "MODERATE": ("moderate", "中"), "HIGH": ("high", "高")}

_IMPACT_STEPS = tuple(
    _step(
        f"ASSURANCE_IMPACT_{category}_{impact}",
        f"The impact on “{en}” is {word_en}: level {{level}} at least.",
        f"「{ja}」の影響が「{word_ja}」のため、レベル {{level}} 以上が必要です。",
    )
    for category, (en, ja) in _CATEGORIES.items()
    for impact, (word_en, word_ja) in _IMPACTS.items()
)

_SELECTION = (
    _step(
        "ASSURANCE_IMPACT_LEVEL",
        "All impacts together ask for level {level}.",
        "すべての影響を合わせると、レベル {level} が必要です。",
    ),
    _step(
        "ASSURANCE_IAL_NO_PERSONAL_INFORMATION",
        "The service needs no personal information: IAL1.",
        "個人情報を必要としないため、IAL1 で足ります。",
    ),
    _step(
        "ASSURANCE_IAL_SELF_ASSERTED_SUFFICES",
        "Self-asserted attributes suffice, nothing need be validated: IAL1.",
        "自己申告の属性で足り、検証を必要としないため、IAL1 で足ります。",
    ),
    _step(
        "ASSURANCE_IAL_BY_IMPACT",
        "Validated attributes are needed, so the impacts decide: IAL{level}.",
        "検証済みの属性が必要なため、影響の大きさにより IAL{level} とします。",
    ),
    Entry(
        "ASSURANCE_IAL_CONSIDER_REFERENCES",
        en=Text(
            "Identity need not be proofed by yourself where references to attributes, or a federation, will do.",
            "Ask whether you need the full attribute values, or whether a claim such as “over 18” from another provider "
            "is enough.",
        ),
        ja=Text(
            "属性への参照や認証連携で足りる場合は、自ら身元確認を行う必要はありません。",
            "属性の値そのものが必要か、他の事業者による「18 歳以上」などの証明で足りるかを検討してください。",
        ),
    ),
    _step(
        "ASSURANCE_AAL_BY_IMPACT",
        "The impacts of a failed authentication decide: AAL{level}.",
        "認証が破られた場合の影響の大きさにより AAL{level} とします。",
    ),
    _step(
        "ASSURANCE_AAL_PERSONAL_INFORMATION",
        "Personal information is made accessible online, so several factors are needed: AAL{level}.",
        "個人情報をオンラインで閲覧できるため、多要素認証が必要です: AAL{level}",
    ),
    _step(
        "ASSURANCE_AAL_COMBINATION",
        "Beside IAL{ial} no lower AAL is allowed: AAL{level}.",
        "IAL{ial} と組み合わせられる最低の AAL により、AAL{level} とします。",
    ),
    _step(
        "ASSURANCE_FAL_NOT_FEDERATED",
        "Nothing is federated: FAL does not apply.",
        "認証連携を行わないため、FAL は適用しません。",
    ),
    _step(
        "ASSURANCE_FAL_BY_IMPACT",
        "The impacts of a failed federation decide: FAL{level}.",
        "認証連携が破られた場合の影響の大きさにより FAL{level} とします。",
    ),
    _step(
        "ASSURANCE_FAL_PERSONAL_INFORMATION",
        "The assertion holds personal information, so it is encrypted to the relying party: FAL2.",
        "アサーションに個人情報を含むため、連携先だけが復号できる暗号化が必要です: FAL2",
    ),
    _step(
        "ASSURANCE_FAL_FRONT_CHANNEL",
        "The assertion passes through the user's browser (front channel): FAL2.",
        "アサーションが利用者のブラウザを経由する（フロントチャネル）ため、FAL2 とします。",
    ),
    _step(
        "ASSURANCE_NO_PROOFING_NO_INFORMATION",
        "The service needs no personal information of this group: no identity proofing.",
        "この利用者群の個人情報を必要としないため、身元確認は行いません。",
    ),
    _step(
        "ASSURANCE_NO_PROOFING_SELF_ASSERTED",
        "Self-asserted attributes suffice for this group: no identity proofing.",
        "この利用者群は自己申告の属性で足りるため、身元確認は行いません。",
    ),
    _step(
        "ASSURANCE_NO_AUTHENTICATION",
        "This group has no accounts and reaches nothing that is protected: no authentication.",
        "この利用者群はアカウントを持たず、保護された情報にもアクセスしないため、認証は行いません。",
    ),
    _step(
        "ASSURANCE_TAILORED",
        "Tailored from {before} to {after}: {rationale} (accepted by {accepted_by}).",
        "{before} から {after} に調整しました。理由: {rationale}（受容者: {accepted_by}）",
    ),
    Entry(
        "ASSURANCE_TAILORED_DOWN",
        en=Text(
            "Tailored down from {before} to {after}: {rationale} (accepted by {accepted_by}).",
            "Keep the acceptance statement, and evaluate again when the risk changes.",
        ),
        ja=Text(
            "{before} から {after} に引き下げました。理由: {rationale}（受容者: {accepted_by}）",
            "受容宣言書を保管し、リスクが変わったときは再評価してください。",
        ),
    ),
    _step(
        "ASSURANCE_NZ_INFORMATION_CELL",
        "If information is wrong: impact {impact}, likelihood {likelihood}: risk {cell} of 25.",
        "情報が誤っている場合: 影響 {impact} × 発生可能性 {likelihood} → リスク {cell}（25 段階）",
    ),
    _step(
        "ASSURANCE_NZ_LINK_CELL",
        "If it is linked to the wrong person: impact {impact}, likelihood {likelihood}: risk {cell} of 25.",
        "別人に結び付けられた場合: 影響 {impact} × 発生可能性 {likelihood} → リスク {cell}（25 段階）",
    ),
    _step(
        "ASSURANCE_NZ_INFORMATION_LEVEL",
        "Information assurance {level}.",
        "情報の保証レベル（IA）は {level} です。",
    ),
    _step(
        "ASSURANCE_NZ_LINK_LEVEL",
        "Binding assurance {level} and authentication assurance {level}.",
        "紐付けの保証レベル（BA）と認証の保証レベル（AA）は {level} です。",
    ),
    _step(
        "ASSURANCE_JP_IAL_IN_PERSON",
        "The identity was checked face to face: IAL-{level}.",
        "対面で身元を確認しています: IAL-{level}",
    ),
    _step(
        "ASSURANCE_JP_IAL_EKYC",
        "The identity was checked online in a way meant to equal a meeting (eKYC): IAL-{level}.",
        "対面相当のオンライン確認（eKYC）で身元を確認しています: IAL-{level}",
    ),
    _step(
        "ASSURANCE_JP_IAL_ONLINE_THEN_IN_PERSON",
        "The application came online, and the identity was checked face to face at handover: IAL-{level}.",
        "オンラインで申し込み、受け取り時に対面で身元を確認しています: IAL-{level}",
    ),
    _step(
        "ASSURANCE_JP_IAL_REMOTE",
        "The identity was checked remotely: IAL-{level}.",
        "非対面で身元を確認しています: IAL-{level}",
    ),
    _step(
        "ASSURANCE_JP_IAL_NONE",
        "The identity is self-asserted and was not checked: IAL-{level}.",
        "自己表明のみで、身元を確認していません: IAL-{level}",
    ),
    _step(
        "ASSURANCE_JP_OPEN_POINT",
        "The draft leaves this open ({option}); here it is taken as: {value}.",
        "初期案の論点（{option}）です。ここでは「{value}」として扱いました。",
    ),
    _step("ASSURANCE_JP_AAL_0", "Nobody is authenticated: AAL-{level}.", "認証を行っていません: AAL-{level}"),
    _step("ASSURANCE_JP_AAL_1", "One factor authenticates: AAL-{level}.", "一要素認証です: AAL-{level}"),
    _step("ASSURANCE_JP_AAL_2", "Several factors authenticate: AAL-{level}.", "多要素認証です: AAL-{level}"),
    _step(
        "ASSURANCE_JP_AAL_3",
        "Among the factors is a tamper-resistant hardware token: AAL-{level}.",
        "耐タンパー性を持つハードウェアトークンを含む多要素認証です: AAL-{level}",
    ),
    _step(
        "ASSURANCE_JP_FAL_SIGNED",
        "What is passed on is signed: FAL-{level}.",
        "連携する情報に署名を付与しています: FAL-{level}",
    ),
    _step(
        "ASSURANCE_JP_FAL_ENCRYPTED",
        "What is passed on is signed and encrypted: FAL-{level}.",
        "連携する情報に署名と暗号化を行っています: FAL-{level}",
    ),
    _step(
        "ASSURANCE_JP_FAL_USER_VERIFIABLE",
        "The user's own legitimacy can be checked by the receiver: FAL-{level}.",
        "利用者の正当性を連携先で確認できます: FAL-{level}",
    ),
    _step(
        "ASSURANCE_LEVEL_SHOWN", "What was done reaches {level}.", "実施した内容は {level} に達しています。"
    ),
    Entry(
        "ASSURANCE_LEVEL_LACKS",
        en=Text("It does not reach {level}; what lacks:", "Add what is named next, if that level is needed."),
        ja=Text(
            "{level} には達していません。不足している点:",
            "そのレベルが必要な場合は、次の点を満たしてください。",
        ),
    ),
    _step(
        "ASSURANCE_EIDAS_ELEMENT",
        "Element {element} has level {level}.",
        "要素 {element} のレベルは {level} です。",
    ),
    _step(
        "ASSURANCE_EIDAS_OVERALL",
        "The means has the lowest level among its elements: {level}, by element {element}.",
        "電子識別手段のレベルは各要素の最低値です: {level}（要素 {element} による）",
    ),
    Entry(
        "ASSURANCE_EIDAS_NOT_REACHED",
        en=Text(
            "Element {element} does not even reach low, so the means has no assurance level.",
            "Put in place what lacks there.",
        ),
        ja=Text(
            "要素 {element} が low に達していないため、電子識別手段の保証レベルはありません。",
            "その要素で不足している点を満たしてください。",
        ),
    ),
    Entry(
        "ASSURANCE_EIDAS_FACETS_ONLY",
        en=Text(
            "Facets show the elements 2.1.2, 2.2.1 and 2.3.1 alone; the means has this level only if its other elements "
            "reach it too.",
            "Assess the other elements with the framework eidas.",
        ),
        ja=Text(
            "実施内容から分かるのは要素 2.1.2、2.2.1、2.3.1 のみです。他の要素も同じレベルに達している場合に限り、このレベルになります。",
            "他の要素は枠組み eidas で判定してください。",
        ),
    ),
)

ENTRIES = (*_ERRORS, *_IMPACT_STEPS, *_SELECTION)
