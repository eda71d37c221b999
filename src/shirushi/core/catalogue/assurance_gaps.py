"""Reasons of fit and gap, and of mappings between frameworks."""

from shirushi.core.catalogue import Entry, Text


def _entry(code: str, en: tuple[str, str], ja: tuple[str, str]) -> Entry:
    return Entry(code, en=Text(*en), ja=Text(*ja))


_GAPS = (
    _entry(
        "ASSURANCE_GAP_FITS",
        (
            "What is in place ({in_place}) is what is needed ({needed}).",
            "Keep it; assess again when the risk changes.",
        ),
        (
            "必要なレベル（{needed}）と現状（{in_place}）が一致しています。",
            "現状を維持し、リスクが変わったときに再評価してください。",
        ),
    ),
    _entry(
        "ASSURANCE_GAP_TOO_MUCH_PROOFING",
        (
            (
                "Proofing stands at {in_place}, where {needed} is needed: users pay with visits, documents and data that "
                "nothing calls for, and some give up."
            ),
            "Offer proofing at {needed}; collect and keep less.",
        ),
        (
            "身元確認が {in_place} で、必要な {needed} を超えています。来訪・書類・個人情報の提供が余分な負担となり、利用をやめる人が出ます。",
            "{needed} の身元確認方法を用意し、収集・保管する情報を減らしてください。",
        ),
    ),
    _entry(
        "ASSURANCE_GAP_TOO_MUCH_AUTHENTICATION",
        (
            (
                "Authentication stands at {in_place}, where {needed} is needed: tokens, readers and support cost more than "
                "the risk is worth."
            ),
            "Allow means of {needed} as well; keep the stronger ones as a choice.",
        ),
        (
            "認証が {in_place} で、必要な {needed} を超えています。トークンや読取機、問い合わせ対応の費用がリスクに見合いません。",
            "{needed} の認証手段も認め、より強い手段は選択肢として残してください。",
        ),
    ),
    _entry(
        "ASSURANCE_GAP_TOO_MUCH_FEDERATION",
        (
            (
                "Federation stands at {in_place}, where {needed} is needed: keys of partners and users are managed without "
                "need."
            ),
            "Use {needed} with partners for whom the rest is a burden.",
        ),
        (
            "認証連携が {in_place} で、必要な {needed} を超えています。連携先や利用者の鍵管理が余分な負担になります。",
            "負担となる連携先とは {needed} で連携してください。",
        ),
    ),
    _entry(
        "ASSURANCE_GAP_TOO_MUCH_OVERALL",
        (
            "The means stands at {in_place}, where {needed} is needed: users without it are kept out, and it costs more.",
            "Accept means of {needed} too.",
        ),
        (
            "電子識別手段が {in_place} で、必要な {needed} を超えています。持たない利用者が締め出され、費用も増えます。",
            "{needed} の手段も受け入れてください。",
        ),
    ),
    _entry(
        "ASSURANCE_GAP_TOO_LITTLE_PROOFING",
        (
            (
                "Proofing stands at {in_place}, where {needed} is needed: somebody can register under another's or an "
                "invented name."
            ),
            "Raise proofing to {needed}, or have it done by a provider that reaches it; proof existing users again.",
        ),
        (
            "身元確認が {in_place} で、必要な {needed} に達していません。他人や架空の名義で登録されるおそれがあります。",
            "{needed} まで引き上げるか、達している事業者に委ね、既存の利用者も再確認してください。",
        ),
    ),
    _entry(
        "ASSURANCE_GAP_TOO_LITTLE_AUTHENTICATION",
        (
            "Authentication stands at {in_place}, where {needed} is needed: a stolen or phished secret opens the account.",
            "Require {needed}: a second factor, or a phishing-resistant hardware key.",
        ),
        (
            "認証が {in_place} で、必要な {needed} に達していません。盗まれた、またはだまし取られた情報でアカウントに侵入されるおそれがあります。",
            "{needed} を必須にしてください（第 2 の要素、またはフィッシング耐性のあるハードウェア鍵）。",
        ),
    ),
    _entry(
        "ASSURANCE_GAP_TOO_LITTLE_FEDERATION",
        (
            (
                "Federation stands at {in_place}, where {needed} is needed: assertions can be read, injected or used by "
                "somebody else."
            ),
            "Raise it to {needed} with every partner.",
        ),
        (
            "認証連携が {in_place} で、必要な {needed} に達していません。アサーションの盗み見・注入・流用のおそれがあります。",
            "すべての連携先と {needed} まで引き上げてください。",
        ),
    ),
    _entry(
        "ASSURANCE_GAP_TOO_LITTLE_OVERALL",
        (
            "The means stands at {in_place}, where {needed} is needed: its misuse is more likely than the service can bear.",
            "Ask for a means of {needed}.",
        ),
        (
            "電子識別手段が {in_place} で、必要な {needed} に達していません。許容できない不正利用のおそれがあります。",
            "{needed} の手段を求めてください。",
        ),
    ),
)

