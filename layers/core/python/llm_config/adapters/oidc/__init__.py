"""The keys of OpenID Connect issuers."""
