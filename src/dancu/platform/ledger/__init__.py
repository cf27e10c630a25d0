"""The ledger: proves that no look-up, export, change or judgement was changed, dropped, moved or dated back."""
