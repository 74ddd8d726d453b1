"""The command line: one face of Earmark, from arguments to a command to an answer on the screen."""
