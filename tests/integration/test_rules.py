"""`tocsin rules check` and `tocsin rules test`: what is wrong is said with its place, and the exit code tells whether
anything was."""
import pathlib
import subprocess
import tempfile
import unittest

from tests.integration.harness import BINARY, ROOT

GOOD = """title: Good
logsource: {product: windows}
detection:
  sel:
    User|expand: '%admins%'
  condition: sel
"""
BAD = """title: Bad
logsource: {product: windows}
detection:
  sel:
    Image|re: 'a(?!b)'
  condition: sel and filter
"""


class RulesCheck(unittest.TestCase):
    def check(self, *arguments):
        done = subprocess.run([str(BINARY), "rules", "check", *map(str, arguments)], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()

    def test_reasons_have_their_place(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / "bad.yml").write_text(BAD)
            (path / "good.yml").write_text(GOOD)
            (path / "placeholders.yaml").write_text("admins: [root, adm_*]\n")
            code, lines = self.check(path)
            self.assertEqual(code, 1)
            self.assertEqual(len(lines), 2)
            self.assertIn(f"{path}/bad.yml:5:15: the regular expression looks ahead", lines[0])
            self.assertIn(f"{path}/good.yml:5:18: the placeholder %admins% has no values here", lines[1])
            self.assertEqual(self.check("--placeholders", path / "placeholders.yaml", path / "good.yml"), (0, []))

    def test_a_path_without_rules_is_bad_usage(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.check(pathlib.Path(folder) / "absent.yml")[0], 2)
            self.assertEqual(self.check()[0], 2)

    def test_control_characters_of_a_rule_are_not_printed(self):
        with tempfile.TemporaryDirectory() as folder:
            rule = pathlib.Path(folder) / "r.yml"
            rule.write_text(BAD.replace("'a(?!b)'", "x").replace("sel and filter", '"sel and \\e[31mred"'))
            code, lines = self.check(rule)
            self.assertEqual(code, 1)
            self.assertNotIn("\x1b", "".join(lines))


TESTED = """title: Door
logsource: {product: acme, service: door}
detection:
  sel: {action: opened}
  condition: sel
tests:
  - {name: opened, expect: match, source: {product: acme, service: door}, events: [{action: opened}]}
  - {name: closed, expect: none, source: {product: acme, service: door}, events: [{action: closed}]}
"""


class RulesTest(unittest.TestCase):
    def command(self, *arguments):
        done = subprocess.run([str(BINARY), "rules", "test", *map(str, arguments)], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines(), done.stderr

    def run_on(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "r.yml"
            path.write_text(text)
            code, lines, totals = self.command(path)
            return code, [line.removeprefix(f"{path}:") for line in lines], totals

    def test_the_bundled_rules_pass(self):
        for arguments in ([], [ROOT / "data" / "rules"]):
            code, lines, totals = self.command(*arguments)
            self.assertEqual((code, lines), (0, []), totals)
            self.assertRegex(totals, r"^\d+ files, \d+ rules: \d+ tests passed, 0 failed; 0 faults\n$")

    def test_tests_that_pass(self):
        self.assertEqual(self.run_on(TESTED), (0, [], "1 files, 1 rules: 2 tests passed, 0 failed; 0 faults\n"))

    def test_a_test_that_fails_is_told_with_its_place(self):
        code, lines, totals = self.run_on(TESTED.replace("action: closed", "action: Opened"))
        self.assertEqual((code, lines), (1, ["8:5: the test 'closed' fails: the event matches"]))
        self.assertIn("1 tests passed, 1 failed", totals)

    def test_a_wrong_log_source_fails(self):
        code, lines, _ = self.run_on(TESTED.replace("match, source: {product: acme", "match, source: {product: other"))
        self.assertEqual(code, 1)
        self.assertIn("7:5: the test 'opened' fails: the event is not of the rule's log source", lines[0])

    def test_a_rule_without_tests_fails(self):
        code, lines, _ = self.run_on(TESTED.split("tests:")[0])
        self.assertEqual(code, 1)
        self.assertEqual(len(lines), 2)
        self.assertIn("1:1: the rule has no test that expects a match", lines[0])

    def test_nothing_to_read_is_bad_usage(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.command(pathlib.Path(folder) / "absent.yml")[0], 2)


if __name__ == "__main__":
    unittest.main()
