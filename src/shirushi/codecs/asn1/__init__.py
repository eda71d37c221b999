"""ASN.1: CMS, time-stamp tokens, certificates, revocation data, as their RFCs write them."""
