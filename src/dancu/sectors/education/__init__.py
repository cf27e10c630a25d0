"""Pupils of the province's schools."""
