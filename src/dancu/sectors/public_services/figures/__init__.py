"""Figures of public services: counted from dossiers or from kept sums, the twenty of Decision 766, their pages."""
