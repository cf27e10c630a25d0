"""Papers of a dossier: the forms of the process, the signed result, a person's own documents, the check of a file."""
