"""Zoek een dienstverlener: the public search, and one provider of it."""
