"""Births, deaths and marriages from the commune's civil-status books."""
