"""Words of the standards that stand in reasons' parameters, as a person reads them."""

from __future__ import annotations

from shirushi.core.catalogue import Language

_WORDS = {
    ("why", "UNSPECIFIED"): ("理由は示されていません", "no reason given"),
    ("why", "KEY_COMPROMISE"): ("鍵の漏えい", "the key was compromised"),
    ("why", "CA_COMPROMISE"): ("認証局の鍵の漏えい", "the authority’s key was compromised"),
    ("why", "AFFILIATION_CHANGED"): ("所属の変更", "the affiliation changed"),
    ("why", "SUPERSEDED"): ("証明書の差し替え", "another certificate took its place"),
    ("why", "CESSATION_OF_OPERATION"): ("業務の終了", "its operation ended"),
    ("why", "CERTIFICATE_HOLD"): ("一時停止", "on hold"),
    ("why", "PRIVILEGE_WITHDRAWN"): ("権限の取消し", "a privilege was withdrawn"),
    ("why", "AA_COMPROMISE"): ("属性認証局の鍵の漏えい", "the attribute authority’s key was compromised"),
    ("time_stamp", "content"): ("署名前の内容に対するもの", "on the content, before signing"),
    ("time_stamp", "signature"): ("署名に対するもの", "on the signature"),
    ("time_stamp", "document"): ("文書全体に対するもの", "on the whole document"),
    ("time_stamp", "archive"): ("長期保存のためのもの", "for the archive"),
    ("time_stamp", "evidence-record"): ("エビデンスレコードのもの", "of an evidence record"),
    ("name", "message-digest"): ("文書の内容", "the content"),
    ("name", "1.2.840.113549.1.7.1"): ("文書の内容", "the content"),
    ("name", "?"): ("文書", "the document"),
    ("name", "message-imprint"): ("タイムスタンプの対象", "the file that was time-stamped"),
}
"""By a parameter's name and its value: in Japanese and in English."""


def word(parameter: str, value: str, language: Language) -> str:
    """The value as a person reads it; itself where the standards have no word for it."""
    japanese, english = _WORDS.get((parameter, value), (value, value))
    return japanese if language == "ja" else english
