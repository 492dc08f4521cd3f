"""A scope by source and by asset group: what lies outside of it is, for whom it is given, as if it never was: in lists,
searches, figures, exports, incidents and live feeds, over the real binary.

Every alert outside has WORD in each of its texts: an answer that contains it is a leak.
"""
import pathlib
import re
import subprocess
import tempfile
import unittest
import urllib.parse

from tests.integration.access import Feed, Caller, ok, operations, sign_in
from tests.integration.harness import BINARY, Server, wait_until

WORD = "zqoutsidezq"
ASSETS = ("name,department,addresses\n"
          "till-1,Shop,10.20.0.1\n"
          "store-net,Shop,10.20.4.0/24\n"
          f"{WORD}-srv,Finance,10.30.0.0/16\n")
# Read by whoever may read alerts, and not of alerts.
TABLES = {"/api/v1/assets", "/api/v1/assets/{id}", "/api/v1/users", "/api/v1/users/{id}", "/api/v1/enrichment",
          "/api/v1/enrichment/lookup", "/api/v1/enrichment/warning-lists"}
FEEDS = ("/ws", "/ws/alerts")
OF_ALERTS = ("/api/v1/alerts/{", "/api/v1/incidents/{", "/incidents/{", "/api/threats/{")
PLAIN = {"/api/openapi.yaml", "/docs/{file}"}


def alert(name, source, host, address=None, **more):
    texts = {"id": name, "source": source, "host": host, "severity": "high", "title": f"{name} title",
             "message": f"{name} message", "alert_type": f"{name.split('-')[0]}-rule", "user": f"{name.split('-')[0]}-user"}
    return {**texts, **({"src_ip": address} if address else {}), **more}


INSIDE = [alert("shop-1", "tillwatch", "till-1"), alert("shop-2", "tillwatch", "till-1.shop.example"),
          alert("shop-3", "tillwatch", "desk-7", "10.20.4.9"),
          # Joined with one outside: the same user and address within minutes.
          alert("shop-4", "tillwatch", "till-1", "203.0.113.77", user="joined")]
OUTSIDE = [alert(f"{WORD}-1", "tillwatch", f"{WORD}-srv"), alert(f"{WORD}-2", f"{WORD}-source", f"{WORD}-pc", "10.30.9.9"),
           alert(f"{WORD}-3", f"{WORD}-source", f"{WORD}-pc", "203.0.113.77", user="joined"),
           alert(f"{WORD}-4", f"{WORD}-source", "till-1")]  # of the group, and of another source


