"""Patients and vaccinated people, as clinics and the health department list them."""
