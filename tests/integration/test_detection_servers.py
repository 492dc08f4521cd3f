"""Raw events that come to several servers on one PostgreSQL. Skipped without TOCSIN_TEST_POSTGRES, which ./scripts/test sets."""
import collections
import os
import pathlib
import subprocess
import tempfile
import threading
import unittest
import uuid

from tests.integration.harness import Server, wait_until
from tests.integration.test_detection import LINES, RULES, failed, ndjson, shell

URL = os.environ.get("TOCSIN_TEST_POSTGRES", "")


@unittest.skipUnless(URL, "TOCSIN_TEST_POSTGRES names no server")
class DetectionServers(unittest.TestCase):
    def setUp(self):
        self.schema = "detection_" + uuid.uuid4().hex
        self.sql(f"CREATE SCHEMA {self.schema}")
        self.addCleanup(lambda: self.sql(f"DROP SCHEMA {self.schema} CASCADE"))
        folder = tempfile.TemporaryDirectory(prefix="tocsin-detection-")
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)
        (self.path / "rules").mkdir()
        (self.path / "rules/own.yml").write_text(RULES)
        (self.path / "tocsin.toml").write_text("[detection]\nbundled = false\n")

    def sql(self, text):
        return subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", text, URL], check=True,
                              capture_output=True, text=True).stdout.strip()

    def start(self, name):
        url = URL + ("&" if "?" in URL else "?") + f"options=-csearch_path%3D{self.schema}"
        server = Server(self.path / name, "--rules", str(self.path / "rules"), "--config", str(self.path / "tocsin.toml"),
                        env={"DATABASE_URL": url})
        self.addCleanup(lambda: server.process and server.process.poll() is None and server.stop())
        return server.start()

    def owner(self):
        return self.sql(f"SELECT owner FROM {self.schema}.leases WHERE name = 'detection'")

    def send(self, server, events):
        reply = server.post("/api/v1/events", ndjson(events), headers=LINES)
        self.assertEqual(reply.status, 200, reply.body)
        self.assertEqual(reply.json()["accepted"], len(events))
        return reply.json()["alerts"]

    def titles(self, server):
        return collections.Counter(alert["title"] for alert in server.every_item("/api/v1/alerts?q=source:detection"))

    def test_the_one_that_judges_keeps_its_turn_and_both_answer(self):
        first, second = self.start("first"), self.start("second")
        self.assertEqual(len(self.send(first, [shell("pc0")])), 1)
        owner = self.owner()
        for i in range(1, 6):
            server = (first, second)[i % 2]
            self.assertEqual(len(self.send(server, [shell(f"pc{i}")])), 1, "whoever judges, the sender is told")
            self.assertEqual(self.owner(), owner)
        # Five failures of one account, in turns: together they are what the correlation counts.
        told = [self.send((first, second)[i % 2], [failed("bob", i)]) for i in range(5)]
        self.assertEqual([len(alerts) for alerts in told], [0, 0, 0, 0, 1])
        self.assertEqual(self.owner(), owner)
        for server in (first, second):
            self.assertEqual(self.titles(server), {"Shell From Office": 6, "Many Failed Logons": 1})

    def test_a_killed_judge_is_followed_and_nothing_is_lost_or_told_twice(self):
        first = self.start("first")
        self.send(first, [failed("eve", i) for i in range(3)])
        wait_until(self.owner, 30, "the first server judges")
        second = self.start("second")
        victim = self.owner()
        stored = []

        def send_to(server, prefix):
            for i in range(200):
                hosts = [f"{prefix}-{i}-{k}" for k in range(20)]
                try:
                    if server.post("/api/v1/events", ndjson(shell(host) for host in hosts), headers=LINES).status != 200:
                        return
                except (OSError, ValueError):
                    return
                stored.extend(hosts)
                if len(stored) > 1_000:
                    return

        senders = [threading.Thread(target=send_to, args=each) for each in ((first, "a"), (second, "b"))]
        for sender in senders:
            sender.start()
        wait_until(lambda: len(stored) > 200, 120, "both take events")
        first.kill()
        for sender in senders:
            sender.join()
        # What the one that was killed had counted counts for its follower.
        self.assertEqual(self.send(second, [failed("eve", 3)]), [])
        self.send(second, [failed("eve", 4)])
        wait_until(lambda: self.titles(second)["Many Failed Logons"] == 1, 120, "the correlation of both servers' events")
        self.assertNotIn(self.owner(), ("", victim))
        # Each event that was stored made one alert, those that were acknowledged among them.
        shells = second.get("/api/v1/stats").json()["events"] - 5
        self.assertGreaterEqual(shells, len(stored))
        wait_until(lambda: self.titles(second)["Shell From Office"] >= shells, 120, "every event is judged")
        self.assertEqual(self.titles(second), {"Shell From Office": shells, "Many Failed Logons": 1})
        doubled = self.sql(f"SELECT count(*) - count(DISTINCT source_id) FROM {self.schema}.alerts WHERE source_id LIKE 'EV-%'")
        self.assertEqual(doubled, "0")


if __name__ == "__main__":
    unittest.main()
