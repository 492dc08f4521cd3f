"""Several servers on one PostgreSQL. Skipped without TOCSIN_TEST_POSTGRES, which ./scripts/test sets."""
import http.client
import os
import pathlib
import subprocess
import tempfile
import threading
import time
import unittest
import uuid

from tests.integration.harness import Server, wait_until

URL = os.environ.get("TOCSIN_TEST_POSTGRES", "")


def alert(name):
    return {"id": name, "message": f"alert {name}", "alert_type": "shared_test", "host": f"host-{name}", "severity": "low"}


@unittest.skipUnless(URL, "TOCSIN_TEST_POSTGRES names no server")
class PostgresTest(unittest.TestCase):
    def setUp(self):
        self.schema = "servers_" + uuid.uuid4().hex
        self.sql(f"CREATE SCHEMA {self.schema}")
        self.folder = tempfile.TemporaryDirectory()
        self.servers = []

    def tearDown(self):
        for server in self.servers:
            server.stop()
        self.folder.cleanup()
        self.sql(f"DROP SCHEMA {self.schema} CASCADE")

    def sql(self, text):
        out = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", text, URL], check=True,
                             capture_output=True, text=True).stdout
        return out.strip()

    def owner(self):
        return self.sql(f"SELECT owner FROM {self.schema}.leases WHERE name = 'correlation'")

    def start(self, count):
        url = URL + ("&" if "?" in URL else "?") + f"options=-csearch_path%3D{self.schema}"
        for i in range(count):
            data = pathlib.Path(self.folder.name) / f"data{len(self.servers)}"
            self.servers.append(Server(data, env={"DATABASE_URL": url}).start())
        return self.servers

    def test_what_one_server_takes_the_other_shows(self):
        first, second = self.start(2)
        reply = first.post("/api/v1/alerts", alert("a"))
        self.assertIn(reply.status, (200, 201), reply.body)
        stored = second.get("/api/v1/alerts/a").json()
        changed = second.call("PATCH", f"/api/v1/alerts/{stored['id']}", {"status": "closed"})
        self.assertEqual(changed.status, 200, changed.body)
        self.assertEqual(first.get(f"/api/v1/alerts/{stored['id']}").json()["status"], "closed")
        wait_until(lambda: first.get("/api/v1/stats").json()["correlation_behind"] == 0, 20, "one of them correlates")

    def test_a_killed_server_loses_no_acknowledged_alert_and_is_followed(self):
        victim = self.start(1)[0]  # alone, so that it is the one that correlates
        victim.post("/api/v1/alerts", alert("first"))
        wait_until(lambda: self.owner(), 20, "it correlates")
        servers = list(self.start(2))
        acknowledged, lock, stop = [], threading.Lock(), threading.Event()

        def send(server, prefix):
            connection = server.connection()
            for number in range(10_000):
                if stop.is_set():
                    return
                names = [f"{prefix}-{number}-{i}" for i in range(20)]
                try:
                    reply = server.post("/api/v1/alerts", [alert(name) for name in names], connection=connection)
                except (OSError, http.client.HTTPException):
                    return
                if reply.status in (200, 201):
                    with lock:
                        acknowledged.extend(names)

        senders = [threading.Thread(target=send, args=(server, f"s{i}")) for i, server in enumerate(servers)]
        for sender in senders:
            sender.start()
        wait_until(lambda: len(acknowledged) > 600, 60, "alerts are taken")
        owner = self.owner()
        victim.kill()
        self.servers.remove(victim)
        killed = time.monotonic()
        wait_until(lambda: len(acknowledged) > 1200, 60, "the others go on")
        stop.set()
        for sender in senders:
            sender.join()
        stored = set(self.sql(f"SELECT source_id FROM {self.schema}.alerts").splitlines())
        self.assertEqual([name for name in acknowledged if name not in stored], [])
        self.assertEqual(self.sql(f"SELECT count(*) - count(DISTINCT source_id) FROM {self.schema}.alerts"), "0")
        self.assertEqual(self.sql(f"SELECT count(*) - max(seq) FROM {self.schema}.alerts"), "0", "numbers without gaps")
        wait_until(lambda: self.owner() != owner, 60, "another one correlates")
        print(f"another server correlates {time.monotonic() - killed:.1f} s after the kill")
        wait_until(lambda: self.servers[0].get("/api/v1/stats").json()["correlation_behind"] == 0, 60, "it has caught up")
        self.assertEqual(self.sql(f"SELECT watermark FROM {self.schema}.correlation"),
                         self.sql(f"SELECT max(seq) FROM {self.schema}.alerts"))


if __name__ == "__main__":
    unittest.main()
