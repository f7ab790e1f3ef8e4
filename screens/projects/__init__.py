"""Projects: the list, one project, reactions, export."""
