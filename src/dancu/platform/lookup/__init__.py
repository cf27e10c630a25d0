"""«Is this the person?»: the API for partners, the scan page at a counter, lists; each answer is a line of the log."""
