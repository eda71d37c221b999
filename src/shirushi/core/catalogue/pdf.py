"""Why a PDF cannot be read, or cannot be signed as asked."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "PDF_MALFORMED",
        en=Text(
            "The file is not a well-formed PDF.", "Open it in a PDF program, save it anew, and try again."
        ),
        ja=Text(
            "PDFの形式が正しくありません。",
            "PDFソフトで開いて保存し直してから、もう一度お試しください。",
        ),
    ),
    Entry(
        "PDF_EMPTY",
        en=Text("The file is empty.", "Check that the file was stored or transferred completely."),
        ja=Text("ファイルが空です。", "保存や転送が最後まで終わっているかを確認してください。"),
    ),
    Entry(
        "PDF_NOT_A_PDF",
        en=Text(
            "The file is not a PDF: it does not begin with a PDF header.",
            "Choose a PDF file, or export the document as PDF first.",
        ),
        ja=Text(
            "PDFファイルではありません（先頭にPDFのヘッダーがありません）。",
            "PDFファイルを選ぶか、文書をPDFに書き出してからお試しください。",
        ),
    ),
    Entry(
        "PDF_TRUNCATED",
        en=Text(
            "The end of the PDF is missing.",
            "The file was probably cut while it was stored or transferred: get it again from its source.",
        ),
        ja=Text(
            "PDFの末尾が欠けています。",
            "保存や転送の途中で切れた可能性があります。元の場所から取得し直してください。",
        ),
    ),
    Entry(
        "PDF_ENCRYPTED",
        en=Text(
            "The PDF is encrypted, and encrypted PDFs are not supported.",
            "Save it without a password and without restrictions, if its author permits that, and try again.",
        ),
        ja=Text(
            "PDFが暗号化されています。暗号化されたPDFには対応していません。",
            "作成者の許可がある場合は、パスワードと制限を外して保存し直してからお試しください。",
        ),
    ),
    Entry(
        "PDF_XREF_DAMAGED",
        en=Text(
            "The PDF's list of objects is damaged (at byte {offset}).",
            "If the file carries signatures, get an undamaged copy; if not, save it anew in a PDF program.",
        ),
        ja=Text(
            "PDFの相互参照表が壊れています（{offset} バイト目）。",
            "署名付きの場合は壊れていない写しを入手し、署名がない場合はPDFソフトで保存し直してください。",
        ),
    ),
    Entry(
        "PDF_OBJECT_DAMAGED",
        en=Text(
            "Object {number} of the PDF is damaged (at byte {offset}).",
            "If the file carries signatures, get an undamaged copy; if not, save it anew in a PDF program.",
        ),
        ja=Text(
            "PDFのオブジェクト {number} が壊れています（{offset} バイト目）。",
            "署名付きの場合は壊れていない写しを入手し、署名がない場合はPDFソフトで保存し直してください。",
        ),
    ),
    Entry(
        "PDF_STRUCTURE_DAMAGED",
        en=Text(
            "The structure of the PDF is damaged: {place} is not what it must be.",
            "If the file carries signatures, get an undamaged copy; if not, save it anew in a PDF program.",
        ),
        ja=Text(
            "PDFの構造が壊れています（{place} が正しくありません）。",
            "署名付きの場合は壊れていない写しを入手し、署名がない場合はPDFソフトで保存し直してください。",
        ),
    ),
    Entry(
        "PDF_FILTER_UNSUPPORTED",
        en=Text(
            "The PDF keeps its structure in a compression that is not supported ({filter}).",
            "Save it anew in a current PDF program.",
        ),
        ja=Text(
            "PDFの構造が、対応していない圧縮方式（{filter}）で書かれています。",
            "新しいPDFソフトで保存し直してください。",
        ),
    ),
    Entry(
        "PDF_LIMIT_EXCEEDED",
        en=Text(
            "The PDF exceeds a safety limit: {limit}.",
            "Such files are mostly made to do harm. If it is genuine, save it anew in a PDF program.",
        ),
        ja=Text(
            "PDFが安全上の上限を超えています（{limit}）。",
            "悪意のあるファイルの可能性があります。正当なものであれば、PDFソフトで保存し直してください。",
        ),
    ),
    Entry(
        "PDF_PAGE_MISSING",
        en=Text("The PDF has no page {page}.", "Name a page that the document has."),
        ja=Text("PDFに {page} ページ目はありません。", "文書にあるページを指定してください。"),
    ),
    Entry(
        "PDF_DECLINED",
        en=Text("The PDF cannot be signed as asked.", "Change the request or the document and try again."),
        ja=Text(
            "このPDFには、指定のとおりに署名できません。", "指定または文書を変えて、もう一度お試しください。"
        ),
    ),
    Entry(
        "PDF_CERTIFIED_NO_CHANGES",
        en=Text(
            "An earlier signature (field {field!r}) permits no changes to this PDF, so another signature would break it.",
            "Time-stamp the document instead, or ask its author for a copy that permits further signatures.",
        ),
        ja=Text(
            "先の署名（フィールド {field!r}）が変更を一切許可していません。署名を加えると先の署名が無効になります。",
            "文書タイムスタンプを付けるか、追加の署名を許可した文書を作成者に依頼してください。",
        ),
    ),
    Entry(
        "PDF_CERTIFICATION_NOT_FIRST",
        en=Text(
            "The PDF is signed already; only the first signature can certify a document.",
            "Sign without certifying.",
        ),
        ja=Text(
            "すでに署名されています。文書を証明できるのは最初の署名だけです。",
            "証明ではなく、通常の署名を付けてください。",
        ),
    ),
    Entry(
        "PDF_FIELD_LOCKED",
        en=Text(
            "The field {field!r} is locked by an earlier signature (field {by!r}).",
            "Sign another field, or ask the author for a copy in which this field is not locked.",
        ),
        ja=Text(
            "フィールド {field!r} は、先の署名（フィールド {by!r}）によってロックされています。",
            "別のフィールドに署名するか、このフィールドをロックしていない文書を作成者に依頼してください。",
        ),
    ),
    Entry(
        "PDF_FIELD_SIGNED",
        en=Text("The field {field!r} is signed already.", "Name an empty field, or none to make a new one."),
        ja=Text(
            "フィールド {field!r} はすでに署名されています。",
            "空のフィールドを指定するか、指定せずに新しいフィールドを作ってください。",
        ),
    ),
    Entry(
        "PDF_FIELD_NOT_A_SIGNATURE",
        en=Text(
            "The field {field!r} is not a signature field that can be signed.",
            "Name an empty signature field, or none to make a new one.",
        ),
        ja=Text(
            "フィールド {field!r} は、署名できる署名フィールドではありません。",
            "空の署名フィールドを指定するか、指定せずに新しいフィールドを作ってください。",
        ),
    ),
    Entry(
        "PDF_FIELD_NAME_INVALID",
        en=Text(
            "{field!r} cannot be the name of a new field.",
            "Use a name that is not empty and has no full stop in it.",
        ),
        ja=Text(
            "{field!r} は新しいフィールドの名前に使えません。",
            "空でなく、ピリオドを含まない名前にしてください。",
        ),
    ),
    Entry(
        "PDF_SEED_VALUE_UNMET",
        en=Text(
            "The author of the field {field!r} demands something that is not fulfilled here: {constraint}.",
            "Sign another field or a new one, or ask the author to drop the demand.",
        ),
        ja=Text(
            "フィールド {field!r} の作成者が求める条件（{constraint}）を満たせません。",
            "別のフィールドか新しいフィールドに署名するか、条件を外すよう作成者に依頼してください。",
        ),
    ),
    Entry(
        "PDF_XFA_DYNAMIC",
        en=Text(
            "The PDF is a dynamic XFA form: what it shows is made anew at every opening, so there is nothing stable to sign.",
            "Print the filled form to a new PDF and sign that.",
        ),
        ja=Text(
            "動的XFAフォームです。開くたびに表示内容が作られるため、署名の対象が定まりません。",
            "記入済みのフォームを新しいPDFに印刷（出力）し、それに署名してください。",
        ),
    ),
    Entry(
        "PDF_MARK_OUTSIDE_PAGE",
        en=Text(
            "The visible mark does not lie on page {page}, which is {width} by {height} points.",
            "Move or shrink the mark.",
        ),
        ja=Text(
            "署名の表示が {page} ページ目（{width}×{height} ポイント）からはみ出しています。",
            "位置を動かすか、小さくしてください。",
        ),
    ),
    Entry(
        "PDF_RESERVED_TOO_SMALL",
        en=Text(
            "The signature takes {needed} bytes, but only {reserved} were reserved for it.",
            "Prepare the document again with more space reserved.",
        ),
        ja=Text(
            "署名には {needed} バイト必要ですが、{reserved} バイトしか確保されていません。",
            "より大きな領域を確保して、準備からやり直してください。",
        ),
    ),
    Entry(
        "PDF_NOTHING_TO_EXTEND",
        en=Text(
            "There is no signature in its own place in this PDF that could be extended ({signature}).",
            "Check that it is the signed document, not a copy saved anew by another program.",
        ),
        ja=Text(
            "この PDF には、延長できる署名がありません（{signature}）。",
            "別のソフトで保存し直した写しではなく、署名済みの文書そのものかを確認してください。",
        ),
    ),
    Entry(
        "PDF_PARAMETER_UNSUPPORTED",
        en=Text(
            "A signature in a PDF cannot say this: {parameter}.",
            "Leave it out, or choose a format that can say it.",
        ),
        ja=Text(
            "PDF の署名では次の項目を記録できません: {parameter}",
            "この項目を外すか、記録できる形式を選んでください。",
        ),
    ),
    Entry(
        "PDF_STAMP_NOT_OURS",
        en=Text(
            "The document is not the one for which this time-stamp was asked.",
            "Ask for the time-stamp again with the document as it is now.",
        ),
        ja=Text(
            "このタイムスタンプは、別の状態の文書に対して要求されたものです。",
            "現在の文書でタイムスタンプを要求し直してください。",
        ),
        http_status=409,
    ),
    Entry(
        "PDF_GLYPH_MISSING",
        en=Text(
            "The font of the visible mark has no glyph for {character!r} ({codepoint}).",
            "Write the text without this character, or choose a font that has it.",
        ),
        ja=Text(
            "署名の表示に使うフォントに文字 {character!r}（{codepoint}）がありません。",
            "この文字を使わずに書くか、この文字を含むフォントを選んでください。",
        ),
    ),
    Entry(
        "PDF_IMAGE_UNSUPPORTED",
        en=Text(
            "The image for the visible mark cannot be used ({detail}).",
            "Use a PNG, or a baseline or progressive JPEG in grey or RGB.",
        ),
        ja=Text(
            "署名の表示に使う画像が利用できません（{detail}）。",
            "PNG、またはグレースケールかRGBのJPEGを使ってください。",
        ),
    ),
    Entry(
        "PDF_FONT_UNUSABLE",
        en=Text(
            "The font for the visible mark cannot be embedded.",
            "Choose a TrueType font (.ttf) whose licence permits embedding.",
        ),
        ja=Text(
            "署名の表示に使うフォントを埋め込めません。",
            "埋め込みが許可されたTrueTypeフォント（.ttf）を選んでください。",
        ),
    ),
)
