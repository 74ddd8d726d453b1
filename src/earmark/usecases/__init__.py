"""One function per thing a user does: open, load, decide, save."""
