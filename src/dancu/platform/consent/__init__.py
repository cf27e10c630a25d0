"""Consent and the duties of who holds personal data: consents, subjects' requests, records of processing, breaches.

Border: says whether a consent or a restriction stands; the register's door asks it and alone hands out persons.
"""
