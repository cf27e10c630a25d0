"""The sector to copy: a library card, from the list of a library to the pages of an officer (`make sector NAME=…`).

It is no app of the site: `site.discovery` leaves it out, and the rows it needs in the reference tables wait in `rows/`
until a copy of it is made. What it teaches is tried on such a copy (tests/sectors/test_new_sector.py).
"""
