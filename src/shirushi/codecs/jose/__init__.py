"""JOSE: JSON read strictly, base64url, and JSON Web Signatures (RFC 8259, RFC 4648 §5, RFC 7515)."""
