"""Conferences: agenda, roll of connection points, a brief for each unit, statements, conclusions that become tasks."""
