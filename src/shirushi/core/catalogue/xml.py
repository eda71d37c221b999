"""What is wrong with bytes that should be XML."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "XML_MALFORMED",
        en=Text(
            "This is no XML that can be read here: {detail}.",
            "Check that the file is complete, or get it again from where it came.",
        ),
        ja=Text(
            "XML として読み取れません: {detail}",
            "ファイルが欠けていないか確認するか、入手元からもう一度取得してください。",
        ),
    ),
    Entry(
        "XML_DOCTYPE_REFUSED",
        en=Text(
            "The XML begins with a document type declaration (DOCTYPE), which is refused: with it, what people see could "
            "differ from what was signed.",
            "Ask whoever made the file for one without DOCTYPE.",
        ),
        ja=Text(
            "XML に文書型宣言（DOCTYPE）があるため受け付けません。表示内容と署名内容を食い違わせることができるためです。",
            "DOCTYPE を含まないファイルを作成元に依頼してください。",
        ),
    ),
    Entry(
        "XML_ENCODING_REFUSED",
        en=Text(
            "The XML is in the character encoding {encoding}, which is not read here.",
            "Ask for the file in UTF-8.",
        ),
        ja=Text(
            "XML の文字コード {encoding} には対応していません。",
            "UTF-8 で保存したファイルを用意してください。",
        ),
    ),
    Entry(
        "XML_TOO_COMPLEX",
        en=Text(
            "The XML holds more than is read here ({what}: more than {limit}).",
            "If the file is honest, split it; if you do not know its origin, do not open it.",
        ),
        ja=Text(
            "XML が読み取りの上限を超えています（{what}: 上限 {limit}）。",
            "正当なファイルであれば分割してください。出所が不明なファイルは開かないでください。",
        ),
    ),
    Entry(
        "XML_TRANSFORM_UNSUPPORTED",
        en=Text(
            "The signature covers its data through a transform that is not among the safe ones known here ({transform}).",
            "Ask the signer to sign again without it.",
        ),
        ja=Text(
            "署名対象に適用する変換 {transform} は、安全と確認できるものに含まれていません。",
            "この変換を使わずに署名し直すよう、署名者に依頼してください。",
        ),
    ),
    Entry(
        "XML_ID_AMBIGUOUS",
        en=Text(
            "The identifier {id} stands at several elements, so that nobody can tell which of them was signed.",
            "Do not rely on this document. Get it again from its signer.",
        ),
        ja=Text(
            "識別子 {id} が複数の要素に付いており、どれが署名されたのか判断できません。",
            "この文書に依拠せず、署名者から取り寄せ直してください。",
        ),
    ),
)
