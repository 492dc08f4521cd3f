"""Durability: the server is killed at random while clients post; every acknowledged alert is there exactly once."""
import collections
import http.client
import json
import pathlib
import random
import tempfile
import threading
import time
import unittest

from tests.integration.harness import MODE, Server

CYCLES = 200 if MODE == "full" else 10


class Client(threading.Thread):
    """Posts until the server is gone; remembers what was acknowledged, and what it does not know about."""

    def __init__(self, server, cycle, number, batch):
        super().__init__()
        self.server, self.cycle, self.number, self.batch = server, cycle, number, batch
        self.acknowledged = []
        self.unknown = []

    def alert(self, i):
        name = f"kill-{self.cycle}-{self.number}-{i}"
        return {"id": name, "message": f"alert {name}", "alert_type": "kill_test", "host": f"host-{name}",
                "user": f"user-{i % 7}", "severity": "low"}

    def run(self):
        connection = self.server.connection(timeout=10)
        i = 0
        while True:
            alerts = [self.alert(i + k) for k in range(self.batch)]
            i += self.batch
            names = [a["id"] for a in alerts]
            try:
                reply = self.server.post("/api/v1/alerts", alerts if self.batch > 1 else alerts[0], connection=connection)
            except (OSError, http.client.HTTPException):
                self.unknown += names
                return
            if reply.status in (200, 201):
                self.acknowledged += names
            elif reply.status != 429:
                raise AssertionError(f"unexpected {reply.status}: {reply.body[:300]}")


class Kill(unittest.TestCase):
    def test_every_acknowledged_alert_survives_exactly_once(self):
        rng = random.Random(20261121)
        acknowledged, unknown = set(), set()
        with tempfile.TemporaryDirectory(prefix="tocsin-kill-") as directory:
            data = pathlib.Path(directory) / "data"
            for cycle in range(CYCLES):
                server = Server(data).start()
                clients = [Client(server, cycle, n, batch) for n, batch in enumerate((1, 1, 20, 100))]
                for client in clients:
                    client.start()
                # The moment of the kill is the random input of this test, not a wait for something.
                time.sleep(rng.uniform(0.02, 0.6))
                server.kill()
                for client in clients:
                    client.join()
                    acknowledged.update(client.acknowledged)
                    unknown.update(client.unknown)
            server = Server(data).start()
            stored = collections.Counter(a["source_id"] for a in server.every_item("/api/v1/alerts"))
            # The client's id still counts after the crashes: sending again changes nothing.
            probe = sorted(acknowledged)[:100]
            again = server.post("/api/v1/alerts", [{"id": n, "message": f"alert {n}"} for n in probe]).json()
            server.stop()
        self.assertGreater(len(acknowledged), CYCLES * 5, "the clients must have got something through")
        missing = [n for n in acknowledged if stored[n] != 1]
        self.assertEqual(missing, [], f"{len(missing)} of {len(acknowledged)} are not there exactly once")
        twice = [n for n, count in stored.items() if count != 1]
        self.assertEqual(twice, [])
        strangers = set(stored) - acknowledged - unknown
        self.assertEqual(strangers, set())
        self.assertEqual((again["accepted"], again["duplicates"]), (0, len(probe)))
        print(json.dumps({"cycles": CYCLES, "acknowledged": len(acknowledged), "stored": len(stored)}))


if __name__ == "__main__":
    unittest.main()
