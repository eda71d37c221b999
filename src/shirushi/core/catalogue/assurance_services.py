"""Reasons of the advice on trust services, with the legal effects of their levels."""

from shirushi.core.catalogue import Entry, Text


def _entry(code: str, en: tuple[str, str], ja: tuple[str, str]) -> Entry:
    return Entry(code, en=Text(*en), ja=Text(*ja))


_NEEDS = (
    _entry(
        "ASSURANCE_NEED_PERSON",
        (
            "A person's will must be shown: an electronic signature.",
            "Let the person sign, with a certificate in their name.",
        ),
        ("本人の意思を示す必要があります: 電子署名", "本人名義の証明書で署名してもらってください。"),
    ),
    _entry(
        "ASSURANCE_NEED_REPRESENTATIVE",
        (
            "A person's will on behalf of an organisation must be shown: an electronic signature.",
            "Let the representative sign.",
        ),
        ("組織を代表する人の意思を示す必要があります: 電子署名", "代表者に署名してもらってください。"),
    ),
    _entry(
        "ASSURANCE_NEED_MANDATE",
        (
            "A signature does not show the power to act for the organisation.",
            "Attach a mandate or a company register's attestation, evaluated at the time of signing.",
        ),
        (
            "署名だけでは、組織を代表する権限は示せません。",
            "署名時点の権限を示す電子委任状や登記の証明を添えてください。",
        ),
    ),
    _entry(
        "ASSURANCE_NEED_ORGANISATION",
        (
            "An organisation's origin must be shown, nobody's will: an electronic seal.",
            "Seal it with the organisation's certificate.",
        ),
        (
            "組織が発行したことを示す必要があります（個人の意思ではありません）: e シール",
            "組織の証明書で e シールを付してください。",
        ),
    ),
    _entry(
        "ASSURANCE_NEED_UNCHANGED_BY_SIGNATURE",
        ("It also shows any later change.", "Have it validated before you rely on it."),
        ("後の変更も検出できます。", "利用する前に検証してください。"),
    ),
    _entry(
        "ASSURANCE_NEED_UNCHANGED_BY_TIME_STAMP",
        (
            (
                "That it was not changed must be shown, but not whose it is: a time-stamp shows both the time and any change "
                "after it."
            ),
            "Stamp it as soon as it exists.",
        ),
        (
            "誰のものかは問わず、変更がないことを示す必要があります: タイムスタンプで時刻とその後の変更の有無を示せます。",
            "作成後すみやかにタイムスタンプを付してください。",
        ),
    ),
    _entry(
        "ASSURANCE_NEED_WHEN",
        ("That it existed at a time must be shown: a time-stamp.", "Stamp it as soon as it exists."),
        (
            "ある時刻に存在したことを示す必要があります: タイムスタンプ",
            "作成後すみやかにタイムスタンプを付してください。",
        ),
    ),
    _entry(
        "ASSURANCE_NEED_SIGNATURE_TIME",
        (
            "That it was signed while the certificate was valid must stay provable: a time-stamp over the signature.",
            "Ask for level B-T at least.",
        ),
        (
            "証明書の有効期間内に署名したことを後から示す必要があります: 署名へのタイムスタンプ",
            "B-T 以上のレベルを指定してください。",
        ),
    ),
    _entry(
        "ASSURANCE_NEED_ARRIVED",
        (
            "That it was sent and received must be shown: electronic registered delivery.",
            "Send it through the delivery service, and keep its evidence.",
        ),
        (
            "送付と受領を示す必要があります: 電子配達（e デリバリー）",
            "電子配達で送り、その証拠を保存してください。",
        ),
    ),
    _entry(
        "ASSURANCE_NEED_KEPT",
        (
            (
                "It must stand for {years} years, longer than a certificate lives (at most {certificate_years} years): "
                "preservation."
            ),
            "Hand it over to preservation while all its certificates are valid.",
        ),
        (
            "証明書の有効期間（最長 {certificate_years} 年）を超える {years} 年間、示せる必要があります: 長期保存",
            "すべての証明書が有効なうちに長期保存へ移してください。",
        ),
    ),
    _entry(
        "ASSURANCE_NEED_RENEWAL",
        (
            "It must stand longer than a time-stamp does ({token_years} years): the proof is renewed in time.",
            "Ask for level B-LTA, and let preservation renew the time-stamps.",
        ),
        (
            "タイムスタンプの有効期間（{token_years} 年）を超えて示す必要があるため、期限前に更新します。",
            "B-LTA を指定し、長期保存でタイムスタンプを更新してください。",
        ),
    ),
    _entry(
        "ASSURANCE_NEED_ABROAD_EU",
        (
            (
                "A Japanese accreditation is not “qualified” in the Union unless an agreement says so; without one it counts "
                "as not qualified, and is still admissible."
            ),
            "If the effect of “qualified” is needed there, use a provider on a Member State's trusted list.",
        ),
        (
            "日本の認定は、国際協定がない限り EU の「適格」とは扱われません（適格でなくても証拠として認められます）。",
            "EU で「適格」の効果が必要な場合は、加盟国のトラステッドリストにある事業者を使ってください。",
        ),
    ),
    _entry(
        "ASSURANCE_NEED_ABROAD_ELSEWHERE",
        (
            "What it is worth there is decided by that country's law, which is not held here.",
            "Ask counsel there; agree on the form in the contract.",
        ),
        (
            "その国での効力は現地の法令により決まります（ここでは扱っていません）。",
            "現地の専門家に確認し、契約で形式を合意してください。",
        ),
    ),
    _entry(
        "ASSURANCE_NEED_NOTHING",
        (
            "Nothing must be shown: no trust service is needed.",
            "Come back when something must be shown later.",
        ),
        (
            "後から示すべきものがないため、トラストサービスは不要です。",
            "示す必要が生じたときに、改めて確認してください。",
        ),
    ),
)

