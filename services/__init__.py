"""What may be done, by whom, under which rule: commands in, records out, no terminal."""
