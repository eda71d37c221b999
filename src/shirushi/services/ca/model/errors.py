"""What the certification authority refuses, and why."""

from __future__ import annotations

from shirushi.core.errors import ShirushiError


class AuthorityUnknown(ShirushiError):
    """No certification authority of that name is established here."""

    code = "CA_UNKNOWN"


class AuthorityExists(ShirushiError):
    """A certification authority of that name, or of that subject, is established already."""

    code = "CA_EXISTS"


class AuthorityExpired(ShirushiError):
    """The authority's own certificate is not valid now: nothing is issued under it."""

    code = "CA_EXPIRED"


class AuthorityRevoked(ShirushiError):
    """The authority's own certificate, or one above it, has been revoked: nothing is issued under it."""

    code = "CA_REVOKED"


class DefinitionRefused(ShirushiError):
    """The definition of an authority says something that cannot be."""

    code = "CA_DEFINITION_REFUSED"


class ProfileUnknown(ShirushiError):
    """No certificate profile of that name."""

    code = "CERTIFICATE_PROFILE_UNKNOWN"


class ProfileRefused(ShirushiError):
    """The profile is not one that may be asked for in this way."""

    code = "CERTIFICATE_PROFILE_REFUSED"


class SubjectNameRefused(ShirushiError):
    """A name that is empty, over-long, lacks what the profile demands, or holds what a name may not."""

    code = "SUBJECT_NAME_REFUSED"


class SubjectKeyRefused(ShirushiError):
    """A public key that is malformed or of a kind that is not certified here."""

    code = "SUBJECT_KEY_REFUSED"


class SubjectKeyWeak(ShirushiError):
    """A public key that is too weak."""

    code = "SUBJECT_KEY_WEAK"


class SubjectKeyReused(ShirushiError):
    """A public key that was certified for another subject."""

    code = "SUBJECT_KEY_REUSED"


class ValidityRefused(ShirushiError):
    """A validity period that is empty, or longer than the profile allows."""

    code = "CERTIFICATE_VALIDITY_REFUSED"


class ValidityOutsideIssuer(ValidityRefused):
    """A validity period that begins before or ends after the issuer's own."""

    code = "CERTIFICATE_VALIDITY_OUTSIDE_ISSUER"


class CertificateUnknown(ShirushiError):
    """No certificate of that serial number, or no such certificate, was issued here."""

    code = "CERTIFICATE_UNKNOWN"


class AlreadyRevoked(ShirushiError):
    """The certificate was revoked before, for another reason or at another time; that stands."""

    code = "CERTIFICATE_ALREADY_REVOKED"


class RevocationRefused(ShirushiError):
    """A revocation at a time, or for a reason, that cannot be."""

    code = "REVOCATION_REFUSED"


class LintRefused(ShirushiError):
    """The certificate would not follow the standards: the linter objects, and no waiver lets it pass."""

    code = "CERTIFICATE_LINT_REFUSED"


class ApprovalNeeded(ShirushiError):
    """Certificates of the profile are issued when a second operator has approved the application."""

    code = "CERTIFICATE_APPROVAL_NEEDED"


class NotOnHold(ShirushiError):
    """The certificate is not on hold, so it cannot be released."""

    code = "CERTIFICATE_NOT_ON_HOLD"


class FlagUnknown(ShirushiError):
    """Nothing is open on that certificate."""

    code = "CERTIFICATE_FLAG_UNKNOWN"


class CrlUnknown(ShirushiError):
    """The authority has no such list: no partition of that number, or no delta CRL."""

    code = "CRL_UNKNOWN"


class SuccessionRefused(ShirushiError):
    """An authority cannot take over another's name and work in this way."""

    code = "CA_SUCCESSION_REFUSED"
