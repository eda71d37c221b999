"""What the facets mean that assurance levels are drawn from."""

from shirushi.core.catalogue import Entry, Text

_PUT_EN = "Put this in place, and keep the evidence of it."
_PUT_JA = "これを実施し、その記録を残してください。"

_FACETS = {
    "DOCUMENT": (
        "An identity document guaranteed by its issuer was presented, be it as an image.",
        "発行元が保証する本人確認書類が提示された（画像を含む）",
    ),
    "DOCUMENT_ORIGINAL": (
        "The original document was examined, with its security features.",
        "書類の原本と偽造防止の特徴を確認した",
    ),
    "SECOND_DOCUMENT": ("A second, independent document was presented.", "独立した 2 点目の書類が提示された"),
    "CHIP_VERIFIED": (
        "The document's chip, or an electronic credential, was read and its issuer's signature verified.",
        "IC チップまたは電子的な証明を読み取り、発行元の署名を検証した",
    ),
    "SOURCE_CHECKED": (
        "The data and their validity were confirmed with the issuer or another authoritative source.",
        "内容と有効性を発行元または信頼できる情報源に照会した",
    ),
    "FACE_COMPARED": (
        "The person's face, or another biometric, was compared with the document's or the source's.",
        "本人の顔または他の生体情報を書類や情報源のものと照合した",
    ),
    "LIVENESS": (
        "A check in real time showed a living person present.",
        "リアルタイムの確認で、生きた本人がその場にいることを確かめた",
    ),
    "CREDENTIAL_PIN": (
        "The person proved control of the credential, by its PIN or an equal authentication.",
        "PIN などの認証により、証明書類の保有者本人であることを確かめた",
    ),
    "ADDRESS_CONFIRMED": (
        "The address of record was confirmed, as by a code sent to it.",
        "登録住所を、確認コードの送付などで確かめた",
    ),
    "SUPERVISED_REMOTE": (
        "A trained operator supervised the remote session from end to end.",
        "訓練を受けた担当者が遠隔の手続を終始監督した",
    ),
    "IN_PERSON": ("The identity was checked face to face.", "対面で身元を確認した"),
    "IN_PERSON_AT_HANDOVER": (
        "The application came online; the identity was checked face to face at handover.",
        "オンラインで申し込み、受け取り時に対面で身元を確認した",
    ),
    "TRAINED_CHECKER": (
        "The checker was trained, and their authority to check is recognised.",
        "確認者は訓練を受け、確認者としての正当性が認められている",
    ),
    "BIOMETRIC_KEPT": (
        "A biometric sample was taken and kept, against repudiation.",
        "否認防止のため、生体情報を取得して保管した",
    ),
    "ATTENDED": (
        "A person conducted the check, face to face or in a supervised remote session.",
        "対面、または監督された遠隔の手続で、担当者が確認した",
    ),
    "FACTOR_KNOWLEDGE": ("Something the person knows was used.", "知識要素を使った"),
    "FACTOR_POSSESSION": ("Something the person has was used.", "所持要素を使った"),
    "FACTOR_BIOMETRIC": ("Something the person is was used.", "生体要素を使った"),
    "ONE_FACTOR": ("At least one factor authenticates.", "少なくとも 1 要素で認証する"),
    "TWO_FACTORS": ("Two factors of different kinds authenticate.", "種類の異なる 2 要素で認証する"),
    "ONE_TIME_CODE": ("A one-time code was used.", "ワンタイムパスワードを使った"),
    "CRYPTOGRAPHIC_KEY": (
        "Possession of a key was proved by a cryptographic protocol.",
        "暗号プロトコルで鍵の所持を証明した",
    ),
    "DYNAMIC": (
        "The proof changes with each authentication (dynamic authentication).",
        "認証のたびに証明が変わる（動的認証）",
    ),
    "HARDWARE": (
        "The authenticator is tamper-resistant hardware.",
        "認証器は耐タンパー性を持つハードウェアである",
    ),
    "KEY_NOT_EXPORTABLE": ("The key cannot leave the hardware.", "鍵をハードウェアの外に取り出せない"),
    "SYNCED": (
        "The key is synchronised between devices, as a synced passkey is.",
        "鍵が端末間で同期される（同期パスキー）",
    ),
    "SOFTWARE_ALTERNATIVE": (
        "A software token may be used in the hardware's place.",
        "ハードウェアの代わりにソフトウェアトークンも使える",
    ),
    "PHISHING_RESISTANT": (
        "The authentication resists a verifier that is impersonated (phishing).",
        "検証者のなりすまし（フィッシング）に耐性がある",
    ),
    "REPLAY_RESISTANT": ("A recorded authentication cannot be replayed.", "認証の記録を再利用できない"),
    "APPROVED_CRYPTOGRAPHY": ("The cryptography is approved.", "承認された暗号を使っている"),
    "AUTHENTICATED_CHANNEL": (
        "The channel to the verifier is authenticated and protected.",
        "検証者との間に認証済みの保護された通信路がある",
    ),
    "HIGH_ATTACK_POTENTIAL": (
        "The means was evaluated against attackers of high attack potential.",
        "高い攻撃能力を持つ攻撃者への耐性が評価されている",
    ),
    "DUTIES_TOLD": (
        "The holder was told their duties, and how to report loss.",
        "保有者に義務と紛失時の連絡方法を伝えている",
    ),
    "LOCKOUT": (
        "Failed attempts are limited and lock the account.",
        "失敗回数を制限し、アカウントをロックする",
    ),
    "ASSERTION_SIGNED": ("The assertion is signed.", "アサーションに署名がある"),
    "ASSERTION_ENCRYPTED": (
        "The assertion is encrypted so that the relying party alone can read it.",
        "アサーションは連携先だけが復号できるよう暗号化されている",
    ),
    "HOLDER_OF_KEY": (
        "The assertion names the user's key, and the user proves possession of it to the relying party.",
        "アサーションが利用者の鍵を示し、利用者がその所持を連携先に証明する",
    ),
    "BOUND_AUTHENTICATOR": (
        "The user authenticates to the relying party with an authenticator bound there.",
        "利用者が連携先に紐付けられた認証器で認証する",
    ),
    "INJECTION_PROTECTED": (
        "The relying party is protected against injected assertions.",
        "連携先はアサーションの注入攻撃から保護されている",
    ),
    "TRUST_AGREEMENT": (
        "Provider and relying party agreed on the federation beforehand.",
        "連携元と連携先の間で事前に合意がある",
    ),
    "USER_VERIFIABLE": (
        "The receiver can check that the user is the rightful one.",
        "連携先で利用者の正当性を確認できる",
    ),
}

ENTRIES = tuple(
    Entry(f"ASSURANCE_FACT_{name}", en=Text(en, _PUT_EN), ja=Text(f"{ja}。", _PUT_JA))
    for name, (en, ja) in _FACETS.items()
)
