"""Accounts: people who log in, the roles they were granted, log-in by password and TOTP or by OIDC, sessions."""
