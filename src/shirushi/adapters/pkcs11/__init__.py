"""Private keys on PKCS#11 tokens (OASIS PKCS #11 3.1), used by one signer process a token."""
