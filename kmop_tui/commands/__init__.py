"""One module per command; each function takes the parsed options and the settings and gives the exit status."""
