"""A JUnit XML report of a unittest run."""

import re
import time
import traceback
import unittest
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from xml.etree import ElementTree

from . import ROOT

_UNPRINTABLE = re.compile("[^\\t\\n\\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
"""What unittest hands over for a failure."""


@dataclass(slots=True)
class Outcome:
    """What became of one test; a test without an entry passed."""

    test_id: str
    seconds: float = 0.0
    entries: list[tuple[str, str, str]] = field(default_factory=list)
    """Kind (`failure`, `error`, `skipped`), one line, full text."""


class ReportingResult(unittest.TextTestResult):
    """The usual text result that also remembers each outcome and its duration."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.outcomes: dict[str, Outcome] = {}
        self._started = 0.0

    def startTest(self, test: unittest.TestCase) -> None:
        """Starts the clock."""
        super().startTest(test)
        self._outcome(test)
        self._started = time.perf_counter()

    def stopTest(self, test: unittest.TestCase) -> None:
        """Stops the clock."""
        self._outcome(test).seconds = time.perf_counter() - self._started
        super().stopTest(test)

    def addFailure(self, test: unittest.TestCase, err: ExcInfo) -> None:
        """An assertion does not hold."""
        super().addFailure(test, err)
        self._record(test, "failure", err)

    def addError(self, test: unittest.TestCase, err: ExcInfo) -> None:
        """A test, a fixture or an import raised."""
        super().addError(test, err)
        self._record(test, "error", err)

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: ExcInfo | None) -> None:
        """Part of a test failed."""
        super().addSubTest(test, subtest, err)
        if err is not None:
            failed = err[0] is not None and issubclass(err[0], test.failureException)
            self._record(test, "failure" if failed else "error", err)

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        """A test says that it cannot run here."""
        super().addSkip(test, reason)
        self._outcome(test).entries.append(("skipped", reason, ""))

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:
        """A test that should fail passed."""
        super().addUnexpectedSuccess(test)
        self._outcome(test).entries.append(("failure", "The test was expected to fail and passed.", ""))

    def _record(self, test: unittest.TestCase, kind: str, err: ExcInfo) -> None:
        text = "".join(traceback.format_exception(err[1])) if err[1] is not None else ""
        self._outcome(test).entries.append((kind, f"{_place(err[2])}{err[1]}", text))

    def _outcome(self, test: unittest.TestCase) -> Outcome:
        return self.outcomes.setdefault(test.id(), Outcome(test.id()))


def write_report(result: ReportingResult, path: Path) -> None:
    """Writes the report; its folder is made when it is not there."""
    outcomes = list(result.outcomes.values())
    suite = ElementTree.Element(
        "testsuite",
        name="unittest",
        tests=str(len(outcomes)),
        failures=str(_count(outcomes, "failure")),
        errors=str(_count(outcomes, "error")),
        skipped=str(_count(outcomes, "skipped")),
        time=f"{sum(outcome.seconds for outcome in outcomes):.3f}",
    )
    for outcome in outcomes:
        class_name, _, name = outcome.test_id.rpartition(".")
        case = ElementTree.SubElement(
            suite, "testcase", classname=class_name, name=name, time=f"{outcome.seconds:.3f}"
        )
        for kind, message, text in outcome.entries[:1]:
            entry = ElementTree.SubElement(case, kind, message=_printable(message))
            entry.text = _printable("\n".join(full for _, _, full in outcome.entries)) if text else None
    root = ElementTree.Element("testsuites")
    root.append(suite)
    path.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _count(outcomes: list[Outcome], kind: str) -> int:
    return sum(1 for outcome in outcomes if outcome.entries and outcome.entries[0][0] == kind)


def _place(trace: TracebackType | None) -> str:
    """`file:line: ` of the innermost call in the tests."""
    for frame in reversed(traceback.extract_tb(trace)):
        path = Path(frame.filename)
        if path.is_relative_to(ROOT / "tests"):
            return f"{path.relative_to(ROOT).as_posix()}:{frame.lineno}: "
    return ""


def _printable(text: str) -> str:
    """XML 1.0 has no place for control characters and lone surrogates."""
    return _UNPRINTABLE.sub("\ufffd", text)
