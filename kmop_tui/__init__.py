"""The application: command line, settings, themes and the Textual App that puts the rest together."""
