"""What can keep a signature from being made, or from being raised."""

from __future__ import annotations

from shirushi.core.errors import ShirushiError


class CredentialUnknown(ShirushiError):
    """No credential of that name."""

    code = "CREDENTIAL_UNKNOWN"


class CredentialExists(ShirushiError):
    """A credential of that name is there already."""

    code = "CREDENTIAL_EXISTS"


class CredentialExpired(ShirushiError):
    """The credential's certificate is not valid now."""

    code = "CREDENTIAL_EXPIRED"


class CredentialRevoked(ShirushiError):
    """The credential's certificate has been revoked."""

    code = "CREDENTIAL_REVOKED"


class ActivationForeign(ShirushiError):
    """The activation was given for another request or another credential."""

    code = "ACTIVATION_FOREIGN"


class WrongPin(ShirushiError):
    """The PIN is wrong; the attempt has been counted."""

    code = "WRONG_PIN"


class PinLocked(ShirushiError):
    """Too many wrong PINs: the credential is locked."""

    code = "PIN_LOCKED"


class LevelNotReached(ShirushiError):
    """The level asks for more than this service can supply."""

    code = "LEVEL_NOT_REACHED"


class NothingSigned(ShirushiError):
    """The document has no signature that could be extended."""

    code = "NOTHING_SIGNED"


class SignatureBroken(ShirushiError):
    """A signature of the document is not intact: extending would preserve nothing."""

    code = "SIGNATURE_BROKEN"


class ChainNotTrusted(ShirushiError):
    """No chain of the certificate leads to a trust anchor; `issuer` is where the longest ends, or what is wrong."""

    code = "CHAIN_NOT_TRUSTED"


class FormatUnknown(ShirushiError):
    """No format signs documents of that media type."""

    code = "NO_FORMAT_FOR_MEDIA_TYPE"


class FormUnknown(ShirushiError):
    """No form of that name is offered; `known` are those that are."""

    code = "SIGNATURE_FORM_UNKNOWN"


class PackagingRefused(ShirushiError):
    """The form does not place signatures so; `known` are the ways it does."""

    code = "PACKAGING_REFUSED"


class ContainerRefused(ShirushiError):
    """The form signs one document at a time."""

    code = "ONE_DOCUMENT_ONLY"


class AlgorithmRetired(ShirushiError):
    """The algorithm has not been reliable since `until`, as `source` says: nothing is signed with it."""

    code = "ALGORITHM_RETIRED"


class AlgorithmUnlisted(ShirushiError):
    """The algorithm stands in no catalogue that is followed here: nothing is signed with it."""

    code = "ALGORITHM_UNLISTED"


class BatchForeign(ShirushiError):
    """The requests of a batch are not all of one credential, or there are none."""

    code = "BATCH_FOREIGN"


class SealNeeded(ShirushiError):
    """Only a seal is put on behalf of a user; a person's own key signs for that person."""

    code = "SEAL_NEEDED"


class SigningCertificateUnusable(ShirushiError):
    """The certificate that was bound is not valid now, or revoked; `certificate` names it."""

    code = "SIGNING_CERTIFICATE_UNUSABLE"


class ValueForeign(ShirushiError):
    """The signature value was not made over the value to be signed with the key of the certificate."""

    code = "SIGNATURE_VALUE_FOREIGN"


class DigestForeign(ShirushiError):
    """The signature was prepared over another digest than the algorithm takes."""

    code = "DIGEST_NOT_OF_ALGORITHM"


class BatchUnknown(ShirushiError):
    """The actor has no batch of that name; batches are removed some time after they are over."""

    code = "BATCH_UNKNOWN"


class BatchBegun(ShirushiError):
    """The batch has begun, or is over: it takes no more documents, and no second order."""

    code = "BATCH_BEGUN"


class BatchNotOver(ShirushiError):
    """The batch is not over: what it made can be removed afterwards."""

    code = "BATCH_NOT_OVER"


class BatchTooLarge(ShirushiError):
    """More documents than a batch takes."""

    code = "BATCH_TOO_LARGE"


class TooManyBatches(ShirushiError):
    """The actor has as many batches as one may have at a time."""

    code = "TOO_MANY_BATCHES"


class BatchDocumentMissing(ShirushiError):
    """The batch has no signed document of that number."""

    code = "BATCH_DOCUMENT_MISSING"


class SayingMalformed(ShirushiError):
    """Something that a signature was to say cannot be said so; `field` names it."""

    code = "SAYING_MALFORMED"
