"""How long data is kept, and its forgetting: by the law, provable in the ledger."""
