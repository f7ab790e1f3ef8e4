"""Vestigingen: the overview, one address, and its form."""
