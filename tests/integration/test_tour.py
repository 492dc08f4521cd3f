"""The README's quick tour is run as it stands."""
import re
import subprocess
import unittest

from tests.integration.harness import ROOT, server


def tour_steps():
    """Pairs of a command block (```sh) and the block of lines that its output must hold (```text)."""
    text = (ROOT / "README.md").read_text()
    tour = text.split("## Quick tour", 1)[1].split("\n## ", 1)[0]
    blocks = re.findall(r"```(sh|text)\n(.*?)```", tour, re.DOTALL)
    for (kind, command), (answer_kind, answer) in zip(blocks[::2], blocks[1::2]):
        assert (kind, answer_kind) == ("sh", "text"), (kind, answer_kind)
        yield command, [line for line in answer.strip().splitlines() if line.strip() != "…"]


class Tour(unittest.TestCase):
    def test_each_command_prints_what_the_readme_says(self):
        steps = list(tour_steps())
        self.assertGreaterEqual(len(steps), 5)
        with server() as running:
            for command, expected in steps:
                script = command.replace("127.0.0.1:8000", f"127.0.0.1:{running.port}")
                run = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=ROOT, capture_output=True, text=True,
                                     timeout=60, check=False)
                self.assertEqual(run.returncode, 0, command + run.stderr)
                for line in expected:
                    self.assertIn(line.strip().strip("…"), run.stdout, command)


if __name__ == "__main__":
    unittest.main()
