"""The benchmark's stand-in and ours store the same: each alert is posted to both and their rows are compared.

The stand-in's packages come from a Python package index; where none is reached, the test is skipped and says so.
"""
import os
import pathlib
import random
import signal
import socket
import sqlite3
import subprocess
import tempfile
import unittest
from datetime import datetime, timedelta, timezone

from tests.integration.harness import MODE, ROOT, Server, server, wait_until

PEER = ROOT / "bench/peer_fastapi/run.sh"
ALERTS = 2000 if MODE == "full" else 300
SEVERITIES = ("info", "low", "medium", "high", "critical")
TIERS = ("normal", "important", "crown_jewel")
TYPES = ("failed_login", "malware_detected", "dns_tunnel", "impossible_travel", "port_scan")
# What a database, a JSON writer or a template might trip over.
MESSAGES = ("plain", 'quotes " and \' and \\', "zeile mit Umlaut äöü", "日本語のアラート", "emoji 🔔", "line\nbreak\ttab",
            "<script>alert(1)</script>", "'; DROP TABLE alerts; --", "percent %s {0} ${x}", "x" * 5000)


def alerts(count):
    rng = random.Random(7)
    started = datetime(2026, 11, 1, tzinfo=timezone.utc)
    for i in range(count):
        yield {
            "id": f"vendor-{i}",
            "ts": (started + timedelta(seconds=rng.randrange(864000))).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "source": rng.choice(("edr", "firewall", "idp")),
            "alert_type": rng.choice(TYPES),
            "severity": rng.choice(SEVERITIES),
            "user": f"user-{rng.randrange(50)}",
            "host": f"host-{i}",
            "ip": f"198.51.100.{rng.randrange(1, 255)}",
            "asset_tier": rng.choice(TIERS),
            "message": f"{rng.choice(MESSAGES)} #{i}",
        }


def entity(alert, kind):
    return next((e["value"] for e in alert["entities"] if e["kind"] == kind), None)


def our_row(alert):
    return {"id": alert["source_id"], "ts": alert["occurred_at"][:19] + "Z", "source": alert["source"],
            "alert_type": alert["type"], "severity": alert["severity"], "user": entity(alert, "user"),
            "host": entity(alert, "host"), "ip": entity(alert, "ip"), "asset_tier": alert["asset_tier"],
            "message": alert["message"]}


def peer_rows(file):
    with sqlite3.connect(file) as database:
        database.row_factory = sqlite3.Row
        for row in database.execute("SELECT * FROM alerts"):
            row = dict(row)
            yield {"id": row["source_id"], "ts": row["ts"][:19].replace(" ", "T") + "Z",
                   **{name: row[name] for name in ("source", "alert_type", "severity", "user", "host", "ip", "asset_tier",
                                                   "message")}}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Peer:
    def __init__(self, directory):
        self.file = pathlib.Path(directory) / "peer.sqlite"
        self.log = pathlib.Path(directory) / "peer.log"
        self.http = Server(directory)  # only its way of calling
        self.http.port = free_port()

    def __enter__(self):
        environment = {**os.environ, "PORT": str(self.http.port), "DATABASE_FILE": str(self.file)}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([str(PEER)], env=environment, stdout=log, stderr=log, start_new_session=True)

        def answers():
            if self.process.poll() is not None:
                raise unittest.SkipTest("the stand-in does not start (no package index?): " + self.log.read_text()[-300:])
            try:
                return self.http.get("/health").status == 200
            except OSError:
                return False

        wait_until(answers, 300, "the stand-in answers")
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)


class SameRows(unittest.TestCase):
    def test_both_store_the_same(self):
        with tempfile.TemporaryDirectory(prefix="tocsin-peer-") as directory, server() as ours, Peer(directory) as peer:
            sent = list(alerts(ALERTS))
            for alert in sent:
                self.assertEqual(ours.post("/api/v1/alerts", alert).status, 201)
                self.assertEqual(peer.http.post("/alerts", alert).status, 200)
            stored = {row["id"]: row for row in map(our_row, self.whole(ours))}
            theirs = {row["id"]: row for row in peer_rows(peer.file)}
        self.assertEqual(len(theirs), ALERTS)
        self.maxDiff = None
        for alert in sent:
            self.assertEqual(theirs[alert["id"]], alert)
            self.assertEqual(stored[alert["id"]], theirs[alert["id"]])

    @staticmethod
    def whole(ours):
        for listed in ours.every_item("/api/v1/alerts"):
            yield ours.get(f"/api/v1/alerts/{listed['id']}").json()


if __name__ == "__main__":
    unittest.main()
