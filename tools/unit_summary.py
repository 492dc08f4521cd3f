#!/usr/bin/env python3
"""Prints `N passed, N failed, N skipped` for a run of CTest, and what failed with the first lines of why.

    unit_summary.py JUNIT REPORTS

Every CTest test is a share of a test program's cases (cmake/Modules.cmake). JUNIT is CTest's own report, which knows how
each program ended and what it said; REPORTS is the folder of GoogleTest's reports, which know the cases. A program that
ended badly counts as a failure even when all its cases passed, and so does one that left no report.
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

RUN = re.compile(r"^\[ RUN      \] (\S+)")
PASSED = re.compile(r"^\[       OK \] \S+")
# What sanitizers, the C++ runtime and CTest say of a program that ends badly.
REASON = re.compile(r"ERROR: \w+Sanitizer|WARNING: \w+Sanitizer|SUMMARY: |runtime error:|terminate called|what\(\):|"
                    r"Assertion|Test timeout|^\s+#\d+ .* /\S+/src/")
REASON_LINES = 12


def read_report(path):
    """The cases of a GoogleTest report; None when there is none or it ends early."""
    try:
        return [case for case in ElementTree.parse(path).getroot().iter("testcase") if case.get("status") == "run"]
    except (OSError, ElementTree.ParseError):
        return None


def fail(name, reason):
    print("FAIL:", name)
    for line in reason[:REASON_LINES]:
        print("    " + line.strip()[:300])


def bad_end(output):
    """Which case was running when the first thing went wrong, and what was said of it."""
    running, culprit, reason = None, None, []
    for line in output.splitlines():
        if match := RUN.match(line):
            running = match.group(1)
        elif REASON.search(line):
            culprit = culprit or running
            reason.append(line)
    return culprit or running or "no case", reason or output.splitlines()[-REASON_LINES:]


class Tally:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def add_cases(self, cases):
        """True when one of them failed."""
        any_failed = False
        for case in cases:
            name = f"{case.get('classname')}.{case.get('name')}"
            failures = case.findall("failure")
            if failures:
                self.failed += 1
                any_failed = True
                fail(name, [line for failure in failures for line in (failure.get("message") or "").splitlines()])
            elif case.get("result") in ("skipped", "suppressed"):
                self.skipped += 1
                skip = case.find("skipped")
                print("skipped:", name, *((skip.get("message") or "").split() if skip is not None else ()))
            else:
                self.passed += 1
        return any_failed

    def add_program(self, name, ended_well, output, cases):
        if cases is None:
            self.passed += sum(1 for line in output.splitlines() if PASSED.match(line))
        any_failed = self.add_cases(cases or [])
        if cases is not None and (ended_well or any_failed):
            return
        self.failed += 1
        culprit, reason = bad_end(output)
        fail(f"{name} {'ended early' if cases is None else 'ended badly'}, in {culprit}", reason)


def main():
    reports = pathlib.Path(sys.argv[2])
    tally = Tally()
    for program in ElementTree.parse(sys.argv[1]).getroot().iter("testcase"):
        name = program.get("name")
        tally.add_program(name, program.get("status") == "run" and program.find("failure") is None,
                          program.findtext("system-out") or "", read_report(reports / f"{name}.xml"))
    print(f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped")


if __name__ == "__main__":
    main()
