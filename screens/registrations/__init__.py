"""Registrations: the overview, one registration, the request, its declaration."""
