"""What can be wrong with a token, by name. All but `SignerAway` are said by the signer process and raised by its client."""

from __future__ import annotations

from shirushi.ports.keys import KeyExists, KeyUnknown, KeyUnusable, PinRejected


class TokenUnusable(KeyUnusable):
    """The token fails in a way that has no name of its own."""

    code = "PKCS11_FAILED"


class ModuleMissing(TokenUnusable):
    """The PKCS#11 module, or the library that loads it, is not there."""

    code = "PKCS11_MODULE_MISSING"


class TokenMissing(TokenUnusable):
    """No token of that label and serial number is in any slot, or it was taken out."""

    code = "PKCS11_TOKEN_MISSING"


class TokenPinMissing(TokenUnusable):
    """The token's PIN is neither in its file nor in the environment, or others may read the file."""

    code = "PKCS11_PIN_MISSING"


class TokenPinRejected(TokenUnusable):
    """The token does not take its PIN: it is not tried again, so that the token does not lock itself."""

    code = "PKCS11_PIN_REJECTED"


class TokenPinLastTry(TokenUnusable):
    """One more wrong PIN would lock the token: the platform leaves that try to a person."""

    code = "PKCS11_PIN_LAST_TRY"


class TokenPinLocked(TokenUnusable):
    """The token has locked its PIN."""

    code = "PKCS11_PIN_LOCKED"


class TokenFull(TokenUnusable):
    """The token could not keep another key."""

    code = "PKCS11_TOKEN_FULL"


class MechanismMissing(TokenUnusable):
    """The token does not have the key type, or does not sign with the algorithm."""

    code = "PKCS11_MECHANISM_MISSING"


class TokenKeyLost(TokenUnusable):
    """The key that the data directory names does not lie on the token any more, or is another one."""

    code = "PKCS11_KEY_LOST"


class SignatureValueWrong(TokenUnusable):
    """The token gave a value that does not verify under the key's public key; it was thrown away."""

    code = "PKCS11_VALUE_WRONG"


class PinOfToken(TokenUnusable):
    """A key on a token of the platform's has no PIN of its own."""

    code = "PKCS11_PIN_OF_TOKEN"


class SignerAway(TokenUnusable):
    """The signer process did not answer in time."""

    code = "SIGNER_AWAY"


SAID = {
    kind.code: kind
    for kind in (
        TokenUnusable,
        ModuleMissing,
        TokenMissing,
        TokenPinMissing,
        TokenPinRejected,
        TokenPinLastTry,
        TokenPinLocked,
        TokenFull,
        MechanismMissing,
        TokenKeyLost,
        SignerAway,
        KeyExists,
        KeyUnknown,
        KeyUnusable,
        PinRejected,
    )
}
"""What a signer process may answer, by code."""
