#!/usr/bin/env python3
"""Prints `N passed, N failed, N skipped` for vitest's JSON report."""
import json
import sys


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
    for result in report["testResults"]:
        for case in result["assertionResults"]:
            if case["status"] == "failed":
                print("FAIL:", case["fullName"])
    skipped = report["numPendingTests"] + report["numTodoTests"]
    # A file that could not be loaded has no cases of its own.
    broken = sum(1 for r in report["testResults"] if r["status"] == "failed" and not r["assertionResults"])
    print(f"{report['numPassedTests']} passed, {report['numFailedTests'] + broken} failed, {skipped} skipped")


if __name__ == "__main__":
    main()
