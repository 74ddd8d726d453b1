"""The rules of the trade: pure functions over frozen values.

No clock, no randomness, no database, no network: whatever is said here would be true with
pencil and paper. Time, user and the stock picture come in as arguments; a plan comes out.
"""
