"""Changes of residence: who moved, from where, to where, and when."""
