"""What goes wrong between a browser and the portal."""

from shirushi.core.catalogue import Entry, Text

ENTRIES = (
    Entry(
        "PAGE_UNKNOWN",
        en=Text("There is no page at this address.", "Check the address, or begin at the start page."),
        ja=Text(
            "このアドレスのページはありません。",
            "アドレスを確認するか、トップページからお進みください。",
        ),
        http_status=404,
    ),
    Entry(
        "FORM_FOREIGN",
        en=Text(
            "This form was not sent from your own session, so nothing was done.",
            "Go back, load the page again, and send the form once more. Your browser must accept cookies.",
        ),
        ja=Text(
            "お使いのセッションから送られた内容と確認できないため、何も行いませんでした。",
            "前のページを再読み込みして、もう一度送信してください。Cookie を有効にする必要があります。",
        ),
        http_status=403,
    ),
    Entry(
        "FORM_MALFORMED",
        en=Text(
            "What was sent did not arrive whole, or is no form.",
            "Check the connection, then send it again.",
        ),
        ja=Text(
            "送信された内容が途中で切れたか、フォームの形式ではありません。",
            "通信状態を確認して、もう一度送信してください。",
        ),
    ),
    Entry(
        "UPLOAD_MISSING",
        en=Text("No file was chosen, or the file is empty.", "Choose a file that has content."),
        ja=Text("ファイルが選ばれていないか、空のファイルです。", "中身のあるファイルを選んでください。"),
    ),
    Entry(
        "UPLOAD_TOO_LARGE",
        en=Text(
            "The file is larger than {limit}, the most that can be sent here.",
            "Choose a smaller file, or use the command line, which knows no such limit.",
        ),
        ja=Text(
            "ファイルが上限の {limit} を超えています。",
            "小さいファイルを選ぶか、上限のないコマンドラインをお使いください。",
        ),
        http_status=413,
    ),
    Entry(
        "UPLOAD_GONE",
        en=Text(
            "This document is no longer here. Uploaded files are removed after {minutes} minutes without use.",
            "Choose the file again.",
        ),
        ja=Text(
            "この文書は残っていません。お預かりしたファイルは、操作がないと {minutes} 分で削除されます。",
            "ファイルをもう一度選んでください。",
        ),
        http_status=404,
    ),
    Entry(
        "NO_ROOM_FOR_UPLOADS",
        en=Text(
            "There is no room for further files at the moment.",
            "Try again in half an hour; if it stays so, tell the operator.",
        ),
        ja=Text(
            "現在、ファイルをお預かりできる空き容量がありません。",
            "30 分ほどたってからやり直し、続くようであれば運用者に連絡してください。",
        ),
        http_status=507,
    ),
)
