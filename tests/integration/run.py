"""Runs every test_*.py of this folder and ends with `N passed, N failed, N skipped`."""
import pathlib
import sys
import unittest


class Result(unittest.TextTestResult):
    """Counts what passed: a class whose server did not start failed or was skipped without having run."""

    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def main():
    folder = pathlib.Path(__file__).parent
    pattern = sys.argv[1] if len(sys.argv) > 1 else "test_*.py"
    suite = unittest.defaultTestLoader.discover(str(folder), pattern=pattern, top_level_dir=str(folder.parents[1]))
    result = unittest.TextTestRunner(verbosity=2, resultclass=Result).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    skipped = len(result.skipped)
    for case, trace in [*result.failures, *result.errors]:
        print(f"FAIL {case}")
        for line in trace.strip().splitlines()[-6:]:
            print(f"    {line}")
    for case in result.unexpectedSuccesses:
        print(f"FAIL {case}: passed, and should not")
    for case, why in result.skipped:
        print(f"skipped: {case}: {why}")
    print(f"{result.passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
