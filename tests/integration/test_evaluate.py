"""`tocsin evaluate`: figures on stdout as JSON, what is wrong on stderr."""
import json
import pathlib
import subprocess
import tempfile
import unittest

from tests.integration.harness import BINARY, SHARED_DATA

HEADER = "first_ts,detector,name,short,host,count,label,phase,incident"


def run(*arguments):
    return subprocess.run([BINARY, "evaluate", *map(str, arguments)], capture_output=True, text=True, timeout=120)


class Evaluate(unittest.TestCase):
    def test_rows_that_are_wrong_are_named(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(run("triage", folder).returncode, 2)
            rows = pathlib.Path(folder, "ait_ads")
            rows.mkdir()
            (rows / "lab_groups.csv").write_text(f"{HEADER}\n1,tool,a,A,web,1,fp,,\n2,tool,a,A,web,1,true,,\n")
            answer = run("triage", folder)
            self.assertEqual((answer.returncode, answer.stdout), (2, ""))
            self.assertIn("lab_groups.csv:3", answer.stderr)
            self.assertNotEqual(run("triage", folder, "--bound", "2").returncode, 0)

    def test_labelled_alerts_of_others(self):
        data = pathlib.Path(SHARED_DATA, "triage")
        if not data.is_dir():
            self.skipTest(f"no labelled alerts in {data}")
        answer = run("triage", data)
        self.assertEqual((answer.returncode, answer.stderr), (0, ""))
        sets = json.loads(answer.stdout)["sets"]
        self.assertIn("wazuh_lab", sets)
        names = [name for name in sets if name.startswith("ait_ads/")]
        self.assertTrue(names)
        for name in names:
            figures = sets[name]
            with self.subTest(name):
                self.assertGreaterEqual(figures["recall_live"], 0.99)
                self.assertGreater(figures["hidden_at_recall_99"], figures["baselines"]["novelty"])
                self.assertLessEqual(figures["ece"], 0.05)
                self.assertLessEqual(figures["labels_used"], 100)
        self.assertEqual(run("triage", data).stdout.split('"microseconds"')[0], answer.stdout.split('"microseconds"')[0])

    def test_joined_alerts_of_others(self):
        data = pathlib.Path(SHARED_DATA, "triage")
        if not data.is_dir():
            self.skipTest(f"no labelled alerts in {data}")
        answer = run("correlation", data)
        self.assertEqual((answer.returncode, answer.stderr), (0, ""))
        sets = json.loads(answer.stdout)["sets"]
        self.assertTrue([name for name in sets if name.startswith("cptc2017/")])
        for name in (name for name in sets if name.startswith("ait_ads/")):
            with self.subTest(name):
                self.assertEqual(sets[name]["phases"], [])
                self.assertGreaterEqual(sets[name]["b3_f1"], 0.9)
                self.assertLessEqual(sets[name]["incidents_per_day"], 10)
                self.assertLess(sets[name]["false_rows_in_attack"], 100)
