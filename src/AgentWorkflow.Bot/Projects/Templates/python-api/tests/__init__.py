"""The tests; `python3 -m tests` runs them and writes a JUnit report."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
