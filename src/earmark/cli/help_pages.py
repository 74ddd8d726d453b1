"""How help looks: a bold title, two columns, no boxes; commands to type are blue."""

import textwrap
from typing import TYPE_CHECKING

from earmark.cli.page import Pen

if TYPE_CHECKING:
    from cyclopts.help import HelpEntry, HelpPanel
    from rich.console import Console, ConsoleOptions
    from rich.text import Text

NARROWEST_NAMES = 10
WIDEST_PAGE = 100
_EVERYWHERE = ("--help", "--version")
_SAYS_NOTHING = ("", '""', "False", "None", "0", "1")


class HelpPages:
    """Prints help; the three methods are what cyclopts asks a formatter for."""

    def __call__(self, console: "Console", options: "ConsoleOptions", panel: "HelpPanel") -> None:  # noqa: ARG002
        """Print one group of commands or options."""
        from rich.table import Table
        from rich.text import Text

        entries = [entry for entry in panel.entries if not _is_everywhere(entry)]
        if not entries:
            return
        console.print()
        console.print(Text(str(panel.title), Pen.NAME))
        table = Table.grid(padding=(0, 2), pad_edge=True)
        table.add_column(min_width=NARROWEST_NAMES, no_wrap=True, style=Pen.YOURS)
        table.add_column(overflow="fold", max_width=WIDEST_PAGE - NARROWEST_NAMES)
        for entry in entries:
            table.add_row(_names(entry), _description(entry))
        console.print(table)

    def render_usage(self, console: "Console", options: "ConsoleOptions", usage: object) -> None:  # noqa: ARG002
        """Print how the command is written."""
        if usage:
            console.print(f"Usage: {str(usage).strip()}", markup=False, highlight=False)

    def render_description(
        self,
        console: "Console",
        options: "ConsoleOptions",  # noqa: ARG002
        description: object,
    ) -> None:
        """Print what the command does; its examples stand apart."""
        said = getattr(getattr(description, "primary_renderable", None), "plain", "")
        for paragraph in str(said).strip().split("\n\n"):
            _print_paragraph(console, paragraph)


def _print_paragraph(console: "Console", paragraph: str) -> None:
    """Prose is filled to the width; what is indented is to be typed and stays as it is."""
    from rich.text import Text

    console.print()
    lines = paragraph.splitlines()
    is_typed = lines[-1].startswith("    ") or lines[0].startswith("earmark ")
    if is_typed:
        for line in lines:
            margin = " " * (4 if line.strip().startswith("earmark ") else 8)
            console.print(Text(f"{margin}{line.strip()}", Pen.YOURS), soft_wrap=True)
    else:
        width = min(console.width, WIDEST_PAGE)
        filled = textwrap.fill(" ".join(lines), width, break_on_hyphens=False)
        console.print(Text(filled), soft_wrap=True)


def _is_everywhere(entry: "HelpEntry") -> bool:
    return any(name in _EVERYWHERE for name in entry.names)


def _names(entry: "HelpEntry") -> str:
    label = entry.positive_names[0] if entry.positive_names else entry.positional_label or ""
    value = "TEXT" if entry.metavar == "STR" else entry.metavar
    return f"{label} {value}" if value and entry.positive_names else label


def _description(entry: "HelpEntry") -> "Text":
    from rich.text import Text

    said = getattr(getattr(entry.description, "primary_renderable", None), "plain", None)
    text = Text((said or str(entry.description or "")).strip())
    default = (entry.default or "").strip()
    for word, value in (
        ("required", entry.required and bool(entry.positive_names)),
        (f"default {default}", default not in _SAYS_NOTHING),
        (f"or {', '.join(entry.env_var or ())}", bool(entry.env_var)),
    ):
        if value:
            text.append(f" [{word}]", Pen.QUIET)
    return text
