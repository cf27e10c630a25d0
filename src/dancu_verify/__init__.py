"""The auditor's stand-alone verifier. Knows nothing of dancu; filled by the ledger's issue."""
