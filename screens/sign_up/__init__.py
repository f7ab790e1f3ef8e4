"""Aanmelden: the form with which an organisation becomes a service provider."""
