"""Public services: procedures, dossiers and their clock, the counter, the citizen's side, the figures."""
