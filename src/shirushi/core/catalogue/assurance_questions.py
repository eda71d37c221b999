"""The questions that an assessment asks, with a hint each, and the words that answer them."""

from shirushi.core.catalogue import Entry, Text

_QUESTIONS = (
    (
        "REPUTATION",
        "How bad would the inconvenience, distress or damage to reputation be?",
        "low: limited, short. moderate: serious but short, or limited but lasting. high: severe or lasting, or for many.",
        "不便・苦痛や、地位・評判への損害はどの程度になりますか。",
        "低: 限定的で短期的。中: 深刻だが短期的、または限定的だが長期的。高: 深刻で長期的、または多数に及ぶ。",
    ),
    (
        "FINANCE",
        "How great would the financial loss or liability be?",
        "low: small. moderate: serious. high: severe or catastrophic, to anyone concerned.",
        "経済的損失や責任はどの程度になりますか。",
        "低: 小さい。中: 重大。高: 極めて重大または壊滅的（いずれかの当事者にとって）。",
    ),
    (
        "PROGRAMS",
        "How much would your operations, assets or the public interest be harmed?",
        "low: noticeably. moderate: seriously. high: a main function can no longer be performed.",
        "業務・資産や公共の利益への害はどの程度になりますか。",
        "低: 目に見える程度。中: 深刻。高: 主要な機能を果たせなくなる。",
    ),
    (
        "INFORMATION",
        "How bad would it be if sensitive information came into the wrong hands?",
        "low: limited effect. moderate: serious effect. high: severe effect. Count personal and business secrets.",
        "機密情報が権限のない人に渡った場合の影響はどの程度になりますか。",
        "低: 限定的。中: 深刻。高: 極めて深刻。個人情報と営業上の秘密を含めて考えてください。",
    ),
    (
        "SAFETY",
        "Could anybody come to harm?",
        "low: minor injury without treatment. moderate: injury that may need treatment. high: serious injury or death.",
        "人の安全や健康に危険が及びますか。",
        "低: 治療を要しない軽傷。中: 治療を要するおそれ。高: 重傷または死亡のおそれ。",
    ),
    (
        "LEGAL",
        "Could a law be broken?",
        "low: of a kind that is not normally pursued. moderate: may be pursued. high: of special importance to enforcement.",
        "民事または刑事上の違反が生じますか。",
        "低: 通常は執行の対象とならない。中: 執行の対象となり得る。高: 執行上特に重要。",
    ),
    (
        "MISSION",
        "How much less could you deliver what you exist for?",
        "low: with noticeably less effect. moderate: with much less. high: a main function fails.",
        "本来の任務の遂行はどの程度損なわれますか。",
        "低: 効果が目に見えて下がる。中: 大きく下がる。高: 主要な機能を果たせない。",
    ),
    (
        "PERSONAL_INFORMATION",
        "Does the service need personal information?",
        "If you could do without it, answer no: less collected is less lost.",
        "サービスに個人情報が必要ですか。",
        "なくても提供できる場合は「いいえ」を選んでください。集めなければ漏れることもありません。",
    ),
    (
        "VALIDATED_ATTRIBUTES",
        "Must any of it be validated, so that what people say of themselves does not suffice?",
        "Yes, if even one attribute must be true for the service to work.",
        "検証済みの属性が必要ですか（自己申告では足りませんか）。",
        "1 つでも真実であることが不可欠な属性があれば「はい」です。",
    ),
    (
        "PERSONAL_INFORMATION_ONLINE",
        "Can personal information be seen online after logging in?",
        "Yes, even if people only see what they entered themselves.",
        "ログイン後に個人情報をオンラインで閲覧できますか。",
        "本人が入力した情報だけを表示する場合も「はい」です。",
    ),
    (
        "FEDERATED",
        "Do people log in through another provider (federation)?",
        "Yes, if another organisation tells you who they are.",
        "他の事業者を通じてログインしますか（認証連携）。",
        "他の組織が利用者の身元を伝えてくる場合は「はい」です。",
    ),
    (
        "ASSERTION_PERSONAL_INFORMATION",
        "Does what that provider tells you hold personal information?",
        "Names, addresses and birth dates do; a bare identifier does not.",
        "連携される情報に個人情報が含まれますか。",
        "氏名・住所・生年月日は含まれます。識別子だけの場合は含まれません。",
    ),
    (
        "FRONT_CHANNEL",
        "Does it pass through the person's browser (front channel)?",
        "No, if your server fetches it from the provider directly.",
        "その情報は利用者のブラウザを経由しますか（フロントチャネル）。",
        "サーバーが連携元から直接取得する場合は「いいえ」です。",
    ),
    (
        "AUTHENTICATION",
        "Does this group of users have accounts, or reach anything that is protected?",
        "No, if all they reach is public.",
        "この利用者群はアカウントを持つか、保護された情報にアクセスしますか。",
        "公開情報だけの場合は「いいえ」です。",
    ),
    (
        "EVIDENCE",
        "What identifies the person?",
        (
            "A mail address is self-asserted; a driving licence is guaranteed by its issuer; a card's chip can be verified "
            "electronically."
        ),
        "本人をどのような情報で識別しますか。",
        "メールアドレスは自己表明、運転免許証は発行元保証、IC チップの電子署名は電子的に証明可能なものです。",
    ),
    (
        "CHECK",
        "How is it checked?",
        "Take the strictest check that everybody passes.",
        "どのように確認しますか。",
        "全員が必ず通る、最も厳格な確認を選んでください。",
    ),
    (
        "QUALIFIED_CHECKER",
        "Is the checker's authority to check recognised?",
        "By training, by law or by accreditation.",
        "確認者の正当性が認められていますか（有資格者）。",
        "研修、法令、認定などによります。",
    ),
    (
        "FACTORS",
        "How many kinds of factors authenticate the person?",
        "Two passwords are one kind; a password and a phone are two.",
        "何種類の要素で認証しますか。",
        "パスワード 2 つは 1 種類、パスワードとスマートフォンは 2 種類です。",
    ),
    (
        "HARDWARE_TOKEN",
        "Is one of them a tamper-resistant hardware token?",
        "A chip card or a security key is; an app is not.",
        "耐タンパー性を持つハードウェアトークンを使いますか。",
        "IC カードやセキュリティキーが当たります。アプリは当たりません。",
    ),
    (
        "SOFTWARE_ALTERNATIVE",
        "May a software token be used in its place?",
        "Yes, if the person can choose.",
        "代わりにソフトウェアトークンも使えますか。",
        "利用者が選べる場合は「はい」です。",
    ),
    (
        "AUTHENTICATED_CHANNEL",
        "Does an authenticated protected channel resist an impersonated verifier?",
        "Client-authenticated TLS and passkeys do.",
        "検証者との間に、なりすましに耐える認証済みの保護された通信路がありますか。",
        "クライアント認証付き TLS やパスキーが当たります。",
    ),
    (
        "FEDERATION",
        "How is the authenticated identity passed on?",
        "Choose none if it is not passed on.",
        "認証した情報をどのように連携しますか。",
        "連携しない場合は「なし」を選んでください。",
    ),
    (
        "PERSON",
        "Whom does the means identify?",
        "A natural person, a legal person, or a person who represents one.",
        "誰を識別する手段ですか。",
        "自然人、法人、または法人を代表する自然人です。",
    ),
    (
        "WHO",
        "Whose act must be shown later?",
        "A person's will, or an organisation's origin; nobody, if it only matters that and when it existed.",
        "後から、誰の行為であることを示す必要がありますか。",
        "本人の意思か、組織が発行したことか。存在と時刻だけでよければ「誰でもない」を選んでください。",
    ),
    (
        "UNCHANGED",
        "Must it be shown that it was not changed?",
        "Yes for nearly every document that somebody may dispute.",
        "改ざんされていないことを示す必要がありますか。",
        "争いになり得る文書では、ほとんどの場合「はい」です。",
    ),
    (
        "WHEN",
        "Must it be shown when it existed?",
        "Yes where a deadline, a priority or a tax rule depends on it.",
        "いつ存在したかを示す必要がありますか。",
        "期限・先後関係・税務の要件がある場合は「はい」です。",
    ),
    (
        "ARRIVED",
        "Must it be shown that it was sent and received?",
        "Yes where the other side may say that it never came.",
        "送付・受領したことを示す必要がありますか。",
        "相手が「届いていない」と主張し得る場合は「はい」です。",
    ),
    (
        "KEPT_YEARS",
        "For how many years must all this stay provable?",
        "Ten for accounting books, for example; 0 if only now.",
        "何年間、示せる必要がありますか。",
        "会計帳簿なら 10 年など。今だけでよければ 0 です。",
    ),
    (
        "ABROAD",
        "Must it count abroad too?",
        "Choose where the other side would go to court.",
        "国外でも効力が必要ですか。",
        "相手方が訴訟を起こし得る地域を選んでください。",
    ),
    (
        "WEIGHT",
        "What hangs on it?",
        "Decisive, where a law demands the form or the effect must be presumed.",
        "どの程度重要ですか。",
        "法令が形式を求める場合や、推定の効果が必要な場合は「決定的」です。",
    ),
)

