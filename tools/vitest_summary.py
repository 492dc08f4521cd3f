#!/usr/bin/env python3
"""Prints `N passed, N failed, N skipped` for vitest's JSON report."""
import json
import sys


def fail(name, messages):
    print("FAIL:", name)
    for line in "\n".join(messages).splitlines()[:8]:
        print("    " + line.strip()[:300])


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
    for result in report["testResults"]:
        for case in result["assertionResults"]:
            if case["status"] == "failed":
                fail(case["fullName"], case["failureMessages"])
    skipped = report["numPendingTests"] + report["numTodoTests"]
    # A file that could not be loaded has no cases of its own.
    broken = [r for r in report["testResults"] if r["status"] == "failed" and not r["assertionResults"]]
    for result in broken:
        fail(result["name"], [result.get("message", "")])
    print(f"{report['numPassedTests']} passed, {report['numFailedTests'] + len(broken)} failed, {skipped} skipped")


if __name__ == "__main__":
    main()
