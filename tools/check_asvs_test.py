#!/usr/bin/env python3
"""The check of the security documents finds each kind of fault: a copy of the documents is damaged in one place at a time."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import check_asvs  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[1]
DOCUMENT = "docs/security/asvs.md"
TEXT = (ROOT / DOCUMENT).read_text()
TESTS = check_asvs.known_tests(ROOT)


def faults(text):
    rows = check_asvs.ROW.findall(text)
    return [*check_asvs.check_rows(ROOT, TESTS, DOCUMENT, rows), *check_asvs.check_counts(DOCUMENT, text, rows)]


def row(name):
    return next(line for line in TEXT.splitlines(keepends=True) if line.startswith(f"| {name} |"))


class CheckAsvs(unittest.TestCase):
    def assert_found(self, text, words):
        self.assertNotEqual(text, TEXT)
        self.assertTrue(any(words in fault for fault in faults(text)), faults(text))

    def test_the_release_has_70_183_and_92_requirements(self):
        levels = "".join(check_asvs.LEVELS.values())
        self.assertEqual([levels.count(level) for level in "123"], [70, 183, 92])
        self.assertEqual(faults(TEXT), [])

    def test_missing_doubled_and_invented_rows_are_found(self):
        self.assert_found(TEXT.replace(row("V6.2.1"), ""), "V6.2.1 is missing")
        self.assert_found(TEXT.replace(row("V6.2.1"), row("V6.2.1") * 2), "V6.2.1 stands there 2 times")
        self.assert_found(TEXT.replace("| V6.2.1 |", "| V6.9.1 |"), "V6.9.1 is no requirement")
        self.assert_found(TEXT.replace("| V6.2.1 | 1 |", "| V6.2.1 | 2 |"), "V6.2.1 is of level 1")

    def test_states_and_counts_are_held(self):
        line = row("V6.2.1")
        self.assert_found(TEXT.replace(line, line.replace("| met |", "| done |")), "done is none of")
        self.assert_found(TEXT.replace(line, line.replace("| met |", "| open |")), "the tables say")
        self.assert_found(TEXT.replace(line, line.replace("`", "")), "V6.2.1 is met and names no test or file")

    def test_names_that_are_gone_are_found(self):
        there = [name for name in check_asvs.NAME.findall(TEXT) if check_asvs.is_there(ROOT, TESTS, name)]
        self.assertGreater(len(there), 150)
        for name in ("GateTest.NoSuchTest", "test_no_such_test", "src/auth/no_such_file.cpp", "docs/no_such.md", "src/nowhere/"):
            self.assertIs(check_asvs.is_there(ROOT, TESTS, name), False, name)
        for name in ("alerts.decide", "/api/v1/alerts", "If-Match", "test_", "javascript:"):
            self.assertIsNone(check_asvs.is_there(ROOT, TESTS, name), name)


if __name__ == "__main__":
    unittest.main()
