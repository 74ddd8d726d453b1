"""The REST API under ``/api/v1``: input, command, use case, output, and no rule."""
