"""CMS signatures (RFC 5652) and time-stamp tokens: what PAdES, CAdES and time-stamping share."""
