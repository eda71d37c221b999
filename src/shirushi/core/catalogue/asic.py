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
)
