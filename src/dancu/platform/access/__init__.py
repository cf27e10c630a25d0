"""Who may do what, where: declared rights, territory, extraordinary access, and the proof of both in the database."""