class Scope(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        data = pathlib.Path(cls.folder.name) / "data"
        made = subprocess.run([BINARY, "people", "add", "root", "--role", "admin", "--data", data], check=True,
                              capture_output=True, text=True, cwd=cls.folder.name).stdout
        cls.server = Server(data).start()
        cls.root = sign_in(cls.server, "root", re.search(r"password (\S+)", made)[1], "default")
        ok(cls.root("post", "/api/v1/assets", ASSETS, {"Content-Type": "text/csv"}))
        ok(cls.root("post", "/api/v1/alerts", INSIDE + OUTSIDE))
        cls.ids = {one["id"]: ok(cls.root("get", "/api/v1/alerts/" + one["id"]))["id"] for one in INSIDE + OUTSIDE}
        of = lambda name: ok(cls.root("get", "/api/v1/alerts/" + cls.ids[name]))["incident_id"]
        wait_until(lambda: all(of(name) for name in cls.ids), 30, "correlation")
        cls.incidents = {name: of(name) for name in cls.ids}
        cls.scope = {"sources": ["tillwatch"], "asset_groups": ["shop"]}
        cls.key = cls.key_with(cls.scope)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.folder.cleanup()

    @classmethod
    def key_with(cls, scope, role="senior"):
        made = ok(cls.root("post", "/api/v1/keys", {"name": "part", "role": role, "scope": scope}))
        return Caller(cls.server, "default", {"Authorization": "Bearer " + made["token"]})

    def listed(self, caller, path, q=""):
        """Everything the list has, page after page."""
        rows, cursor = [], ""
        while True:
            page = ok(caller("get", f"{path}?limit=2&q={urllib.parse.quote(q)}&cursor={urllib.parse.quote(cursor)}"))
            rows += page["items"]
            cursor = page.get("next_cursor") or ""
            if not cursor:
                return rows, page.get("total")

    def inside(self):
        """Ids of the alerts in the scope, as somebody sees them who has none."""
        return {row["id"] for row in self.listed(self.root, "/api/v1/alerts")[0] if row["title"].startswith("shop-")}

    def test_lists_and_searches_show_the_scope_alone(self):
        inside = self.inside()
        self.assertGreaterEqual(len(inside), len(INSIDE))
        for q in ("", "severity:high", "host:till-1 OR user:joined OR severity:high", "message"):
            rows, _ = self.listed(self.key, "/api/v1/alerts", q)
            self.assertEqual({row["id"] for row in rows}, inside, q)
            self.assertEqual(len(rows), len(inside), q)
        for q in (WORD, f"source:{WORD}-source", f"host:{WORD}-pc"):
            self.assertEqual(self.listed(self.key, "/api/v1/alerts", q)[0], [], q)
        self.assertEqual(ok(self.key("get", "/api/v1/alerts"))["total"], len(inside))
        stats = ok(self.key("get", "/api/v1/stats"))
        self.assertEqual(stats["alerts"]["total"], len(inside))
        self.assertEqual(stats["alerts"]["by_source"], {"tillwatch": len(inside)})
        self.assertEqual(sum(stats["alerts"]["by_severity"].values()), len(inside))
        exported = self.key("get", "/api/v1/alerts/export?format=ndjson")
        self.assertEqual(exported.status, 200)
        self.assertEqual(len(exported.body.decode().splitlines()), len(inside))

    def test_sources_alone_and_groups_alone_divide_too(self):
        by_source = self.key_with({"sources": ["tillwatch"]})
        rows, _ = self.listed(by_source, "/api/v1/alerts")
        self.assertEqual({row["source"] for row in rows}, {"tillwatch"})
        self.assertEqual(len(rows), len(self.inside()) + 1)
        by_group = self.key_with({"asset_groups": ["SHOP"]})
        rows, _ = self.listed(by_group, "/api/v1/alerts")
        self.assertEqual(len(rows), len(self.inside()) + 1)
        nobodys = self.key_with({"asset_groups": ["no such group' or 1=1 --"]})
        self.assertEqual(self.listed(nobodys, "/api/v1/alerts")[0], [])
        self.assertEqual(self.listed(nobodys, "/api/v1/incidents")[0], [])

    def test_no_answer_names_what_lies_outside(self):
        values = {"{id}": None, "{note}": "NO-01M8108WRHBDKZJJQ997T7AFQ8", "{step}": "contain", "{file}": "index.html",
                  "{page}": "queue"}
        divided = {"public", "alerts.read", "records.export", "knowledge.read"}
        shown = {self.ids[one["id"]] for one in INSIDE} | {self.incidents[one["id"]] for one in INSIDE}
        leaks, refused, asked = [], [], 0
        for method, path, verb in operations():
            if method != "get" or path in TABLES or path in FEEDS or path in PLAIN or verb not in divided:
                continue
            for alert_id, incident in [(self.ids[n], self.incidents[n]) for n in self.ids]:
                of_incident = "incidents" in path
                address = path.replace("{id}", incident if of_incident else alert_id)
                for name, value in values.items():
                    address = address.replace(name, value or "")
                reply = self.key("get", address)
                asked += 1
                if path.startswith(OF_ALERTS) and reply.status != 200 and (incident if of_incident else alert_id) in shown and "{note}" not in path:
                    refused.append(f"{address} {reply.status}: {reply.body[:300]}")
                if WORD.encode() in reply.body:
                    leaks.append(f"{address} {reply.status}: {reply.body[:300]}")
                if "{id}" not in path:
                    break
        for fmt in ("json", "markdown", "html", "stix", "navigator", "pack", "csv"):
            reply = self.key("get", f"/api/v1/incidents/{self.incidents['shop-4']}/export?format={fmt}")
            asked += 1
            if WORD.encode() in reply.body:
                leaks.append(f"export {fmt}: {reply.body[:300]}")
        print(f"scope: {asked} answers, {len(leaks)} leaks, {len(refused)} of what is shown refused")
        self.assertGreater(asked, 100)
        self.assertEqual(leaks, [])
        self.assertEqual(refused, [])

    def test_what_lies_outside_is_as_what_never_was(self):
        def plain(reply, *ids):
            text = re.sub(r'"(trace_id|timestamp)":"[^"]*"', "", reply.body.decode(errors="replace"))
            for one in ids:
                text = text.replace(one, "ID")
            return reply.status, text

        outside, own = self.ids[f"{WORD}-2"], self.incidents[f"{WORD}-2"]
        self.assertNotIn(own, {self.incidents[one["id"]] for one in INSIDE}, "has no incident of its own")
        never = [value[:-8] + "00000000" for value in (outside, own)]
        calls = [("get", "/api/v1/alerts/{a}", None), ("get", "/api/v1/alerts/{a}/occurrences", None),
                 ("patch", "/api/v1/alerts/{a}", {"status": "closed"}), ("get", "/api/threats/{a}", None),
                 ("post", "/api/v1/alerts/bulk", {"ids": ["{a}"], "set": {"status": "closed"}}),
                 ("post", "/api/v1/feedback", {"alert_id": "{a}", "verdict": "false_positive"}),
                 ("get", "/api/v1/incidents/{i}", None), ("get", "/api/v1/incidents/{i}/timeline", None),
                 ("get", "/api/v1/incidents/{i}/notes", None), ("get", "/api/v1/incidents/{i}/actions", None),
                 ("get", "/api/v1/incidents/{i}/checklist", None), ("get", "/api/v1/incidents/{i}/export", None),
                 ("patch", "/api/v1/incidents/{i}", {"status": "closed"}),
                 ("post", "/api/v1/incidents/{i}/notes", {"text": "x"}),
                 ("post", "/api/v1/incidents/{i}/actions", {"action": "isolate_host", "target": "x"}),
                 ("post", "/api/v1/incidents/bulk", {"ids": ["{i}"], "set": {"status": "closed"}}),
                 ("put", "/api/v1/incidents/{i}/checklist/contain", {"done": True}),
                 ("get", "/incidents/{i}", None), ("patch", "/incidents/{i}", {"status": "closed"})]
        see = lambda: [ok(self.root("get", f"/api/v1/alerts/{outside}"))["status"], ok(self.root("get", f"/api/v1/alerts/{outside}"))["triage"],
                       *(ok(self.root("get", f"/api/v1/incidents/{own}"))[part] for part in ("status", "updated_at", "actions", "notes"))]
        before = see()
        for method, path, body in calls:
            got = []
            for a, i in ((outside, own), never):
                fill = lambda text, a=a, i=i: text.replace("{a}", a).replace("{i}", i)
                filled = {k: [fill(v[0])] if isinstance(v, list) else fill(v) if isinstance(v, str) else v
                          for k, v in body.items()} if body else None
                got.append(plain(self.key(method, fill(path), filled), a, i))
            self.assertEqual(got[0], got[1], (method, path))
        self.assertEqual(before, see())

    def test_an_incident_that_is_partly_outside_shows_its_part(self):
        mixed = self.incidents["shop-4"]
        self.assertEqual(mixed, self.incidents[f"{WORD}-3"], "the two were not joined: the test needs it")
        whole, part = ok(self.root("get", f"/api/v1/incidents/{mixed}")), ok(self.key("get", f"/api/v1/incidents/{mixed}"))
        self.assertLess(part["alert_count"], whole["alert_count"])
        self.assertEqual(part["severity"], whole["severity"])
        changed = ok(self.key("patch", f"/api/v1/incidents/{mixed}", {"assignee": "ana", "priority": whole["priority"]}))
        self.assertEqual(changed["alert_count"], part["alert_count"])
        self.assertEqual(ok(self.root("get", f"/api/v1/incidents/{mixed}"))["assignee"], "ana")
        rows, total = self.listed(self.key, "/api/v1/incidents")
        self.assertLessEqual({self.incidents[one["id"]] for one in INSIDE}, {row["id"] for row in rows})
        self.assertNotIn(self.incidents[f"{WORD}-2"], {row["id"] for row in rows})
        self.assertEqual(total, len(rows))

    def test_what_concerns_the_whole_tenant_is_refused(self):
        divided = {"public", "account.own", "alerts.read", "alerts.triage", "alerts.decide", "response.approve",
                   "views.share", "records.export", "knowledge.read"}
        never, asked = "AL-01M8108WRHBDKZJJQ997T7AFQ8", 0
        for method, path, verb in operations():
            if verb in divided or "{token}" in path:
                continue
            reply = self.key(method, re.sub(r"\{\w+\}", never, path), {} if method in ("post", "put", "patch") else None)
            asked += 1
            self.assertEqual(reply.status, 403, (method, path, reply.body))
        self.assertGreater(asked, 50)
        self.assertIn("part of it", self.key("post", "/api/v1/alerts", INSIDE).json()["detail"])
        # What hides alerts hides them from everybody: not even read.
        for method, path, body in (("get", "/api/v1/suppressions", None), ("get", f"/api/v1/suppressions/{never}", None),
                                   ("post", "/api/v1/suppressions/preview", {"q": "user:x"})):
            self.assertEqual(self.key(method, path, body).status, 403, path)

    def test_a_live_feed_tells_of_the_scope_alone(self):
        feeds = [Feed(self.key, path) for path in FEEDS]
        for feed in feeds:
            self.assertEqual(feed.status, 101)
        burst = [alert(f"{WORD}-live{i}", f"{WORD}-source", f"{WORD}-pc-{i}") for i in range(30)]
        ok(self.root("post", "/api/v1/alerts", burst))
        ok(self.root("patch", f"/api/v1/alerts/{self.ids[WORD + '-4']}", {"assignee": "ana"}))
        ok(self.root("post", "/api/v1/alerts", alert("shop-live", "tillwatch", "till-1")))
        for feed in feeds:
            self.assertNotIn(WORD, feed.until("shop-live"))
            feed.socket.close()

    def test_who_works_here_sees_what_a_scoped_one_changed_whole(self):
        feed = Feed(self.root)
        mixed = self.incidents["shop-4"]
        ok(self.key("patch", f"/api/v1/incidents/{mixed}", {"assignee": "bea"}))
        heard = feed.until('"assignee":"bea"')
        count = ok(self.root("get", f"/api/v1/incidents/{mixed}"))["alert_count"]
        self.assertIn(f'"alert_count":{count}', heard)
        feed.socket.close()

    def test_the_table_of_assets_counts_at_once(self):
        caller = self.key_with({"asset_groups": ["lab"]})
        self.assertEqual(self.listed(caller, "/api/v1/alerts")[0], [])
        ok(self.root("post", "/api/v1/assets", "name,tags\ndesk-7,lab\n", {"Content-Type": "text/csv"}))
        self.assertEqual([row["id"] for row in self.listed(caller, "/api/v1/alerts")[0]], [self.ids["shop-3"]])

    def test_a_persons_scope_counts_from_the_next_call_on(self):
        grant = {"role": "analyst", "scope": {"sources": ["tillwatch"]}}
        person = ok(self.root("post", "/api/v1/people", {"login": "ana", "grants": [grant]}))
        ana = sign_in(self.server, "ana", person["password"], "default")
        session = ok(ana("get", "/api/v1/session"))
        self.assertEqual(session["scope"]["sources"], ["tillwatch"])
        self.assertNotIn("incidents.shape", session["verbs"])
        self.assertEqual({row["source"] for row in self.listed(ana, "/api/v1/alerts")[0]}, {"tillwatch"})
        feed = Feed(ana)
        ok(self.root("patch", f"/api/v1/people/{person['id']}", {"grants": [{"role": "analyst"}]}))
        self.assertIn(f"{WORD}-source", {row["source"] for row in self.listed(ana, "/api/v1/alerts")[0]})
        with self.assertRaises(EOFError):  # what was opened with other rights is closed
            while feed.message()[0] != 8:
                pass
            raise EOFError

    def test_a_role_for_the_whole_tenant_takes_no_scope(self):
        for role in ("tenant-admin", "admin", "auditor", "ingest"):
            reply = self.root("post", "/api/v1/keys", {"name": "k", "role": role, "scope": self.scope})
            self.assertEqual(reply.status, 422, role)
        for scope in ({"sources": [""]}, {"asset_groups": "shop"}, {"everything": True}):
            self.assertEqual(self.root("post", "/api/v1/keys", {"name": "k", "role": "viewer", "scope": scope}).status, 422)


if __name__ == "__main__":
    unittest.main()
