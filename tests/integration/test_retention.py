"""Retention and tenants through the real binary: what is old goes while the server runs, what is held stays, and a deleted
tenant is gone from every table and from the file's bytes."""
import json
import pathlib
import sqlite3
import subprocess
import tempfile
import unittest

from tests.integration.harness import Server, wait_until
from tests.integration.test_backup import run


class Retention(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="tocsin-retention-")
        self.addCleanup(self.directory.cleanup)
        self.here = pathlib.Path(self.directory.name)
        self.data = self.here / "data"

    # Alerts are received now; to be old they are set back in the file while no server has it.
    def age(self, days):
        database = sqlite3.connect(self.data / "tocsin.db")
        nanos = days * 86400 * 10**9
        database.execute("UPDATE alerts SET received_at = received_at - ?, last_seen = last_seen - ?", (nanos, nanos))
        database.commit()
        database.close()

    def test_the_job_deletes_what_is_old_and_keeps_what_is_held(self):
        server = Server(self.data).start()
        server.post("/api/v1/alerts", [{"id": f"old-{n}", "message": f"needle{n}", "severity": "low"} for n in range(120)])
        server.post("/api/v1/alerts", {"id": "held", "message": "needle-held", "severity": "critical", "host": "db-1"})
        server.post("/api/v1/incidents/rebuild")
        incident = server.get("/api/v1/incidents?sort=newest").json()["items"][0]["id"]
        reply = server.call("PUT", f"/api/v1/incidents/{incident}/hold", {"reason": "case 12"})
        self.assertEqual(reply.status, 200, reply.body)
        server.stop()
        self.age(60)
        server = Server(self.data).start()
        server.post("/api/v1/alerts", {"id": "young", "message": "needle-young"})
        self.assertEqual(server.call("PUT", "/api/v1/settings/retention", {"days": 30}).status, 200)
        wait_until(lambda: server.get("/api/v1/stats").json()["alerts"]["total"] == 2, 30, "the old alerts went")
        left = {alert["source_id"] for alert in server.every_item("/api/v1/alerts")}
        self.assertEqual(left, {"held", "young"})
        self.assertEqual(server.get("/api/v1/alerts?q=needle7").json()["total"], 0)
        self.assertEqual(server.get(f"/api/v1/incidents/{incident}").json()["hold"]["reason"], "case 12")
        done = [job for job in server.every_item("/api/v1/jobs") if job["kind"] == "retention.sweep"]
        self.assertIn("waiting", {job["state"] for job in done})  # planned again
        self.assertIn('"retention_run"', server.log_text())
        server.stop()
        self.assertEqual(run("doctor", "--data", self.data, "--thorough", "--listen", "127.0.0.1:0").returncode, 0)

    def test_a_tenant_is_exported_and_deleted(self):
        server = Server(self.data).start()
        server.post("/api/v1/alerts", [{"id": f"mine-{n}", "message": f"m{n}"} for n in range(20)])
        server.stop()
        database = sqlite3.connect(self.data / "tocsin.db")
        database.execute("INSERT INTO tenants VALUES (77, 'acme', 'Acme', 0, 0, 0, 0, 1)")
        database.execute("INSERT INTO settings (tenant, key, value) VALUES (77, 'a', 'needle-of-acme')")
        database.commit()
        database.close()
        of_others = [self.data / "tenants/78/uploads/kept", self.data / "uploads/kept"]
        for file in (self.data / "tenants/77/uploads/ab/mine", *of_others):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("needle-of-acme")
        refused = run("tenant", "delete", "acme", "--data", self.data)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("--confirm acme", refused.stderr)
        exported = run("tenant", "export", "default", self.here / "mine.tocsin", "--data", self.data)
        self.assertEqual(exported.returncode, 0, exported.stderr)
        self.assertEqual(run("backup", "--list", self.here / "mine.tocsin").returncode, 0)
        out = self.here / "out"
        out.mkdir()
        subprocess.run(["tar", "--zstd", "-xf", self.here / "mine.tocsin", "-C", out], check=True)
        alerts = [json.loads(line) for line in (out / "alerts/00001.jsonl").read_text().splitlines()]
        self.assertEqual({alert["source_id"] for alert in alerts}, {f"mine-{n}" for n in range(20)})
        self.assertTrue((out / "audit/00001.jsonl").exists())
        deleted = run("tenant", "delete", "acme", "--confirm", "acme", "--data", self.data)
        self.assertEqual(deleted.returncode, 0, deleted.stderr)
        self.assertNotIn(b"needle-of-acme", (self.data / "tocsin.db").read_bytes())
        self.assertFalse((self.data / "tenants/77").exists())
        self.assertTrue(all(file.exists() for file in of_others))
        self.assertEqual(run("tenant", "export", "acme", self.here / "x", "--data", self.data).returncode, 2)
        server = Server(self.data).start()
        self.assertEqual(run("tenant", "delete", "acme", "--confirm", "acme", "--data", self.data).returncode, 1)
        self.assertEqual(server.get("/api/v1/stats").json()["alerts"]["total"], 20)
        server.stop()


if __name__ == "__main__":
    unittest.main()
