"""Dossier lists of other portals: taken in, and compared dossier by dossier."""
