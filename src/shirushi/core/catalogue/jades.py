"""What is wrong with JSON and its signatures, what keeps one from a JAdES baseline level, and why one is not made."""

from shirushi.core.catalogue import Entry, Text

_COPY_EN = "Do not rely on this signature. Get the document again from its signer and compare."
_COPY_JA = "この署名に依拠せず、署名者から文書を取り寄せ直して比較してください。"
_MAKER_EN = "Ask the signer to sign again with a program that makes JAdES baseline signatures."
_MAKER_JA = "JAdES ベースライン署名に対応したソフトで署名し直すよう、署名者に依頼してください。"
_WHOLE_EN = "Check that the file is complete, or get it again from where it came."
_WHOLE_JA = "ファイルが欠けていないか確認するか、入手元からもう一度取得してください。"

ENTRIES = (
    Entry(
        "JSON_MALFORMED",
        en=Text("This is no JSON that can be read here: {detail}.", _WHOLE_EN),
        ja=Text("JSON として読み取れません: {detail}", _WHOLE_JA),
    ),
    Entry(
        "JSON_MEMBER_REPEATED",
        en=Text(
            "The member {member} stands twice in one JSON object, so that two programs could read two different things.",
            "Do not rely on the file. Ask whoever made it for one in which each member stands once.",
        ),
        ja=Text(
            "一つの JSON オブジェクトに {member} が重複しており、ソフトによって異なる内容に読めてしまいます。",
            "このファイルに依拠せず、重複のないファイルを作成元に依頼してください。",
        ),
    ),
    Entry(
        "JSON_TOO_COMPLEX",
        en=Text(
            "The JSON holds more than is read here ({what}: more than {limit}).",
            "If the file is honest, split it; if you do not know its origin, do not open it.",
        ),
        ja=Text(
            "JSON が読み取りの上限を超えています（{what}: 上限 {limit}）。",
            "正当なファイルであれば分割してください。出所が不明なファイルは開かないでください。",
        ),
    ),
    Entry(
        "JWS_MALFORMED",
        en=Text("This is no JSON Web Signature that can be read here: {detail}.", _WHOLE_EN),
        ja=Text("JSON Web Signature（JWS）として読み取れません: {detail}", _WHOLE_JA),
    ),
    Entry(
        "JADES_PARAMETER_MALFORMED",
        en=Text("The header parameter {parameter} of the signature cannot be read.", _MAKER_EN),
        ja=Text("署名のヘッダーの {parameter} を読み取れません。", _MAKER_JA),
    ),
    Entry(
        "JADES_UNPROTECTED_PARAMETER",
        en=Text(
            "The header parameter {parameter} stands where it is not protected: anyone could have put it there, and it "
            "counts for nothing.",
            _COPY_EN,
        ),
        ja=Text(
            "ヘッダーの {parameter} が署名で保護されない場所にあります。誰でも書き加えられるため、無効として扱います。",
            _COPY_JA,
        ),
    ),
    Entry(
        "JADES_CRIT_MALFORMED",
        en=Text(
            "The signature does not list rightly what a reader must understand ({parameter} in crit), as RFC 7515 and RFC "
            "7797 demand.",
            _MAKER_EN,
        ),
        ja=Text(
            "検証側が必ず理解すべき項目の一覧（crit の {parameter}）が、RFC 7515 と RFC 7797 の定めに合っていません。",
            _MAKER_JA,
        ),
    ),
    Entry(
        "JADES_CRIT_NOT_UNDERSTOOD",
        en=Text(
            "The signature says that {parameter} must be understood, and it is not known here.",
            "Have the signature checked with the program for which it was made.",
        ),
        ja=Text(
            "署名が理解を必須としている {parameter} に、本システムは対応していません。",
            "署名の作成時に想定されたソフトで検証してください。",
        ),
    ),
    Entry(
        "JADES_ALGORITHM_FORBIDDEN",
        en=Text(
            "The algorithm {algorithm} is no signature: whoever can check it could have made it.",
            "Do not rely on the document. Ask for one with a digital signature.",
        ),
        ja=Text(
            "アルゴリズム {algorithm} は署名ではありません。検証できる人なら誰でも作成できます。",
            "この文書に依拠せず、電子署名が付いたものを求めてください。",
        ),
    ),
    Entry(
        "JADES_SIGNING_TIMES",
        en=Text("The signature claims its time twice (iat and sigT), where one may stand.", _MAKER_EN),
        ja=Text("署名時刻が iat と sigT の二か所に書かれています（一つしか置けません）。", _MAKER_JA),
    ),
    Entry(
        "JADES_SIG_T_ENDED",
        en=Text(
            "The signature states its time as sigT, which ended on 2025-07-15: iat took its place.", _MAKER_EN
        ),
        ja=Text(
            "署名時刻が sigT で書かれていますが、2025年7月15日以降の署名では iat を使う必要があります。",
            _MAKER_JA,
        ),
    ),
    Entry(
        "JADES_REFERENCES_REPEATED",
        en=Text("The signature names its certificate in more than one way, where one is allowed.", _MAKER_EN),
        ja=Text("署名者の証明書が複数の方法で示されています（一つしか使えません）。", _MAKER_JA),
    ),
    Entry(
        "JADES_PARAMETER_MISSING",
        en=Text("The signature lacks {parameter}, which JAdES baseline demands.", _MAKER_EN),
        ja=Text("JAdES ベースラインに必要な {parameter} がありません。", _MAKER_JA),
    ),
    Entry(
        "JADES_NOT_JADES",
        en=Text("A plain JSON Web Signature (JWS): it says nothing of what JAdES demands.", _MAKER_EN),
        ja=Text("JAdES に必要な項目を含まない、単純な JSON Web Signature（JWS）です。", _MAKER_JA),
    ),
    Entry(
        "JADES_LEGACY_LEVEL",
        en=Text(
            "The signature is of the level {level}, which rests on references to validation data.",
            "It can be judged while what it refers to can still be had. Have it renewed at a baseline level.",
        ),
        ja=Text(
            "検証情報への参照に基づく、レベル {level} の署名です。",
            "参照先を入手できる間は検証できます。ベースラインのレベルで更新するよう手配してください。",
        ),
    ),
    Entry(
        "JADES_UNSIGNED_MIXED",
        en=Text(
            "What was added to the signature (etsiU) stands partly in the clear and partly encoded, which is not allowed.",
            _MAKER_EN,
        ),
        ja=Text(
            "署名への追加情報（etsiU）に、平文のものと符号化されたものが混在しています（許されていません）。",
            _MAKER_JA,
        ),
    ),
    Entry(
        "JADES_PAYLOAD_MALFORMED",
        en=Text("The signed content is not in the encoding that the signature says (base64url).", _COPY_EN),
        ja=Text("署名された内容が、署名の示す符号化（base64url）になっていません。", _COPY_JA),
    ),
    Entry(
        "JADES_PAYLOAD_AMBIGUOUS",
        en=Text(
            "The signatures disagree on how the content is encoded (b64), so that it could be read as two things.",
            _COPY_EN,
        ),
        ja=Text("内容の符号化（b64）が署名ごとに異なり、二通りに読めてしまいます。", _COPY_JA),
    ),
    Entry(
        "JADES_PAYLOAD_BESIDE_SIGD",
        en=Text(
            "The signature holds content of its own although it says that it covers other files (sigD).",
            _COPY_EN,
        ),
        ja=Text("別のファイルを対象とする署名（sigD）なのに、署名自体にも内容が含まれています。", _COPY_JA),
    ),
    Entry(
        "JADES_MECHANISM_UNKNOWN",
        en=Text(
            "The signature names the files that it covers in a way that is not known here ({mechanism}).",
            "Have the signature checked with the program for which it was made.",
        ),
        ja=Text(
            "署名対象のファイルの示し方（{mechanism}）に、本システムは対応していません。",
            "署名の作成時に想定されたソフトで検証してください。",
        ),
    ),
    Entry(
        "JADES_CANONICALIZATION_UNKNOWN",
        en=Text(
            "What a time-stamp covers cannot be told: {detail}.",
            "Have the signature checked with the program for which it was made.",
        ),
        ja=Text(
            "タイムスタンプの対象を特定できません: {detail}",
            "署名の作成時に想定されたソフトで検証してください。",
        ),
    ),
    Entry(
        "JADES_COUNTER_SIGNATURE_FOREIGN",
        en=Text("The counter-signature does not cover the signature in which it stands.", _COPY_EN),
        ja=Text("副署（カウンター署名）が、それを含む署名を対象にしていません。", _COPY_JA),
    ),
    Entry(
        "JADES_PARAMETER_UNSUPPORTED",
        en=Text("A JSON signature has no place for {parameter}.", "Leave it out, or sign a PDF instead."),
        ja=Text(
            "JSON 署名には {parameter} を入れる場所がありません。",
            "指定を外すか、PDF に署名してください。",
        ),
        exit_status=2,
    ),
    Entry(
        "JADES_BREAKS_TIME_STAMP",
        en=Text(
            "An archive time-stamp covers the counter-signature inside {signature}, which can no longer be changed.",
            "Renew the signature around it instead.",
        ),
        ja=Text(
            "署名 {signature} の中の副署（カウンター署名）は、アーカイブタイムスタンプの対象のため変更できません。",
            "それを含む署名のほうを更新してください。",
        ),
    ),
    Entry(
        "JADES_SIGNATURE_NOT_FOUND",
        en=Text(
            "The document holds no JSON signature {signature}.", "Name a signature that the document holds."
        ),
        ja=Text("文書に JSON 署名 {signature} がありません。", "文書に含まれる署名を指定してください。"),
    ),
    Entry(
        "JADES_CONTENT_MISSING",
        en=Text(
            "The content that the signature covers is needed as well ({name}).",
            "Give the signed files together with the signature.",
        ),
        ja=Text(
            "署名の対象となる内容（{name}）も必要です。",
            "署名と一緒に、署名対象のファイルを指定してください。",
        ),
    ),
    Entry(
        "JADES_PAYLOAD_UNFIT",
        en=Text(
            "This content cannot stand in a JSON signature ({serialization}) as it is: it is empty, no text, or holds "
            "characters that have a meaning there.",
            "Sign it detached, or let it be encoded.",
        ),
        ja=Text(
            "この内容はそのままでは JSON 署名（{serialization}）に入れられません。空であるか、テキストでないか、使えない文字が含まれています。",
            "分離署名にするか、符号化して署名してください。",
        ),
        exit_status=2,
    ),
)
