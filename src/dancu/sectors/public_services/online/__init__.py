"""The citizen's side of public services: find, fill in, file, follow, pay, rate, complain."""
