"""`tocsin rules check`: what cannot be honoured is said with its place, and the exit code tells whether anything was."""
import pathlib
import subprocess
import tempfile
import unittest

from tests.integration.harness import BINARY

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


if __name__ == "__main__":
    unittest.main()
