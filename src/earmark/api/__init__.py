"""The REST API, under ``/api/v1``: input, command, use case, output, and no rule of its own.

What may be sent and what is answered are the core's own dataclasses; ``shapes`` derives from them
what pydantic checks and what the OpenAPI document describes, so that no type is written twice.
"""
