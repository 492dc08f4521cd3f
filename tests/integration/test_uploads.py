"""Files through POST /api/v1/uploads: real payloads, tables, logs, broken ones, a large one, a kill in the middle."""
import gzip
import json
import pathlib
import tempfile
import unittest
import urllib.parse

from tests.integration.harness import SHARED_DATA, Server, ServerTest, wait_until

BYTES = {"Content-Type": "application/octet-stream"}


def upload(server, body, source=None, filename="", headers=None):
    query = {key: value for key, value in (("source", source), ("filename", filename)) if value}
    return server.post("/api/v1/uploads?" + urllib.parse.urlencode(query), body, headers=headers or BYTES)


def eve(i, **more):
    return json.dumps({"timestamp": "2026-01-04T12:00:00.000000+0000", "event_type": "alert", "flow_id": i,
                       "src_ip": f"203.0.{i // 250 % 250}.{i % 250}", "dest_ip": "10.0.0.5",
                       "alert": {"signature_id": 2000000 + i, "signature": f"ET SCAN probe {i}", "severity": 2}, **more})


def finished(server, location):
    return wait_until(lambda: (r := server.get(location).json())["state"] != "running" and r, 120, "the file is read")


class Uploads(ServerTest):
    def test_lines_are_counted_and_unreadable_ones_named(self):
        body = "\n".join([eve(1), '{"event_type":"alert",', eve(2), "", eve(3)])
        reply = upload(self.server, body.encode(), filename="eve.json")
        report = reply.json()
        self.assertEqual(reply.status, 200, report)
        self.assertEqual((report["source"], report["detected"], report["format"]), ("suricata", True, "lines"))
        self.assertIn("3 of the first 4 items", report["why"])
        self.assertAlmostEqual(report["confidence"], 0.75)
        self.assertEqual([report[k] for k in ("items", "alerts", "occurrences", "duplicates", "events", "dead_letters")],
                         [4, 3, 0, 0, 0, 1])
        self.assertEqual([u["line"] for u in report["unreadable"]], [2])
        letter = self.server.get("/api/v1/dead-letters/" + report["unreadable"][0]["dead_letter"]).json()
        self.assertEqual(letter["body"], '{"event_type":"alert",')
        self.assertEqual(len(report["alert_ids"]), 3)
        alert = self.server.get("/api/v1/alerts/" + report["alert_ids"][0]).json()
        self.assertEqual(alert["source"], "suricata")
        self.assertEqual(self.server.get("/api/v1/uploads/" + report["id"]).json(), report)

    def test_the_same_file_again_adds_nothing(self):
        body = "\n".join([eve(11), eve(12), "{oops"]).encode()
        first = upload(self.server, body).json()
        before = self.server.get("/api/v1/stats").json()
        for source in (None, "suricata"):
            again = upload(self.server, body, source).json()
            self.assertEqual((again["repeat"], again["alerts"], again["occurrences"], again["duplicates"]),
                             (True, 0, 0, 2))
            self.assertEqual(again["unreadable"], first["unreadable"])
        after = self.server.get("/api/v1/stats").json()
        self.assertEqual(after["alerts"]["total"], before["alerts"]["total"])
        self.assertEqual(after["dead_letters"], before["dead_letters"])

    def test_a_table_is_read_by_its_header(self):
        body = ("Title;Severity;Source IP;Computer;Shelf\n"
                "Beacon to a rare host;high;203.0.113.77;ws-77;3\nToo;many;columns;in;this;row\n")
        report = upload(self.server, body.encode(), filename="export.csv", headers={"Content-Type": "text/csv"}).json()
        self.assertEqual((report["source"], report["format"], report["ignored_columns"]), ("generic", "csv", ["Shelf"]))
        self.assertEqual((report["alerts"], [u["line"] for u in report["unreadable"]]), (1, [3]))
        alert = self.server.get("/api/v1/alerts/" + report["alert_ids"][0]).json()
        self.assertEqual((alert["title"], alert["severity"], alert["raw"]["Shelf"]), ("Beacon to a rare host", "high", "3"))
        self.assertIn({"kind": "ip", "value": "203.0.113.77", "role": "source"}, alert["entities"])

    def test_what_nobody_can_tell_is_refused_and_kept(self):
        body = b"first strange line\nsecond strange line\n"
        reply = upload(self.server, body)
        problem = reply.json()
        self.assertEqual(reply.status, 422, problem)
        self.assertIn("paloalto-ngfw", problem["hint"])
        letters = self.server.get("/api/v1/dead-letters?limit=1").json()["items"]
        self.assertIn(letters[0]["id"], problem["detail"])
        self.assertEqual(self.server.get("/api/v1/dead-letters/" + letters[0]["id"]).json()["body"], body.decode())

    def test_wrong_requests_are_told_what_is_wrong(self):
        for body, source, headers, status, word in (
                (b"{}", "nonesuch", BYTES, 404, "Known sources"),
                (b"PK\x03\x04rest", None, BYTES, 415, "Unpack"),
                (b"", None, BYTES, 422, "empty"),
                (b"a=1", None, {"Content-Type": "application/x-www-form-urlencoded"}, 415, "")):
            reply = upload(self.server, body, source, headers=headers)
            self.assertEqual(reply.status, status, reply.body[:300])
            self.assertIn(word, reply.body.decode())
        self.assertEqual(self.server.get("/api/v1/uploads/UP-" + "0" * 24).status, 404)

    def test_a_torn_archive_is_told(self):
        torn = gzip.compress("\n".join(eve(i) for i in range(30, 90)).encode())[:-9]
        reply = upload(self.server, torn)
        if reply.status == 202:  # its trailer, which is not one, claimed a large file
            self.assertIn("gzip", finished(self.server, reply.headers["location"])["error"]["message"])
        else:
            self.assertEqual(reply.status, 400, reply.body[:300])

    def test_too_large_a_body_is_refused_by_its_head(self):
        connection = self.server.connection()
        connection.putrequest("POST", "/api/v1/uploads")
        connection.putheader("Content-Type", "application/octet-stream")
        connection.putheader("Content-Length", str(33 << 20))
        connection.endheaders()
        response = connection.getresponse()
        self.assertEqual(response.status, 413, response.read())
        connection.close()

    def test_a_packed_file_is_unpacked(self):
        report = upload(self.server, gzip.compress("\n".join(eve(i) for i in range(20, 25)).encode())).json()
        self.assertEqual((report["source"], report["alerts"]), ("suricata", 5))

    def test_real_payloads_are_recognised(self):
        folder = SHARED_DATA / "payloads"
        if not folder.is_dir():
            self.skipTest(f"NO REAL PAYLOADS: {folder} is not there; set TOCSIN_SHARED_DATA")
        wrong = []
        files = sorted(folder.glob("*/*.*"))
        for file in files:
            reply = upload(self.server, file.read_bytes(), filename=file.name)
            report = reply.json()
            taken = sum(report.get(k, 0) for k in ("alerts", "occurrences", "duplicates", "events"))
            if reply.status != 200 or report["source"] != file.parent.name or taken == 0 or report["dead_letters"]:
                wrong.append((file.name, reply.status, report.get("source"), report.get("detail")))
        self.assertEqual(wrong, [], f"of {len(files)}")
        self.assertGreater(len(files), 100)


