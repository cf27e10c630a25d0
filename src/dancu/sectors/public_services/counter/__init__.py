"""The counter's side of public services: inbox, one dossier, filing at the counter, numbers of the queue, the line."""
