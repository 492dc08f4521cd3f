"""`tocsin evaluate`: figures on stdout as JSON, what is wrong on stderr."""
import datetime
import gzip
import json
import pathlib
import subprocess
import tempfile
import unittest

from tests.integration.harness import BINARY, SHARED_DATA

HEADER = "first_ts,detector,name,short,host,count,label,phase,incident"


def run(*arguments):
    return subprocess.run([BINARY, "evaluate", *map(str, arguments)], capture_output=True, text=True, timeout=120)


def moment(minute):
    return (datetime.datetime(2026, 1, 5) + datetime.timedelta(minutes=minute)).isoformat() + "Z"


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


class History(unittest.TestCase):
    """`tocsin evaluate history`: what triage would have made of alerts that people have closed already."""

    @staticmethod
    def rows():
        lines = ["Title,Rule,Severity,Host,Created,Closed,Verdict,Minutes spent"]
        for minute in range(0, 6 * 1440, 4):
            at, done = moment(minute), moment(minute + 30)
            lines.append(f"Scan,noise {minute // 4 % 3},low,host {minute // 4 % 5},{at},{done},False Positive,3")
            if minute % 2880 in range(2000, 2040):
                lines.append(f"Break-in,attack {minute},medium,host 1,{at},{done},TP,30")
        lines.append(f"Grave,noise 0,critical,host 0,{moment(8000)},{moment(8001)},FP,3")
        return lines

    def test_the_second_half_is_what_counts(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "closed.csv.gz")
            file.write_bytes(gzip.compress("\n".join(self.rows()).encode()))
            answer = run("history", file, "--bound", "0.1")
            self.assertEqual((answer.returncode, answer.stderr), (0, ""))
            report = json.loads(answer.stdout)
            self.assertEqual(report["reading"]["closed"], len(self.rows()) - 1)
            self.assertEqual(report["reading"]["rejected"], 0)
            held = report["held_back"]
            self.assertEqual(held["real_hidden"], 0)
            self.assertGreater(held["noise_hidden"], 0.8)
            self.assertEqual(held["minutes_saved"], 3 * (held["hidden"] - held["real_hidden"]))
            self.assertTrue(report["bound_is_vouched_for"])
            self.assertTrue(report["questions"])
            rules = {rule["type"]: rule for rule in report["rules"]}
            self.assertEqual(rules["noise_0"]["real_hidden"], 0)
            self.assertGreater(rules["noise_0"]["hidden"], 0)
            text = run("history", file, "--format", "text")
            self.assertEqual(text.returncode, 0)
            self.assertIn("Second half", text.stdout)

    def test_rows_that_cannot_be_read_are_kept(self):
        with tempfile.TemporaryDirectory() as folder:
            file, rejects = pathlib.Path(folder, "closed.csv"), pathlib.Path(folder, "rejects.jsonl")
            file.write_text("\n".join(self.rows()[:20] + ["Scan,x,low,h,never,,FP,", f"Scan,x,low,h,{moment(1)},,purple,"]))
            answer = run("history", file, "--rejects", rejects)
            self.assertEqual((answer.returncode, answer.stderr), (0, ""))
            reading = json.loads(answer.stdout)["reading"]
            self.assertEqual((reading["rejected"], reading["unknown_verdicts"]), (2, {"purple": 1}))
            self.assertEqual([(one["line"], one["column"]) for one in reading["rejections"]], [(21, "Created"), (22, "Verdict")])
            kept = [json.loads(line) for line in rejects.read_text().splitlines()]
            self.assertEqual([one["line"] for one in kept], [21, 22])
            self.assertEqual(kept[0]["row"], "Scan,x,low,h,never,,FP,")

    def test_what_is_no_history_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "a.csv")
            file.write_text("title,created\na,b\n")
            answer = run("history", file)
            self.assertEqual((answer.returncode, answer.stdout), (2, ""))
            self.assertIn("what became of the alerts", answer.stderr)
            self.assertEqual(run("history", pathlib.Path(folder, "none.csv")).returncode, 2)
            self.assertNotEqual(run("history", file, "--bound", "2").returncode, 0)
