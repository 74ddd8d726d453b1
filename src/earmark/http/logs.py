"""How the log is written: for people on a terminal, as JSON for machines, or not at all."""

from __future__ import annotations

import logging
import sys
from enum import StrEnum

import structlog


class LogStyle(StrEnum):
    """How the log is written."""

    CONSOLE = "console"
    JSON = "json"
    NONE = "none"


def write_log(style: LogStyle) -> None:
    """Write the log so, to standard error, from here on in this process."""
    logger = logging.getLogger("earmark")
    logger.propagate = False
    logger.handlers = []
    logger.setLevel(logging.INFO)
    if style is LogStyle.NONE:
        logger.setLevel(logging.CRITICAL + 1)
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(style))
    logger.addHandler(handler)


def _formatter(style: LogStyle) -> structlog.stdlib.ProcessorFormatter:
    processors: list[structlog.typing.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta
    ]
    if style is LogStyle.JSON:
        processors.append(structlog.processors.format_exc_info)
        processors.append(structlog.processors.JSONRenderer())
    else:
        processors.append(structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()))
    return structlog.stdlib.ProcessorFormatter(processors=processors)
