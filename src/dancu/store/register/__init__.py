"""The living register in PostgreSQL: its tables, its first load from a run, and what one event changes.

`schema` says the tables, `loading` fills them, `live.Register` takes in events; `statements` and `judging` are the
batch's own SQL over the few persons that an event touched, `writing` the small statements between.
"""
