"""Several servers on one PostgreSQL. Skipped without TOCSIN_TEST_POSTGRES, which ./scripts/test sets."""
import http.client
import json
import os
import pathlib
import subprocess
import tempfile
import threading
import time
import unittest
import uuid

from tests.integration.harness import Server, wait_until
from tests.integration.test_backup import run

URL = os.environ.get("TOCSIN_TEST_POSTGRES", "")


def alert(name):
    return {"id": name, "message": f"alert {name}", "alert_type": "shared_test", "host": f"host-{name}", "severity": "low"}


@unittest.skipUnless(URL, "TOCSIN_TEST_POSTGRES names no server")
class PostgresTest(unittest.TestCase):
    def setUp(self):
        self.schema = "servers_" + uuid.uuid4().hex
        self.url = URL + ("&" if "?" in URL else "?") + f"options=-csearch_path%3D{self.schema}"
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
        for i in range(count):
            data = pathlib.Path(self.folder.name) / f"data{len(self.servers)}"
            self.servers.append(Server(data, env={"DATABASE_URL": self.url}).start())
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

    def test_a_suppression_hides_on_every_server_and_stops_on_all(self):
        first, second = self.start(2)
        numbers = iter(range(1000))

        def send(server, host="scanner-1"):
            name = f"s{next(numbers)}"
            made = {"id": name, "message": name, "title": "Port scan", "type": "port_scan", "source": "ids", "severity": "medium",
                    "user": "svc_scan", "host": host, "entities": [{"kind": "domain", "value": f"{name}.example", "role": "related"}]}
            self.assertIn(server.post("/api/v1/alerts", made).status, (200, 201))
            return server.get(f"/api/v1/alerts/{name}").json()["status"]

        self.assertEqual(send(first), "new")
        body = {"name": "scanner", "reason": "ours", "q": "user:svc_scan",
                "expires_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))}
        made = first.post("/api/v1/suppressions", body)
        self.assertEqual(made.status, 201, made.body)
        path = "/api/v1/suppressions/" + made.json()["id"]
        self.assertEqual(send(first), "closed")
        wait_until(lambda: send(second) == "closed", 20, "the second has heard of it")
        send(first)
        send(second)
        hidden = first.get(f"/api/v1/alerts?q=tag:suppressed:{made.json()['id']}").json()["total"]
        wait_until(lambda: second.get(path).json()["hits"] == hidden, 90, "hits of both are counted")
        self.assertEqual(send(second, "finance-7"), "new")
        wait_until(lambda: first.get(path).json()["state"] == "needs_review", 20, "it waits for review")
        wait_until(lambda: send(first) == "new", 20, "the first has heard of it")
        self.assertEqual(first.call("PATCH", path, {"state": "active"}).json()["state"], "active")
        wait_until(lambda: send(second, "finance-7") == "closed", 20, "it goes on at both")

    def test_retention_runs_on_one_and_shows_on_all(self):
        first, second = self.start(2)
        first.post("/api/v1/alerts", [dict(alert(f"old{n}"), message=f"needle{n}") for n in range(600)])
        first.post("/api/v1/alerts", dict(alert("held"), severity="critical"))
        self.assertEqual(first.post("/api/v1/incidents/rebuild").status, 200)
        held = first.get("/api/v1/alerts/held").json()["incident_id"]
        reply = first.call("PUT", f"/api/v1/incidents/{held}/hold", {"reason": "case 12"})
        self.assertEqual(reply.status, 200, reply.body)
        nanos = 60 * 86400 * 10**9
        self.sql(f"UPDATE {self.schema}.alerts SET received_at = received_at - {nanos}, last_seen = last_seen - {nanos}")
        second.post("/api/v1/alerts", alert("young"))
        dry = second.get("/api/v1/settings/retention/dry-run?days=30")
        self.assertEqual(dry.status, 200, dry.body)
        kept = dry.json()["held_alerts"]
        self.assertGreaterEqual(kept, 1)
        self.assertEqual(dry.json()["alerts"], 601 - kept)
        self.assertEqual(second.call("PUT", "/api/v1/settings/retention", {"days": 30}).status, 200)
        for server in (first, second):
            wait_until(lambda one=server: one.get("/api/v1/stats").json()["alerts"]["total"] == kept + 1, 60, "old alerts went")
        self.assertEqual(first.get(f"/api/v1/incidents/{held}").json()["hold"]["reason"], "case 12")
        left = {one["source_id"] for one in first.every_item("/api/v1/alerts")}
        self.assertLessEqual({"held", "young"}, left)
        self.assertEqual(second.get("/api/v1/alerts/old7").status, 404)
        self.assertEqual(self.sql(f"SELECT count(*) FROM {self.schema}.alert_text WHERE seq NOT IN "
                                  f"(SELECT seq FROM {self.schema}.alerts)"), "0")
        wait_until(lambda: any('"retention_run"' in one.log_text() for one in (first, second)), 30, "a line of the log")
        runs = sum(one.log_text().count('"retention_run"') for one in (first, second))
        self.assertEqual(runs, 1, "one of them did it")
        # The id is free again, through either of them.
        self.assertIn(second.post("/api/v1/alerts", alert("old7")).status, (200, 201))
        self.assertEqual(first.get("/api/v1/alerts/old7").status, 200)

    def in_acme(self, server, method, path, body=None):
        return server.call(method, path, body, headers={"X-Tocsin-Tenant": "acme"})

    def test_a_tenant_without_room_is_refused_until_it_has_some(self):
        servers = self.start(2)
        reply = servers[0].post("/api/v1/tenants", {"name": "acme"})
        self.assertEqual(reply.status, 201, reply.body)
        for number in range(2):
            wait_until(lambda n=number: self.in_acme(servers[0], "POST", "/api/v1/alerts", alert(f"r{n}")).status in (200, 201),
                       20, "it is served")
        wait_until(lambda: self.in_acme(servers[1], "GET", "/api/v1/alerts").status == 200, 20, "by the other as well")
        self.assertEqual(servers[0].call("PATCH", "/api/v1/tenants/acme", {"storage_bytes": 1}).status, 200)
        for server in servers:
            wait_until(lambda one=server: self.in_acme(one, "POST", "/api/v1/alerts", alert("more")).status == 507, 60,
                       "it has no room")
            self.assertIn(server.post("/api/v1/alerts", alert("other")).status, (200, 201))
        self.assertEqual(servers[0].call("PATCH", "/api/v1/tenants/acme", {"storage_bytes": 1 << 30}).status, 200)
        for server in servers:
            wait_until(lambda one=server: self.in_acme(one, "POST", "/api/v1/alerts", alert("more")).status in (200, 201), 60,
                       "it has room again")

    def rows_of(self, tenant):
        tables = self.sql(f"SELECT table_name FROM information_schema.columns WHERE table_schema = '{self.schema}' AND "
                          "column_name = 'tenant'").splitlines()
        return {table: count for table in tables
                if (count := self.sql(f"SELECT count(*) FROM {self.schema}.{table} WHERE tenant = {tenant}")) != "0"}

    def test_a_tenant_is_exported_and_deleted_while_servers_go_on(self):
        first, second = self.start(2)
        self.assertEqual(first.post("/api/v1/tenants", {"name": "acme"}).status, 201)
        wait_until(lambda: self.in_acme(second, "GET", "/api/v1/alerts").status == 200, 20, "both know it")
        for server, names in ((first, range(30)), (second, range(30, 60))):
            reply = self.in_acme(server, "POST", "/api/v1/alerts", [alert(f"acme{n}") for n in names])
            self.assertIn(reply.status, (200, 201), reply.body)
        number = self.sql(f"SELECT tenant FROM {self.schema}.tenants WHERE name = 'acme'")
        here = pathlib.Path(self.folder.name)
        uploaded = [server.data / "tenants" / number / "uploads/ab/mine" for server in (first, second)]
        others = [server.data / "uploads/ab/kept" for server in (first, second)]
        for file in uploaded + others:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("x")
        exported = run("tenant", "export", "acme", here / "acme.tocsin", "--db", self.url)
        self.assertEqual(exported.returncode, 0, exported.stderr)
        (here / "out").mkdir()
        subprocess.run(["tar", "--zstd", "-xf", here / "acme.tocsin", "-C", here / "out"], check=True)
        lines = (here / "out/alerts/00001.jsonl").read_text().splitlines()
        self.assertEqual({json.loads(line)["source_id"] for line in lines}, {f"acme{n}" for n in range(60)})
        self.assertTrue((here / "out/audit/00001.jsonl").exists())
        taken, stop = [], threading.Event()

        def send():
            while not stop.is_set():
                names = [f"mine{len(taken) + i}" for i in range(10)]
                if first.post("/api/v1/alerts", [alert(name) for name in names]).status in (200, 201):
                    taken.extend(names)

        sender = threading.Thread(target=send)
        sender.start()
        self.assertEqual(run("tenant", "delete", "acme", "--db", self.url).returncode, 1)
        deleted = run("tenant", "delete", "acme", "--confirm", "acme", "--db", self.url)
        wait_until(lambda: len(taken) > 50, 60, "the others go on")
        stop.set()
        sender.join()
        self.assertEqual(deleted.returncode, 0, deleted.stderr)
        self.assertIn("60  alerts", deleted.stdout)
        for server in (first, second):
            wait_until(lambda one=server: self.in_acme(one, "POST", "/api/v1/alerts", alert("late")).status == 404, 30,
                       "it is gone")
        self.assertEqual(self.rows_of(number), {"tenant_locks": "1"})
        wait_until(lambda: not any(file.parents[2].exists() for file in uploaded), 30, "its files are gone")
        self.assertTrue(all(file.exists() for file in others))
        self.assertEqual(first.get("/api/v1/stats").json()["alerts"]["total"], len(taken))
        records = first.get("/api/v1/audit?action=tenant.remove").json()["items"]
        self.assertEqual([record["object_id"] for record in records], [number, number])
        for server in (first, second):
            server.stop()
        self.assertEqual(self.rows_of(number), {"tenant_locks": "1"}, "nobody wrote for it afterwards")


if __name__ == "__main__":
    unittest.main()
