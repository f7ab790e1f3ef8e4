"""What a person sees: a folder per capability, widgets for what they share."""
