"""Participants of social and health insurance, as the provincial social-insurance agency lists them."""
