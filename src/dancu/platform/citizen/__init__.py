"""The citizen's page: one's own data and where it came from, corrections, consents, and who looked.

Border: a citizen's session is no officer's account. It has its own cookie, table and claim, opens exactly one person,
and every page of it is declared with `own.citizen_page`.
"""
