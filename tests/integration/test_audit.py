"""The audit from outside: written by a server that is killed, checked beside one that runs, tampered with by sqlite3."""
import json
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

from tests.integration.harness import BINARY, Server


def verify(data, *flags):
    done = subprocess.run([str(BINARY), "audit", "verify", "--data", str(data), *flags], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def tamper(data, sql):
    """As somebody who may write the file: the triggers are dropped first."""
    with sqlite3.connect(data / "tocsin.db") as db:
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute(sql)


class Audit(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="tocsin-audit-")
        self.data = pathlib.Path(self.folder.name) / "data"

    def tearDown(self):
        self.folder.cleanup()

    def work(self, server, first, alerts=20):
        """Delivers alerts and closes half of them."""
        batch = [{"id": f"audit-{first + i}", "message": "m", "alert_type": "t", "host": f"h{first + i}"} for i in range(alerts)]
        self.assertEqual(server.post("/api/v1/alerts", batch).status, 200)
        for i in range(0, alerts, 2):
            reply = server.call("PATCH", f"/api/v1/alerts/audit-{first + i}", {"status": "closed", "verdict": "false_positive"})
            self.assertEqual(reply.status, 200, reply.body)

    def test_it_is_whole_after_a_kill_and_beside_a_running_server(self):
        server = Server(self.data).start()
        self.work(server, 0)
        server.kill()
        server = Server(self.data).start()
        self.work(server, 1000)
        code, out = verify(self.data)
        self.assertEqual(code, 0, out)
        self.assertRegex(out, r"sound: \d+ records of 1 tenants")
        total = server.get("/api/v1/audit?action=alert.update").json()["total"]
        self.assertEqual(total, 20)
        records = server.get("/api/v1/audit?limit=1000").json()["items"]
        actors = {record["actor"] for record in records if not record["action"].startswith("job.")}
        self.assertEqual(actors, {"local-admin"}, "of its own the machine runs jobs alone")
        server.stop()
        heads = (self.data / "audit-heads.jsonl").read_text().splitlines()
        self.assertGreaterEqual(len(heads), 1, "a clean stop signs")
        self.assertEqual(json.loads(heads[-1])["tenant"], 1)
        self.assertEqual(verify(self.data)[0], 0)

    def test_what_somebody_did_to_it_is_found_and_placed(self):
        server = Server(self.data).start()
        self.work(server, 0)
        server.stop()
        whole = self.data.with_name("whole")
        shutil.copytree(self.data, whole)
        deeds = {
            "UPDATE audit SET actor = 'eve' WHERE number = 5": "record 5: its content does not have its hash",
            "DELETE FROM audit WHERE number IN (6, 7)": "records 6 to 7: missing",
            "DELETE FROM audit WHERE number > 8": "missing at the end",
            "DELETE FROM audit_heads": "missing in the database",
        }
        for sql, finding in deeds.items():
            shutil.copy(whole / "tocsin.db", self.data / "tocsin.db")
            tamper(self.data, sql)
            code, out = verify(self.data)
            self.assertEqual(code, 1, sql)
            self.assertIn(finding, out, sql)

    def test_a_directory_that_was_rolled_back_is_found_by_heads_kept_elsewhere(self):
        server = Server(self.data).start()
        self.work(server, 0)
        server.stop()
        earlier = self.data.with_name("earlier")
        shutil.copytree(self.data, earlier)
        server = Server(self.data).start()
        self.work(server, 1000)
        server.stop()
        server = Server(self.data).start()
        kept = self.data.with_name("heads.json")
        kept.write_bytes(server.get("/api/v1/audit/heads").body)
        server.stop()
        shutil.rmtree(self.data)
        shutil.copytree(earlier, self.data)
        self.assertEqual(verify(self.data)[0], 0, "the directory by itself is whole")
        code, out = verify(self.data, "--heads", str(kept))
        self.assertEqual(code, 1)
        self.assertIn("rolled back", out)

    def test_no_database_is_no_verdict(self):
        code, out = verify(self.data)
        self.assertEqual(code, 2)
        self.assertNotIn("sound", out)
