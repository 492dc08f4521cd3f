#!/usr/bin/env python3
"""Prints `N passed, N failed, N skipped` for a JUnit file that CTest wrote."""
import sys
import xml.etree.ElementTree as ElementTree


def main():
    passed = failed = skipped = 0
    for case in ElementTree.parse(sys.argv[1]).getroot().iter("testcase"):
        if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
            skipped += 1
            print("skipped:", case.get("name"))
        elif case.find("failure") is not None or case.get("status") == "fail":
            failed += 1
            print("FAIL:", case.get("name"))
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped")


if __name__ == "__main__":
    main()
