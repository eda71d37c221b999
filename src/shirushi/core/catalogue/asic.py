"""Errors and reasons of archives and of ASiC containers (EN 319 162-1)."""

from shirushi.core.catalogue import Entry, Text

_COPY_EN = "Get the file again from its sender; do not open it with other programs."
_COPY_JA = "送信元からファイルを入手し直してください。ほかのソフトでも開かないでください。"
_AGAIN_EN = "Ask the signer for a container made by a program that conforms to EN 319 162-1."
_AGAIN_JA = "EN 319 162-1 に適合したソフトで作成したコンテナーを、署名者に依頼してください。"

ENTRIES = (
    Entry(
        "ZIP_MALFORMED",
        en=Text("The archive is damaged or ambiguous: {detail}.", _COPY_EN),
        ja=Text("アーカイブが壊れているか、読み方が一通りに定まりません: {detail}", _COPY_JA),
    ),
    Entry(
        "ZIP_UNSUPPORTED",
        en=Text(
            "The archive uses something that is not read here: {detail}.",
            "Ask for an archive without encryption, in one file, stored or deflated.",
        ),
        ja=Text(
            "アーカイブが対応していない機能を使っています: {detail}",
            "暗号化や分割をせず、無圧縮または Deflate で作成したものを入手してください。",
        ),
    ),
    Entry(
        "ZIP_LIMIT_EXCEEDED",
        en=Text("The archive exceeds the limit of {limit}: {detail}.", _COPY_EN),
        ja=Text("アーカイブが上限 {limit} を超えています: {detail}", _COPY_JA),
        http_status=413,
    ),
    Entry(
        "ZIP_NAME_INVALID",
        en=Text(
            "The file name {name} cannot stand in an archive, or stands there twice.",
            "Rename the file and try again; do not unpack an archive that you were sent with such a name.",
        ),
        ja=Text(
            "ファイル名 {name} はアーカイブに使えないか、重複しています。",
            "ファイル名を変えてやり直してください。受け取ったアーカイブの場合は展開しないでください。",
        ),
    ),
    Entry(
        "ASIC_MALFORMED",
        en=Text("The file is no ASiC container: {detail}.", _AGAIN_EN),
        ja=Text("ASiC コンテナーではありません: {detail}", _AGAIN_JA),
    ),
    Entry(
        "ASIC_MANIFEST_MALFORMED",
        en=Text("The manifest {name} of the container cannot be read: {detail}.", _AGAIN_EN),
        ja=Text("コンテナーのマニフェスト {name} を読み取れません: {detail}", _AGAIN_JA),
    ),
    Entry(
        "ASIC_MANIFEST_UNREADABLE",
        en=Text("The manifest {name} of the container cannot be read: {detail}.", _AGAIN_EN),
        ja=Text("コンテナーのマニフェスト {name} を読み取れません: {detail}", _AGAIN_JA),
    ),
    Entry(
        "ASIC_DECLINED",
        en=Text(
            "The container is not made or changed as asked: {detail}.",
            "An ASiC-S takes one document; for several, choose ASiC-E. Rename documents whose names are reserved.",
        ),
        ja=Text(
            "指定どおりにはコンテナーを作成・変更できません: {detail}",
            "ASiC-S に入れられる文書は 1 つです。複数の場合は ASiC-E を選び、予約された名前の文書は名前を変えてください。",
        ),
    ),
    Entry(
        "ASIC_MIMETYPE_MISSING",
        en=Text("The container does not say what it is: the file mimetype is missing.", _AGAIN_EN),
        ja=Text("コンテナーの種類を示す mimetype ファイルがありません。", _AGAIN_JA),
    ),
    Entry(
        "ASIC_MIMETYPE_UNKNOWN",
        en=Text("The container says that it is something else: {media_type}.", _AGAIN_EN),
        ja=Text("コンテナーの mimetype が ASiC を示していません（{media_type}）。", _AGAIN_JA),
    ),
    Entry(
        "ASIC_MIMETYPE_MISPLACED",
        en=Text(
            "The file mimetype is not the first of the container, stored as it is, so others may not know the container.",
            _AGAIN_EN,
        ),
        ja=Text(
            "mimetype ファイルがコンテナーの先頭に無圧縮で置かれていないため、ほかのソフトが認識できないことがあります。",
            _AGAIN_JA,
        ),
    ),
    Entry(
        "ASIC_WITHOUT_DATA_OBJECT",
        en=Text(
            "The container holds nothing that could have been signed where its kind keeps documents.",
            "Ask the sender for the whole container; files must not be moved into folders of an ASiC-S.",
        ),
        ja=Text(
            "コンテナの所定の位置に、署名の対象となる文書がありません。",
            "送信者に完全なコンテナを依頼してください。ASiC-S では文書をフォルダに移さないでください。",
        ),
    ),
    Entry(
        "ASIC_DATA_OBJECT_COUNT",
        en=Text(
            "The container of the simple kind holds {count} documents where exactly one belongs.", _AGAIN_EN
        ),
        ja=Text("ASiC-S コンテナーに文書が {count} 件あります（1 件であるべきです）。", _AGAIN_JA),
    ),
    Entry(
        "ASIC_MANIFEST_MISSING",
        en=Text("No manifest says which documents the signature {name} covers.", _AGAIN_EN),
        ja=Text("署名 {name} の対象文書を示すマニフェストがありません。", _AGAIN_JA),
    ),
    Entry(
        "ASIC_MANIFEST_AMBIGUOUS",
        en=Text(
            "Several manifests claim the signature {name}, so that readers may differ over its documents.",
            _AGAIN_EN,
        ),
        ja=Text(
            "署名 {name} を指すマニフェストが複数あり、対象文書の解釈が分かれるおそれがあります。", _AGAIN_JA
        ),
    ),
    Entry(
        "ASIC_SIGNATURE_UNREADABLE",
        en=Text("The signature file {name} cannot be read and was left aside: {detail}.", _AGAIN_EN),
        ja=Text("署名ファイル {name} を読み取れなかったため、考慮していません: {detail}", _AGAIN_JA),
    ),
    Entry(
        "ASIC_FILE_NOT_COVERED",
        en=Text(
            "No signature of the container covers the file {name}.",
            "Do not rely on this file; ask the signer whether it belongs there.",
        ),
        ja=Text(
            "ファイル {name} はコンテナー内のどの署名の対象にもなっていません。",
            "このファイルには依拠せず、含まれるべきものかを署名者に確認してください。",
        ),
    ),
)
