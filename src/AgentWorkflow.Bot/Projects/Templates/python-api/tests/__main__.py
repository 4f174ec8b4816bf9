"""Runs all tests, prints the usual text and writes `test-results/junit.xml`.

The exit code is 1 when a test failed or when there was none.
"""

import argparse
import io
import sys
import unittest
from pathlib import Path

from . import ROOT
from .report import ReportingResult, write_report


def main() -> int:
    """Discovers, runs and reports."""
    parser = argparse.ArgumentParser(prog="tests", description="Runs the tests.")
    parser.add_argument("-k", dest="patterns", action="append", help="only tests whose name contains this")
    parser.add_argument("-v", "--verbose", action="store_true", help="name each test")
    parser.add_argument("--report", type=Path, default=ROOT / "test-results" / "junit.xml")
    options = parser.parse_args()

    if isinstance(sys.stdout, io.TextIOWrapper):
        # A message that the terminal cannot show must not end the run before the report is written.
        sys.stdout.reconfigure(errors="backslashreplace")
    loader = unittest.TestLoader()
    if options.patterns:
        loader.testNamePatterns = [f"*{pattern}*" for pattern in options.patterns]
    suite = loader.discover(str(ROOT / "tests"), top_level_dir=str(ROOT))
    runner = unittest.TextTestRunner(
        stream=sys.stdout, verbosity=2 if options.verbose else 1, resultclass=ReportingResult
    )
    result = runner.run(suite)
    assert isinstance(result, ReportingResult)
    write_report(result, options.report)
    if result.testsRun == 0:
        print("No test was found.")
        return 1
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
