"""Rebuilding: never loses an alert, verdict or note; twice changes nothing; ids never come back for something else."""
from tests.integration.harness import ServerTest, server, wait_until


def story(n, minutes=0):
    """Two related alerts about one host and user."""
    base = {"host": f"ws-{n}", "user": f"user{n}", "severity": "medium"}
    return [{**base, "id": f"s{n}a", "ts": f"2026-01-04T12:{minutes:02}:00Z", "alert_type": "failed_login",
             "message": f"failed logins on ws-{n}"},
            {**base, "id": f"s{n}b", "ts": f"2026-01-04T12:{minutes + 5:02}:00Z", "alert_type": "suspicious_powershell",
             "message": f"encoded command on ws-{n}"}]


class Correlated(ServerTest):
    def settle(self):
        wait_until(lambda: self.server.get("/api/v1/stats").json()["correlation_behind"] == 0, 20, "correlation caught up")


class Rebuild(Correlated):
    def snapshot(self):
        return {i["id"]: (i["title"], i["severity"], i["status"], i["verdict"], i["alert_count"], i["priority"])
                for i in self.server.every_item("/api/v1/incidents")}

    def test_life_of_an_incident(self):
        posted = [a for n in range(20) for a in story(n)]
        self.assertEqual(self.server.post("/api/v1/alerts", posted).json()["accepted"], 40)
        self.settle()
        live = self.snapshot()
        self.assertEqual(len(live), 20, "each story is one incident")

        dry = self.server.post("/api/v1/incidents/rebuild?dry_run=true").json()
        self.assertEqual((dry["incidents_changed"], self.snapshot()), (0, live))
        first = self.server.post("/api/v1/incidents/rebuild").json()
        self.assertEqual((first["incidents_created"], first["clusters"], first["alerts_correlated"]), (20, 20, 40))
        second = self.server.post("/api/v1/incidents/rebuild").json()
        self.assertEqual((second["incidents_created"], second["incidents_changed"]), (0, 0))
        self.assertEqual(self.snapshot(), live, "a rebuild equals the live result")

        ids = sorted(live)
        one, two, three = ids[0], ids[1], ids[2]
        self.server.call("PATCH", f"/api/v1/incidents/{one}", {"status": "in_progress", "verdict": "true_positive"})
        self.server.post(f"/api/v1/incidents/{one}/notes", {"text": "a note that must stay"})
        merged = self.server.post(f"/api/v1/incidents/{two}/merge", {"incident_ids": [three]})
        self.assertEqual(merged.status, 200, merged.body)
        self.assertEqual(merged.json()["alert_count"], 4)
        part = [a["id"] for a in self.server.get(f"/api/v1/incidents/{one}").json()["alerts"]][:1]
        split = self.server.post(f"/api/v1/incidents/{one}/split", {"alert_ids": part})
        self.assertIn(split.status, (200, 201), split.body)
        decided = self.snapshot()
        for _ in range(2):
            report = self.server.post("/api/v1/incidents/rebuild").json()
            self.assertGreaterEqual(report["kept_decisions"], 2)
            self.assertEqual(self.snapshot(), decided)
        self.assertIn("a note that must stay", self.server.get(f"/api/v1/incidents/{one}").body.decode())
        gone = self.server.get(f"/api/v1/incidents/{three}")
        self.assertIn(two, gone.body.decode(), "a merged incident says where it went")

        stored = {a["source_id"] for a in self.server.every_item("/api/v1/alerts")}
        self.assertEqual(stored, {a["id"] for a in posted})


class Incidents(Correlated):
    def test_why_names_the_alerts(self):
        self.server.post("/api/v1/alerts", story(77, 30))
        self.settle()
        incident = next(i for i in self.server.every_item("/api/v1/incidents") if "ws-77" in str(i))
        page = self.server.get(f"/api/v1/incidents/{incident['id']}").json()
        ids = {a["id"] for a in page["alerts"]}
        self.assertEqual(len(ids), 2)
        self.assertTrue(page["why"])
        self.assertTrue(any(i in " ".join(map(str, page["why"])) for i in ids), page["why"])

    def test_a_low_lone_alert_stays_in_the_queue(self):
        self.server.post("/api/v1/alerts", {"id": "lone", "message": "something small", "host": "lonely-1", "severity": "low"})
        self.settle()
        self.assertIsNone(self.server.get("/api/v1/alerts/lone").json()["incident_id"])


class Manual(ServerTest):
    def test_manual_mode_correlates_only_on_rebuild(self):
        import pathlib
        import tempfile
        with tempfile.TemporaryDirectory() as directory:
            config = pathlib.Path(directory) / "tocsin.toml"
            config.write_text('[correlation]\nmode = "manual"\n')
            with server("--config", str(config)) as manual:
                manual.post("/api/v1/alerts", story(1))
                self.assertEqual(manual.get("/api/v1/incidents").json()["items"], [])
                report = manual.post("/api/v1/incidents/rebuild").json()
                self.assertEqual((report["incidents_created"], report["clusters"]), (1, 1))
                self.assertEqual(len(manual.get("/api/v1/incidents").json()["items"]), 1)


if __name__ == "__main__":
    import unittest

    unittest.main()
