"""``.ci/audit`` tells a vulnerability from a service that could not be asked."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

AUDIT = Path(__file__).resolve().parents[2] / ".ci" / "audit"
CLEAN: dict[str, object] = {"name": "httpx", "version": "0.28.1", "vulns": []}
FLAW = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["0.28.2"]}
FLAWED: dict[str, object] = {"name": "httpx", "version": "0.28.1", "vulns": [FLAW]}
SKIPPED: dict[str, object] = {"name": "rich", "skip_reason": "Dependency not found on PyPI"}
OURS: dict[str, object] = {"name": "chorus-xl", "skip_reason": "distribution marked as editable"}

CASES: dict[str, tuple[str, int, int, str]] = {
    "clean": (json.dumps({"dependencies": [CLEAN, OURS]}), 0, 0, "no vulnerability"),
    "vulnerable": (json.dumps({"dependencies": [CLEAN, FLAWED]}), 1, 1, "VULNERABLE: httpx 0.28.1: PYSEC-2026-1"),
    "vulnerable, another unknown": (json.dumps({"dependencies": [SKIPPED, FLAWED]}), 1, 1, "VULNERABLE"),
    "packages unknown to the service": (json.dumps({"dependencies": [CLEAN, SKIPPED]}), 0, 2, "NOT AUDITED"),
    "no network": ("", 0, 2, "NOT AUDITED"),
    "a page of a proxy": ("<html>", 0, 2, "NOT AUDITED"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_audit_ends_as_its_table_says(tmp_path: Path, case: str) -> None:
    answer, code, strict, words = CASES[case]
    (tmp_path / "pip_audit.py").write_text(f"print({answer!r})", encoding="utf-8")

    def audit(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(AUDIT), *options]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603 - ours

    done = audit()

    assert (done.returncode, audit("--require-answer").returncode) == (code, strict)
    assert words in done.stdout + done.stderr
