#!/usr/bin/env python3
"""The count of unit tests is exact, and a program that ends badly is never counted as one that passed."""
import contextlib
import io
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import unit_summary  # noqa: E402

REPORT = """<testsuites><testsuite name="Queue">
  <testcase name="Holds" classname="Queue" status="run" result="completed"/>
  <testcase name="Refuses" classname="Queue" status="run" result="completed">{failure}</testcase>
  <testcase name="OnDisk" classname="Queue" status="run" result="skipped"><skipped message="q.cpp:1&#x0A;no disk"/></testcase>
  <testcase name="Later" classname="Queue" status="notrun" result="suppressed"/>
</testsuite></testsuites>"""
FAILURE = '<failure message="q.cpp:12&#x0A;Expected: 1&#x0A;  Actual: 2" type=""></failure>'


class UnitSummary(unittest.TestCase):
    def summary(self, status, output, report):
        with tempfile.TemporaryDirectory() as folder:
            junit = pathlib.Path(folder) / "junit.xml"
            failure = "" if status == "run" else '<failure message=""/>'
            junit.write_text(f'<testsuite><testcase name="base.1" status="{status}">{failure}'
                             f"<system-out>{output}</system-out></testcase></testsuite>")
            if report is not None:
                (pathlib.Path(folder) / "base.1.xml").write_text(report)
            said = io.StringIO()
            with contextlib.redirect_stdout(said), mock.patch("sys.argv", ["unit_summary.py", str(junit), folder]):
                unit_summary.main()
            return said.getvalue().splitlines()

    def test_cases_are_counted_each(self):
        lines = self.summary("run", "", REPORT.format(failure=""))
        self.assertEqual(lines, ["skipped: Queue.OnDisk q.cpp:1 no disk", "2 passed, 0 failed, 1 skipped"])

    def test_a_failed_case_is_named_with_its_reason(self):
        lines = self.summary("fail", "", REPORT.format(failure=FAILURE))
        self.assertEqual(lines[:3], ["FAIL: Queue.Refuses", "    q.cpp:12", "    Expected: 1"])
        self.assertEqual(lines[-1], "1 passed, 1 failed, 1 skipped")

    def test_a_leak_after_the_last_case_is_a_failure(self):
        output = "[ RUN      ] Queue.Holds\n[       OK ] Queue.Holds\nERROR: LeakSanitizer: detected memory leaks\n"
        lines = self.summary("fail", output, REPORT.format(failure=""))
        self.assertIn("FAIL: base.1 ended badly, in Queue.Holds", lines)
        self.assertIn("    ERROR: LeakSanitizer: detected memory leaks", lines)
        self.assertEqual(lines[-1], "2 passed, 1 failed, 1 skipped")

    def test_a_crash_names_the_case_that_ran_and_keeps_those_before(self):
        output = "[ RUN      ] Queue.Holds\n[       OK ] Queue.Holds (0 ms)\n[ RUN      ] Queue.Refuses\nSegmentation fault\n"
        lines = self.summary("fail", output, None)
        self.assertEqual(lines[0], "FAIL: base.1 ended early, in Queue.Refuses")
        self.assertEqual(lines[-1], "1 passed, 1 failed, 0 skipped")

    def test_a_report_cut_short_is_none(self):
        lines = self.summary("run", "", REPORT[:60])
        self.assertEqual(lines[-1], "0 passed, 1 failed, 0 skipped")


if __name__ == "__main__":
    unittest.main()
