"""Indicators of the whole house: found, counted for any unit of any era, held against targets, ranked, explained."""
