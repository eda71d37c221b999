"""The words of the certification authority."""

from shirushi.services.ca.model.authority import Authority, AuthorityDefinition, Responder
from shirushi.services.ca.model.certificate import (
    CertificatePage,
    CertificateRequest,
    CertificateState,
    CrlRecord,
    IssuedCertificate,
    Revocation,
)
from shirushi.services.ca.model.errors import (
    AlreadyRevoked,
    AuthorityExists,
    AuthorityExpired,
    AuthorityRevoked,
    AuthorityUnknown,
    CertificateUnknown,
    DefinitionRefused,
    ProfileRefused,
    ProfileUnknown,
    RevocationRefused,
    SubjectKeyRefused,
    SubjectKeyReused,
    SubjectKeyWeak,
    SubjectNameRefused,
    ValidityOutsideIssuer,
    ValidityRefused,
)
from shirushi.services.ca.model.keys import check_subject_key
from shirushi.services.ca.model.name import DistinguishedName, legal_person, natural_person
from shirushi.services.ca.model.profiles import Profile, ProfileKind, profile, profile_names

__all__ = [
    "AlreadyRevoked",
    "Authority",
    "AuthorityDefinition",
    "AuthorityExists",
    "AuthorityExpired",
    "AuthorityRevoked",
    "AuthorityUnknown",
    "CertificatePage",
    "CertificateRequest",
    "CertificateState",
    "CertificateUnknown",
    "CrlRecord",
    "DefinitionRefused",
    "DistinguishedName",
    "IssuedCertificate",
    "Profile",
    "ProfileKind",
    "ProfileRefused",
    "ProfileUnknown",
    "Responder",
    "Revocation",
    "RevocationRefused",
    "SubjectKeyRefused",
    "SubjectKeyReused",
    "SubjectKeyWeak",
    "SubjectNameRefused",
    "ValidityOutsideIssuer",
    "ValidityRefused",
    "check_subject_key",
    "legal_person",
    "natural_person",
    "profile",
    "profile_names",
]
