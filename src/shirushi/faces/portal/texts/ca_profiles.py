"""The names of certificate profiles, each with a line on what it is for; and what their parts are called."""

TEXTS = {
    "ca.profiles.title": ("証明書の種類", "Kinds of certificates"),
    "ca.profiles.about": (
        "この認証局が発行できる証明書の一覧です。何に使うものかと、名義に必要な項目を示します。",
        "Everything that can be issued here: what it is for, and what the subject’s name must hold.",
    ),
    "ca.profiles.subjects": ("申請できるもの", "What can be asked for"),
    "ca.profiles.authorities": ("認証局のためのもの", "For authorities"),
    "ca.profiles.authorities.about": (
        "認証局を開設するときや相互認証のときに発行されます。申請の対象ではありません。",
        "Issued when an authority is established or cross-certified; nobody asks for them.",
    ),
    "ca.profiles.for": ("用途", "What it is for"),
    "ca.profiles.name": ("名義に必要な項目", "What the name must hold"),
    "ca.profiles.days": ("有効期間", "Valid for"),
    "ca.profiles.days.value": ("{count} 日", "{count} days"),
    "ca.profiles.or": ("または", "or"),
    "ca.profiles.four-eyes": (
        "承認には申請者以外の運用者が必要です。",
        "Another operator than who asks must approve.",
    ),
    "ca.profile.authentication": ("本人認証用（個人）", "Person’s authentication"),
    "ca.profile.authentication.about": (
        "個人がサービスへのサインインで本人であることを示すためのものです。文書の署名には使えません。",
        "A person signs in to services with it. It signs no documents.",
    ),
    "ca.profile.card-authentication": ("カード認証用", "Card authentication"),
    "ca.profile.card-authentication.about": (
        "入退室などで、PIN を入れずにカードそのものが本物であることを確かめます（PIV 形式）。",
        "Doors and gates learn that a card is genuine, without a PIN (in the manner of PIV).",
    ),
    "ca.profile.cross": ("相互認証証明書", "Cross-certificate"),
    "ca.profile.cross.about": (
        "別の認証局、または同じ認証局の別の鍵を信頼の経路に加えます。ポリシーの対応付けもできます。",
        "Takes another authority, or another key of one, into the paths of trust; maps policies where asked.",
    ),
    "ca.profile.device": ("機器用", "Device"),
    "ca.profile.device.about": (
        "センサーや端末などの機器が、ネットワーク上で自らを証明します。EST での自動登録に向きます。",
        "A sensor or terminal shows on the network what it is. Well suited to enrolment by EST.",
    ),
    "ca.profile.document-encryption": ("文書の暗号化用", "Document encryption"),
    "ca.profile.document-encryption.about": (
        "この証明書の持ち主だけが読めるように文書を暗号化します。署名には使えません。",
        "Documents are encrypted so that its holder alone can read them. It does not sign.",
    ),
    "ca.profile.e-seal": ("eシール用", "E-seal"),
    "ca.profile.e-seal.about": (
        "請求書などがその組織から発行され、改ざんされていないことを示します（QCP-l）。",
        "Shows that invoices and the like come from an organisation and are unchanged (QCP-l).",
    ),
    "ca.profile.e-seal-qscd": ("eシール用（適格装置）", "E-seal, key in a qualified device"),
    "ca.profile.e-seal-qscd.about": (
        "鍵を適格電子シール生成装置に置く eシールです（QCP-l-qscd）。",
        "An e-seal whose key is in a qualified seal creation device (QCP-l-qscd).",
    ),
    "ca.profile.issuing": ("発行認証局", "Issuing authority"),
    "ca.profile.issuing.about": (
        "個人・組織・機器に証明書を発行する認証局です。ルート認証局の下に置きます。",
        "The authority that issues to people, organisations and devices, below a root.",
    ),
    "ca.profile.ocsp-responder": ("OCSP レスポンダー", "OCSP responder"),
    "ca.profile.ocsp-responder.about": (
        "証明書が失効していないかという問い合わせに、認証局に代わって署名付きで答えます。",
        "Answers for an authority, with a signature, whether a certificate was revoked.",
    ),
    "ca.profile.official-seal": ("官職証明書（公文書用）", "Official seal of a post"),
    "ca.profile.official-seal.about": (
        "大臣や局長などの官職が公文書に付ける電子的な印です。日本語とローマ字の両方の名称が必要です。",
        "The seal of a post on government documents. Its name stands in Japanese and in Latin letters.",
    ),
    "ca.profile.person-signature": ("個人の署名用", "Person’s signature"),
    "ca.profile.person-signature.about": (
        "個人が契約書などに電子署名を付けるためのものです（QCP-n）。",
        "A person signs contracts and other documents with it (QCP-n).",
    ),
    "ca.profile.person-signature-ncp": ("個人の署名用（NCP+）", "Person’s signature (NCP+)"),
    "ca.profile.person-signature-ncp.about": (
        "適格証明書としない個人の電子署名用です。電子署名法の認定業務などに使います。",
        "A person’s signature without the claim of being qualified, as for certification under Japan’s signature act.",
    ),
    "ca.profile.person-signature-qscd": (
        "個人の署名用（適格装置）",
        "Person’s signature, key in a qualified device",
    ),
    "ca.profile.person-signature-qscd.about": (
        "鍵を適格電子署名生成装置に置く個人の署名です。手書きの署名と同等に扱われます（QCP-n-qscd）。",
        "A person’s signature whose key is in a qualified device, equal to one by hand (QCP-n-qscd).",
    ),
    "ca.profile.root": ("ルート認証局", "Root authority"),
    "ca.profile.root.about": (
        "信頼の起点です。自らの鍵で署名し、発行認証局だけに証明書を発行します。",
        "Where trust begins: it signs itself, and issues to issuing authorities alone.",
    ),
    "ca.profile.tls-client": ("TLS クライアント", "TLS client"),
    "ca.profile.tls-client.about": (
        "プログラムや端末が TLS 接続の際に自らを証明します。",
        "A program or a terminal shows who it is when it connects by TLS.",
    ),
    "ca.profile.tls-server": ("TLS サーバー", "TLS server"),
    "ca.profile.tls-server.about": (
        "サーバーのホスト名を証明します。期間が短く、ACME での自動更新に向きます。",
        "Vouches for a server’s host names. Short-lived, and well suited to renewal by ACME.",
    ),
    "ca.profile.tsu": ("タイムスタンプユニット", "Time-stamping unit"),
    "ca.profile.tsu.about": (
        "タイムスタンプに署名する装置のためのものです。鍵の利用期間は短く、証明書の有効期間は長くします。",
        "For the unit that signs time-stamps: its key is used for a while, its certificate stays valid for long.",
    ),
    "ca.profile.website": ("ウェブサイト（組織の実在を証明）", "Website of an organisation"),
    "ca.profile.website.about": (
        "ウェブサイトの運営組織が実在することまで証明します（QCP-w）。",
        "Vouches for a website and for the organisation behind it (QCP-w).",
    ),
    "ca.attribute.commonName": ("名称（CN）", "Common name"),
    "ca.attribute.surname": ("姓", "Surname"),
    "ca.attribute.givenName": ("名", "Given name"),
    "ca.attribute.pseudonym": ("仮名", "Pseudonym"),
    "ca.attribute.serialNumber": ("識別番号", "Serial number of the subject"),
    "ca.attribute.countryName": ("国", "Country"),
    "ca.attribute.organizationName": ("組織名", "Organisation"),
    "ca.attribute.organizationalUnitName": ("部署", "Organisational unit"),
    "ca.attribute.organizationIdentifier": ("法人番号など", "Organisation identifier"),
    "ca.attribute.localityName": ("市区町村", "Locality"),
    "ca.attribute.stateOrProvinceName": ("都道府県", "State or province"),
    "ca.attribute.title": ("役職", "Title"),
    "ca.attribute.emailAddress": ("メールアドレス", "E-mail"),
}
