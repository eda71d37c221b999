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
)
