"""What the elements of (EU) 2015/1502 demand, fact by fact."""

from shirushi.core.catalogue import Entry, Text

_PUT_EN = "Put this in place, and keep the evidence of it."
_PUT_JA = "これを実施し、その記録を残してください。"

_EIDAS = {
    "TERMS_TOLD": (
        "The applicant knows the terms and conditions of use.",
        "申請者が利用条件を知っている",
    ),
    "PRECAUTIONS_TOLD": (
        "The applicant knows the recommended security precautions.",
        "申請者が推奨される安全対策を知っている",
    ),
    "IDENTITY_DATA_COLLECTED": (
        "The identity data that proofing needs were collected.",
        "身元確認に必要な識別情報を収集している",
    ),
    "EVIDENCE_ASSUMED_HELD": (
        "The person can be assumed to hold evidence that the Member State recognises.",
        "加盟国が認める証拠を本人が保有していると推定できる",
    ),
    "EVIDENCE_ASSUMED_GENUINE": (
        "The evidence can be assumed genuine, or an authoritative source knows of it.",
        "証拠が真正と推定できる、または信頼できる情報源で存在が確認できる",
    ),
    "IDENTITY_KNOWN_TO_EXIST": (
        "An authoritative source knows that the claimed identity exists.",
        "主張された身元の存在が信頼できる情報源で確認できる",
    ),
    "EVIDENCE_HELD_AND_CHECKED": (
        "Possession of the evidence was verified, and the evidence checked to be genuine.",
        "証拠の保有を確認し、真正であることを検証した",
    ),
    "LOSS_RISK_MINIMISED": (
        "The risk of lost, stolen, suspended, revoked or expired evidence was minimised.",
        "証拠の紛失・盗難・停止・失効・期限切れのリスクを抑えている",
    ),
    "DOCUMENT_PRESENTED_WHERE_ISSUED": (
        "An identity document was presented in the Member State that issued it, and appears to be the person's own.",
        "発行した加盟国で身分証明書が提示され、本人のものと認められる",
    ),
    "EARLIER_PROCEDURE_SUBSTANTIAL": (
        "An earlier procedure for another purpose gave the same assurance as substantial.",
        "別目的の過去の手続が substantial と同等の保証を与えている",
    ),
    "EARLIER_PROCEDURE_HIGH": (
        "An earlier procedure for another purpose gave the same assurance as high.",
        "別目的の過去の手続が high と同等の保証を与えている",
    ),
    "EQUIVALENCE_CONFIRMED": (
        "A conformity assessment body, or an equal one, confirmed that equivalence.",
        "その同等性が適合性評価機関等により確認されている",
    ),
    "EARLIER_RESULT_STILL_VALID": (
        "It was shown that the earlier result is still valid.",
        "過去の結果がなお有効であることを示している",
    ),
    "ISSUED_ON_SUBSTANTIAL": (
        "It is issued on a valid notified means of level substantial or high.",
        "substantial 以上の有効な通知済み手段に基づいて発行している",
    ),
    "ISSUED_ON_HIGH": (
        "It is issued on a valid notified means of level high.",
        "high の有効な通知済み手段に基づいて発行している",
    ),
    "PHOTO_EVIDENCE_VALID": (
        "Photo or biometric evidence was held and its validity confirmed with an authoritative source.",
        "写真または生体情報付きの証拠の保有と有効性を信頼できる情報源で確認した",
    ),
    "PERSON_COMPARED_WITH_SOURCE": (
        "A physical characteristic of the person was compared with an authoritative source.",
        "本人の身体的特徴を信頼できる情報源と照合した",
    ),
    "NATIONAL_PHOTO_DOCUMENT_PROCEDURE": (
        "The very procedure was followed by which national photo identification is obtained.",
        "国の写真付き身分証の発行と同じ手続を行った",
    ),
    "LEGAL_EVIDENCE": (
        "The legal person's identity was shown on recognised evidence.",
        "法人の身元が認められた証拠により示されている",
    ),
    "LEGAL_EVIDENCE_VALID": (
        "That evidence appears valid, and can be assumed genuine.",
        "その証拠が有効で、真正と推定できる",
    ),
    "LEGAL_NOT_BARRED": (
        "No authoritative source knows of a status that bars the legal person from acting.",
        "法人の行為を妨げる状態が、信頼できる情報源に記録されていない",
    ),
    "LEGAL_REGISTRATION_CHECKED": (
        "Name, legal form and registration number were shown, and checked as genuine or with the source.",
        "名称・法人形態・登録番号が示され、真正性または情報源での存在を確認した",
    ),
    "LEGAL_LOSS_RISK_MINIMISED": (
        "The risk of lost, stolen, suspended, revoked or expired documents was minimised.",
        "書類の紛失・盗難・停止・失効・期限切れのリスクを抑えている",
    ),
    "LEGAL_EARLIER_PROCEDURE_SUBSTANTIAL": (
        "An earlier procedure for the legal person gave the same assurance as substantial.",
        "法人についての過去の手続が substantial と同等の保証を与えている",
    ),
    "LEGAL_EARLIER_PROCEDURE_HIGH": (
        "An earlier procedure for the legal person gave the same assurance as high.",
        "法人についての過去の手続が high と同等の保証を与えている",
    ),
    "LEGAL_ISSUED_ON_SUBSTANTIAL": (
        "It is issued on a valid notified means of the legal person of level substantial or high.",
        "substantial 以上の有効な通知済み法人手段に基づいて発行している",
    ),
    "LEGAL_ISSUED_ON_HIGH": (
        "It is issued on a valid notified means of the legal person of level high.",
        "high の有効な通知済み法人手段に基づいて発行している",
    ),
    "LEGAL_UNIQUE_IDENTIFIER_VALID": (
        "A unique national identifier of the legal person was shown and confirmed with an authoritative source.",
        "法人の国内で一意の識別子が示され、信頼できる情報源で有効性を確認した",
    ),
    "ACTOR_PROOFED_LOW": (
        "The representative was proofed at level low at least.",
        "代表者の身元確認が low 以上である",
    ),
    "ACTOR_PROOFED_SUBSTANTIAL": (
        "The representative was proofed at level substantial at least.",
        "代表者の身元確認が substantial 以上である",
    ),
    "ACTOR_PROOFED_HIGH": (
        "The representative was proofed at level high.",
        "代表者の身元確認が high である",
    ),
    "BINDING_BY_NATIONAL_PROCEDURE": (
        "The binding to the legal person followed nationally recognised procedures.",
        "法人との紐付けが国内で認められた手続によっている",
    ),
    "ACTOR_NOT_BARRED": (
        "No authoritative source knows of a status that bars the representative from acting.",
        "代表者の行為を妨げる状態が、信頼できる情報源に記録されていない",
    ),
    "BINDING_REGISTERED": (
        "The binding is registered in an authoritative source.",
        "紐付けが信頼できる情報源に登録されている",
    ),
    "BINDING_VERIFIED_AT_SOURCE": (
        "The binding was verified with an authoritative source.",
        "紐付けを信頼できる情報源で検証した",
    ),
    "BINDING_BY_UNIQUE_IDENTIFIER": (
        "The binding was verified by unique identifiers of both from an authoritative source.",
        "紐付けを、双方の一意の識別子により信頼できる情報源で検証した",
    ),
    "ONE_FACTOR": ("The means uses at least one factor.", "少なくとも 1 要素を用いる"),
    "CONTROL_CHECKED": (
        "The issuer takes reasonable steps so that only its holder uses the means.",
        "保有者だけが使うよう、発行者が合理的な措置を講じている",
    ),
    "TWO_FACTORS": (
        "The means uses at least two factors of different categories.",
        "種類の異なる 2 要素以上を用いる",
    ),
    "CONTROL_ASSUMED": (
        "By its design the means can be assumed to be used only under its holder's control.",
        "設計上、保有者の管理下でのみ使われると推定できる",
    ),
    "MEANS_RESIST_HIGH": (
        "The means protects against duplication, tampering and attackers of high attack potential.",
        "複製・改ざん・高い攻撃能力を持つ攻撃者から保護されている",
    ),
    "MEANS_PROTECTED_BY_HOLDER": (
        "Its holder can reliably protect it against use by others.",
        "保有者が他人の使用から確実に保護できる",
    ),
    "DELIVERY_ASSUMED": (
        "By its way of delivery the means can be assumed to reach only the intended person.",
        "交付の仕組み上、本人だけに届くと推定できる",
    ),
    "DELIVERED_ONLY_TO_PERSON": (
        "The means is delivered only into its owner's possession.",
        "本人だけに確実に交付される",
    ),
    "ACTIVATION_VERIFIED": (
        "Activation verifies that it was delivered only into its owner's possession.",
        "有効化の際に、本人だけに交付されたことを検証する",
    ),
    "SUSPENSION_TIMELY": (
        "It can be suspended or revoked in a timely and effective way.",
        "適時かつ効果的に停止・失効できる",
    ),
    "SUSPENSION_PROTECTED": (
        "Unauthorised suspension, revocation and reactivation are prevented.",
        "権限のない停止・失効・再開を防いでいる",
    ),
    "REACTIVATION_SAME_ASSURANCE": (
        "It is reactivated only if the same assurance still holds.",
        "同じ保証が保たれる場合にのみ再開する",
    ),
    "RENEWAL_SAME_ASSURANCE": (
        "Renewal and replacement meet the same assurance, or rest on a valid means of at least that level.",
        "更新・交換が同じ保証を満たすか、同等以上の有効な手段に基づく",
    ),
    "RENEWAL_DATA_VERIFIED": (
        "On renewal the identity data are verified with an authoritative source.",
        "更新時に識別情報を信頼できる情報源で検証する",
    ),
    "MEANS_VERIFIED_FIRST": (
        "The means and its validity are verified before identity data are released.",
        "識別情報を渡す前に、手段とその有効性を検証する",
    ),
    "STORED_DATA_SECURED": (
        "Identity data that are stored for authentication are secured against loss and compromise.",
        "認証のために保存する識別情報を紛失・漏えいから保護している",
    ),
    "RESISTS_ENHANCED_BASIC": (
        "Authentication withstands attackers of enhanced-basic attack potential.",
        "認証が強化基本レベルの攻撃能力に耐える",
    ),
    "DYNAMIC_AUTHENTICATION": ("Authentication is dynamic.", "動的認証を用いる"),
    "RESISTS_MODERATE": (
        "Authentication withstands attackers of moderate attack potential.",
        "認証が中程度の攻撃能力に耐える",
    ),
    "RESISTS_HIGH": (
        "Authentication withstands attackers of high attack potential.",
        "認証が高い攻撃能力に耐える",
    ),
    "PROVIDER_ESTABLISHED": (
        "The provider is a recognised legal entity that meets its legal duties.",
        "提供者が法的な主体として確立し、法的義務を満たしている",
    ),
    "LIABILITY_COVERED": (
        "The provider can bear its liability, also for what it outsources.",
        "提供者が、委託分を含む責任を負うことができる",
    ),
    "TERMINATION_PLAN": (
        "There is an effective plan for the end of the service.",
        "サービス終了の有効な計画がある",
    ),
    "SERVICE_DESCRIBED": (
        "The service, its terms, fees and privacy policy are published.",
        "サービス内容・条件・料金・プライバシー方針を公表している",
    ),
    "CHANGES_TOLD": ("Users are told of changes in time.", "変更を適時に利用者に知らせる"),
    "ENQUIRIES_ANSWERED": (
        "Enquiries are answered fully and correctly.",
        "照会に完全かつ正確に回答する",
    ),
    "RISK_MANAGEMENT": (
        "Information security risks are managed effectively.",
        "情報セキュリティのリスクを有効に管理している",
    ),
    "ISMS": (
        "That management follows proven standards or principles.",
        "情報セキュリティ管理が実績ある標準や原則に従っている",
    ),
    "RECORDS_KEPT": (
        "Relevant records are kept, protected, and destroyed when they should be.",
        "関連する記録を保存・保護し、適切に廃棄している",
    ),
    "STAFF_TRAINED": (
        "There are enough trained and qualified staff.",
        "訓練を受けた有資格の要員が十分にいる",
    ),
    "FACILITIES_PROTECTED": (
        "Facilities are monitored and protected, access restricted.",
        "施設を監視・保護し、立入りを制限している",
    ),
    "TECHNICAL_CONTROLS": (
        "Technical controls proportionate to the risks are in place.",
        "リスクに見合う技術的管理策がある",
    ),
    "CHANNELS_PROTECTED": (
        "Channels for personal or sensitive data are protected.",
        "個人情報や機密情報の通信路を保護している",
    ),
    "KEY_ACCESS_RESTRICTED": (
        "Access to sensitive cryptographic material is restricted, and it is never stored in plain.",
        "重要な暗号情報へのアクセスを制限し、平文で保存しない",
    ),
    "KEYS_TAMPER_PROTECTED": (
        "Sensitive cryptographic material is protected against tampering.",
        "重要な暗号情報を改ざんから保護している",
    ),
    "AUDIT_INTERNAL": ("There are periodic internal audits.", "定期的な内部監査がある"),
    "AUDIT_INDEPENDENT": (
        "There are periodic independent audits, internal or external.",
        "定期的な独立した内部または外部監査がある",
    ),
    "AUDIT_EXTERNAL": (
        "There are periodic independent external audits.",
        "定期的な独立した外部監査がある",
    ),
}

ENTRIES = tuple(
    Entry(f"ASSURANCE_EIDAS_FACT_{name}", en=Text(en, _PUT_EN), ja=Text(f"{ja}。", _PUT_JA))
    for name, (en, ja) in _EIDAS.items()
)