class LargeUploads(unittest.TestCase):
    ROWS = 60_000

    def test_a_large_file_is_answered_when_safe_and_read_across_a_kill(self):
        body = gzip.compress("\n".join(eve(i, in_iface="eth0") for i in range(self.ROWS)).encode(), 1)
        with tempfile.TemporaryDirectory(prefix="tocsin-upload-") as directory:
            data = pathlib.Path(directory) / "data"
            server = Server(data).start()
            reply = upload(server, body)
            self.assertEqual(reply.status, 202, reply.body[:300])
            location = reply.headers["location"]
            wait_until(lambda: server.get(location).json()["chunks"] > 2, 60, "the first chunks")
            server.kill()
            server = Server(data).start()
            report = finished(server, location)
            total = server.get("/api/v1/stats").json()["alerts"]["total"]
            again = upload(server, body).json()
            waiting = list((data / "uploads").iterdir())
            peak = server.peak_rss_mib()
            server.stop()
        self.assertEqual((report["state"], report["items"], report["dead_letters"]), ("done", self.ROWS, 0))
        # A chunk that was stored just before the kill comes out as duplicates, none is missing and none is there twice.
        self.assertEqual(report["alerts"] + report["occurrences"] + report["duplicates"], self.ROWS)
        self.assertEqual(total, self.ROWS)
        self.assertEqual((again["repeat"], again["alerts"], again["duplicates"]), (True, 0, self.ROWS))
        self.assertEqual(waiting, [])
        self.assertLess(peak, 600)


class HandMadeAlerts(ServerTest):
    def post(self, **fields):
        return self.server.post("/api/v1/alerts", {"source": "manual", **fields})

    def test_a_hand_made_alert_says_who_made_it(self):
        reply = self.post(title="Caller asked for a password reset", severity="high",
                          description="Help desk, 14:05. The voice was not Ann's.", occurred_at="2026-01-04T14:05:00Z",
                          note="Ann confirmed by phone that it was not her.", reported_by="help desk",
                          entities=[{"kind": "user", "value": "ann", "role": "target"}])
        alert = reply.json()
        self.assertEqual(reply.status, 201, alert)
        self.assertEqual((alert["source"], alert["title"], alert["severity"]),
                         ("manual", "Caller asked for a password reset", "high"))
        facts = {f["name"]: (f["value"], f["from"]) for f in alert["facts"]}
        self.assertEqual(facts["created_by"], ("local-admin", "manual"))
        self.assertEqual(facts["note"], ("Ann confirmed by phone that it was not her.", "manual"))
        self.assertEqual(facts["reported_by"][0], "help desk")
        self.assertEqual(alert["entities"], [{"kind": "user", "value": "ann", "role": "target"}])

    def test_every_wrong_field_is_named(self):
        reply = self.post(severity="dreadful", occurred_at="soon", note=5,
                          entities=[{"kind": "usr", "value": "ann"}, {"kind": "host", "value": " ", "role": "boss"}])
        self.assertEqual(reply.status, 422)
        errors = {e["pointer"]: e["detail"] for e in reply.json()["errors"]}
        self.assertEqual(set(errors), {"/title", "/severity", "/occurred_at", "/note", "/entities/0/kind",
                                       "/entities/1/role", "/entities/1/value"})
        self.assertIn("cloud_resource", errors["/entities/0/kind"])

    def test_nobody_else_can_sign_as_a_person(self):
        reply = self.server.post("/api/v1/webhooks/generic", {"source": "manual", "title": "Not made by hand",
                                                              "facts": [{"name": "created_by", "value": "root"}]})
        alert = self.server.get("/api/v1/alerts/" + reply.json()["ids"][0]).json()
        self.assertEqual(alert["facts"], [])


if __name__ == "__main__":
    unittest.main()
