"""Dienstverleners: the overview, one provider, and its form."""
