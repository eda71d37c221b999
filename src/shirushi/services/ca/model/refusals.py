"""Why certification requests of subjects are refused."""

from __future__ import annotations

from shirushi.core.errors import ShirushiError


class SubjectKeyCompromised(ShirushiError):
    """A public key whose private half is known, or can be computed, or was revoked here as compromised."""

    code = "SUBJECT_KEY_COMPROMISED"


class SubjectNameConfusable(ShirushiError):
    """A name that looks like another: scripts mixed within a word, or letters that only look Latin."""

    code = "SUBJECT_NAME_CONFUSABLE"


class RequestMalformedPkcs10(ShirushiError):
    """What was sent is no certification request (RFC 2986), or not in DER."""

    code = "CSR_MALFORMED"


class RequestSignatureWrong(ShirushiError):
    """The request's own signature is wrong: it does not show that the subject holds the key."""

    code = "CSR_SIGNATURE_WRONG"


class RequestAttributeRefused(ShirushiError):
    """The request has an attribute other than extensionRequest, such as a challenge password."""

    code = "CSR_ATTRIBUTE_REFUSED"


class RequestExtensionRefused(ShirushiError):
    """The request asks for an extension that its profile does not give."""

    code = "CSR_EXTENSION_REFUSED"


class RenewalRefused(ShirushiError):
    """The certificate is not in force, or the request is not for what it certifies."""

    code = "CSR_RENEWAL_REFUSED"


class RequestUnknown(ShirushiError):
    """No certification request of that number waits here."""

    code = "CSR_UNKNOWN"


class RequestDecided(ShirushiError):
    """The request was decided already, or not yet as it must be."""

    code = "CSR_DECIDED"


class RequestOwn(RequestDecided):
    """Whoever made the request may not approve it: its profile demands four eyes."""

    code = "CSR_OWN"