_MATTERS_EN = "Confirm with counsel before anything hangs on it."
_MATTERS_JA = "重要な判断の前に専門家に確認してください。"
_EFFECTS = tuple(
    _entry(f"ASSURANCE_EFFECT_{code}", (en, _MATTERS_EN), (ja, _MATTERS_JA))
    for code, en, ja in (
        (
            "NOT_DENIED",
            (
                "It is not denied effect or admissibility as evidence merely for being electronic or not qualified; what it "
                "proves must be shown."
            ),
            "電子的であること、または適格でないことだけを理由に、効力や証拠能力を否定されません。何を証明するかは立証が必要です。",
        ),
        (
            "EU_SIGNATURE_ADVANCED",
            (
                "It is not denied effect or admissibility as evidence; and because it is uniquely linked to the signatory, "
                "identifies them, is under their sole control and shows any change, its proof is easy."
            ),
            "効力や証拠能力を否定されません。署名者に固有に結び付き、署名者を識別し、単独の管理下で作成され、変更を検出できるため、立証が容易です。",
        ),
        (
            "EU_SIGNATURE_QUALIFIED",
            "It has the effect of a handwritten signature, and every Member State recognises it as qualified.",
            "手書き署名と同等の法的効力を持ち、すべての加盟国で適格と認められます。",
        ),
        (
            "JP_SIGNATURE_PLAIN",
            "It is an electronic signature if it shows who made the record and that it was not changed; no presumption.",
            "作成者を示し改変の有無を確認できれば電子署名に当たりますが、推定の効果はありません。",
        ),
        (
            "JP_SIGNATURE_EXCLUSIVE",
            (
                "The record is presumed genuine if the person signed it in a way that, with proper care of keys, they alone "
                "can."
            ),
            "本人だけが行うことができる電子署名（符号・物件を適正に管理する場合）があれば、真正に成立したものと推定されます。",
        ),
        (
            "JP_SIGNATURE_ACCREDITED",
            (
                "The record is presumed genuine as under §3; and because an accredited certification business identified the "
                "signer, it is easier to show that it was this person."
            ),
            "第 3 条により真正に成立したものと推定されます。認定認証業務により利用者の真偽が確認されているため、本人による署名であることの立証も容易です。",
        ),
        (
            "EU_SEAL_ADVANCED",
            "It is not denied effect or admissibility as evidence; it is uniquely linked to its creator, identifies it, and shows any change.",
            "効力や証拠能力を否定されません。作成者に固有に結び付き、作成者を識別し、変更を検出できます。",
        ),
        (
            "EU_SEAL_QUALIFIED",
            "The data's integrity and the correctness of their origin are presumed, in every Member State.",
            "すべての加盟国で、データの完全性と発行元の正しさが推定されます。",
        ),
        (
            "JP_SEAL_1",
            "No law gives it an effect of its own; a court weighs it freely. It is not accredited.",
            "固有の法的効力を定める法律はなく、裁判所の自由心証によります。大臣認定はありません。",
        ),
        (
            "JP_SEAL_2",
            "No law gives it a presumption; but the certification service behind it is accredited by the Minister.",
            "推定を定める法律はありませんが、認証業務が総務大臣の認定を受けています。",
        ),
        (
            "EU_TIME_STAMP_QUALIFIED",
            "The accuracy of date and time and the integrity of the data are presumed, in every Member State.",
            "すべての加盟国で、日時の正確さとデータの完全性が推定されます。",
        ),
        (
            "JP_FREE_EVALUATION",
            "No law gives it an effect of its own; a court weighs it freely.",
            "固有の法的効力を定める法律はなく、裁判所の自由心証によります。",
        ),
        (
            "JP_TIME_STAMP_ACCREDITED",
            "No law gives it a presumption; but where tax rules ask for a time-stamp, as for scanned papers, it is this one.",
            "推定を定める法律はありませんが、スキャナ保存など税務の要件で求められるのは認定タイムスタンプです。",
        ),
        (
            "EU_DELIVERY_QUALIFIED",
            "Integrity, sending by the identified sender, receipt by the identified addressee, and both times are presumed.",
            "完全性、識別された送信者による送信、識別された受信者による受信、送受信日時の正確さが推定されます。",
        ),
        (
            "JP_DELIVERY",
            (
                "No law gives electronic delivery an effect of its own; a declaration takes effect on arrival, which its "
                "evidence helps to show."
            ),
            "電子配達に固有の法的効力を定める法律はありません。意思表示は到達時に効力を生じ、配達の証拠は到達の立証に役立ちます。",
        ),
        (
            "EU_PRESERVATION_QUALIFIED",
            (
                "Qualified preservation keeps signatures and seals trustworthy beyond their technology; what a qualified "
                "archive holds is presumed whole and of its origin while it holds it."
            ),
            "適格保存は署名・e シールの信頼性を技術的な期限を超えて維持します。適格アーカイブの保管中は、完全性と出所が推定されます。",
        ),
        (
            "JP_PRESERVATION",
            (
                "Where a law demands keeping, electronic keeping is allowed under its conditions (truth, legibility, search); "
                "no presumption follows from it."
            ),
            "法令上の保存義務は、要件（真実性・見読性・検索性など）を満たせば電子保存で果たせます。推定の効果はありません。",
        ),
    )
)

ENTRIES = (*_NEEDS, *_EFFECTS)
