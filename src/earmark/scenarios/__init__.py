"""Scenarios: files that say what is given, what is done and what must then be true.

A face like the others: it turns steps into the commands of the library, calls its use cases and
compares what its readings say. It knows no rules of its own.

    for result in run([Path("scenarios")]):
        print(told(result))
"""

from earmark.scenarios.forms import Problem
from earmark.scenarios.reading import check
from earmark.scenarios.running import Result, Status, run
from earmark.scenarios.telling import summary, told, told_problem

__all__ = ["Problem", "Result", "Status", "check", "run", "summary", "told", "told_problem"]