_ANSWERS = (
    ("YES", "Yes", "はい"),
    ("NO", "No", "いいえ"),
    ("IMPACT_NONE", "None", "なし"),
    ("IMPACT_LOW", "Low", "低"),
    ("IMPACT_MODERATE", "Moderate", "中"),
    ("IMPACT_HIGH", "High", "高"),
    ("EVIDENCE_SELF_ASSERTED", "What the person says of themselves", "自己表明"),
    ("EVIDENCE_ISSUER_GUARANTEED", "A document guaranteed by its issuer", "発行元が保証する証明書類"),
    (
        "EVIDENCE_ELECTRONICALLY_VERIFIABLE",
        "An electronically verifiable credential",
        "電子的に証明可能なもの",
    ),
    ("CHECK_NONE", "Not at all", "確認しない"),
    ("CHECK_REMOTE", "Remotely", "非対面"),
    ("CHECK_EKYC", "Online, in a way meant to equal a meeting (eKYC)", "対面相当オンライン（eKYC）"),
    ("CHECK_ONLINE_THEN_IN_PERSON", "Online, then face to face at handover", "オンライン登録後に対面"),
    ("CHECK_IN_PERSON", "Face to face", "対面"),
    ("FACTORS_0", "None", "なし"),
    ("FACTORS_1", "One", "1 種類"),
    ("FACTORS_2", "Several", "2 種類以上"),
    ("FEDERATION_NONE", "Not at all", "なし"),
    ("FEDERATION_SIGNED", "Signed", "署名付与"),
    ("FEDERATION_ENCRYPTED", "Signed and encrypted", "署名と暗号付与"),
    (
        "FEDERATION_USER_VERIFIABLE",
        "So that the user's legitimacy can be checked",
        "利用者の正当性を確認可能",
    ),
    ("PERSON_NATURAL", "A natural person", "自然人"),
    ("PERSON_LEGAL", "A legal person", "法人"),
    ("PERSON_REPRESENTATIVE", "A person who represents a legal person", "法人を代表する自然人"),
    ("WHO_NOBODY", "Nobody's", "誰でもない"),
    ("WHO_PERSON", "A person's", "本人"),
    ("WHO_ORGANISATION", "An organisation's", "組織"),
    ("WHO_REPRESENTATIVE", "A person's on behalf of an organisation", "組織を代表する人"),
    ("ABROAD_NO", "No, in Japan alone", "いいえ（日本のみ）"),
    ("ABROAD_EU", "In the European Union", "EU"),
    ("ABROAD_ELSEWHERE", "Elsewhere", "その他の国・地域"),
    ("WEIGHT_ORDINARY", "Ordinary: hardly anyone will dispute it", "通常（争いになりにくい）"),
    ("WEIGHT_IMPORTANT", "Important: a dispute is possible and would hurt", "重要（争いになると困る）"),
    (
        "WEIGHT_DECISIVE",
        "Decisive: a law demands it, or the effect must be presumed",
        "決定的（法令の要求・推定が必要）",
    ),
)

_CHOOSE = ("Choose it where it fits.", "当てはまる場合に選んでください。")

ENTRIES = (
    *(
        Entry(f"ASSURANCE_ASK_{key}", en=Text(en, hint_en), ja=Text(ja, hint_ja))
        for key, en, hint_en, ja, hint_ja in _QUESTIONS
    ),
    *(
        Entry(f"ASSURANCE_ANSWER_{key}", en=Text(en, _CHOOSE[0]), ja=Text(ja, f"「{ja}」に{_CHOOSE[1]}"))
        for key, en, ja in _ANSWERS
    ),
)
