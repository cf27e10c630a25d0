"""The change feed: what changed in the register, told to each partner for its own people, under its own identifiers.

One order of notes (the register's outbox) and one function that says what a partner may know of each; it is pushed
as webhooks by the worker, and read page by page over the API.
"""