_MIND_EN = "Mind this wherever the mapped level is used."
_MIND_JA = "読み替えたレベルを使うときは、この点に注意してください。"
_LOSSES = tuple(
    _entry(f"ASSURANCE_LOSES_{code}", (en, _MIND_EN), (ja, _MIND_JA))
    for code, en, ja in (
        (
            "FOUR_TO_THREE",
            "Four levels meet three: LoA1 has no counterpart in eIDAS.",
            "4 段階と 3 段階の対応であり、LoA1 に相当するものが eIDAS にはありません。",
        ),
        (
            "PROOFING_DIFFERS",
            "The demands on identity proofing differ, so the same rank does not mean the same checks.",
            "身元確認の要件が異なるため、同じ段階でも同じ確認を意味しません。",
        ),
        (
            "ONE_NUMBER",
            "One number stands for what the source keeps apart: proofing, authentication, federation.",
            "元の枠組みで分けている身元確認・認証・認証連携が、1 つの数字にまとめられます。",
        ),
        (
            "SYNCED_KEYS",
            "Whether keys can be exported or synchronised is not carried over.",
            "鍵の取り出しや同期の可否は引き継がれません。",
        ),
        (
            "MANAGEMENT_NOT_COVERED",
            "The elements on issuance, revocation, management and audit (2.2.2 to 2.2.4, 2.4) are not covered.",
            "発行・失効・管理・監査の要素（2.2.2〜2.2.4、2.4）は含まれません。",
        ),
        (
            "ATTACK_POTENTIAL",
            "The source does not state the attack potential that is withstood; the target is defined by it.",
            "元の枠組みは耐えるべき攻撃能力を示しませんが、先の枠組みはそれにより定義されます。",
        ),
        (
            "DRAFT_WITHOUT_EVIDENCE_STRENGTH",
            "The draft does not grade the strength and number of evidence, nor keep a biometric.",
            "初期案は証拠の強度や点数、生体情報の保管を区別していません。",
        ),
        (
            "DRAFT_WITHOUT_PHISHING_RESISTANCE",
            "The draft leaves open whether AAL3 resists phishing, which NIST demands.",
            "NIST が求めるフィッシング耐性を、初期案の AAL3 は未決としています。",
        ),
        (
            "BINDING_APART",
            "Binding assurance stands apart in the source and is lost.",
            "元の枠組みで独立している紐付けの保証が失われます。",
        ),
        (
            "CATEGORIES_DIFFER",
            "Revision 4 has five other categories; legal violations fall away, and mission delivery comes in.",
            "第 4 版の影響区分は 5 つで内容も異なります（法令違反がなくなり、任務遂行が加わります）。",
        ),
        (
            "SAFETY_AND_PROGRAMS_WEIGH_MORE",
            (
                "Revision 3 weighs a low impact on programs, information, safety and law, and a moderate one on safety, "
                "more heavily."
            ),
            "第 3 版は、事業・情報・安全・法令の「低」と、安全の「中」をより重く扱います。",
        ),
        (
            "NEVER_COMPARE_REVISIONS",
            "The same number means another thing in each revision: never compare levels across revisions.",
            "同じ数字でも版により意味が異なります。版をまたいでレベルを比較しないでください。",
        ),
    )
)

ENTRIES = (*_GAPS, *_LOSSES)
