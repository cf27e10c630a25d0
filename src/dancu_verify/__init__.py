"""The auditor's stand-alone verifier of dancu's ledger: standard library and cryptography, nothing of dancu.

    dancu-verify EXPORT [--second-body FOLDER] [--tsa CERTIFICATE] [--key KID] [--lang en]

Reads a folder written by ``dancu ledger export``, and what the second body kept, and says what holds. Everything is
read once from beginning to end, so that many millions of rows need little memory.
"""
