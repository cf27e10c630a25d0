"""Owners of registered vehicles."""
