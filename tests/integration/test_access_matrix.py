"""Every operation of api/openapi.yaml, asked by every role and by a foreign tenant.

Own tenant: a role gets 403 exactly where docs/security/roles.md has no mark. Foreign tenant: what belongs to another
one is answered as what never was, word for word; no answer contains a word of it; and nothing of it changes.
"""
import json
import re
import subprocess
import tempfile
import pathlib
import time
import unittest
import urllib.parse

from tests.integration.access import PASSWORD, Caller, Feed, ok, operations, sign_in
from tests.integration.harness import BINARY, ROOT, Server, wait_until

WORD = "zqleakzq"  # stands in everything that the tenant acme has, and nowhere else
PEOPLE_ROLES = ("viewer", "responder", "analyst", "senior", "tenant-admin", "admin", "auditor")
ROLES = (*PEOPLE_ROLES, "ingest")
TENANTS = ("acme", "borealis")

# Answered with 403 by the route itself for everybody who may call it here: what it is about is no caller's.
REFUSED_BY_ROUTE = {("post", "/api/v1/tenants"), ("patch", "/api/v1/tenants/{name}")}
FEEDS = ("/ws", "/ws/alerts")  # WebSockets: asked apart
# These end the session they are asked with.
ENDS_SESSION = {("post", "/api/v1/session/sign-out")}
# Belong to the installation, whose admin has them in every tenant.
OF_INSTALLATION = {"/api/v1/people/{id}", "/api/v1/tenants/{name}"}


def role_table():
    """{verb: set of roles} of docs/security/roles.md."""
    rows = [line.strip("|").split("|") for line in (ROOT / "docs/security/roles.md").read_text().splitlines()
            if line.startswith("|")]
    roles = [cell.strip() for cell in rows[0][2:]]
    table = {row[0].strip(" `"): {role for role, cell in zip(roles, row[2:]) if cell.strip()} for row in rows[2:]}
    assert set(roles) == set(ROLES) and len(table) > 20
    return table


class AccessMatrix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        data = pathlib.Path(cls.folder.name) / "data"
        made = subprocess.run([BINARY, "people", "add", "root", "--role", "admin", "--data", data], check=True,
                              capture_output=True, text=True, cwd=cls.folder.name).stdout
        cls.server = Server(data).start()
        cls.root = cls.sign_in("root", re.search(r"password (\S+)", made)[1], "default")
        for name in TENANTS:
            cls.ok(cls.root("post", "/api/v1/tenants", {"name": name}))
        cls.callers = {(tenant, role): cls.make(tenant, role) for tenant in TENANTS for role in ROLES}
        cls.acme = cls.fill()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.folder.cleanup()

    @classmethod
    def sign_in(cls, login, password, tenant):
        return sign_in(cls.server, login, password, tenant)

    ok = staticmethod(ok)

    @classmethod
    def make(cls, tenant, role):
        there = {"X-Tocsin-Tenant": tenant}
        if role == "ingest":
            key = cls.ok(cls.root("post", "/api/v1/keys", {"name": "hand-in", "role": role}, there))
            return Caller(cls.server, tenant, {"Authorization": "Bearer " + key["token"]})
        login = f"{role}-{tenant}"
        grants = [{"role": role, "tenant": tenant}]
        person = cls.ok(cls.root("post", "/api/v1/people", {"login": login, "grants": grants}, there))
        return cls.sign_in(login, person["password"], tenant)

    @classmethod
    def fill(cls):
        """Something of every kind in acme; answers the values of path parameters by operation."""
        act = cls.callers["acme", "tenant-admin"]
        alerts = [{"id": f"{WORD}-{i}", "message": f"{WORD} message", "host": f"{WORD}-host", "severity": "high",
                   "user": f"{WORD}-user", "alert_type": f"{WORD}-rule", "title": f"{WORD} title",
                   "ip_address": "198.51.100.77"} for i in range(4)]
        cls.ok(act("post", "/api/v1/alerts", alerts))
        ids = [cls.ok(act("get", "/api/v1/alerts/" + alert["id"]))["id"] for alert in alerts]
        incident = wait_until(lambda: cls.ok(act("get", "/api/v1/incidents"))["items"], 20, "correlation")[0]["id"]
        note = cls.ok(act("post", f"/api/v1/incidents/{incident}/notes", {"text": f"{WORD} note"}))["id"]
        cls.ok(act("post", f"/api/v1/incidents/{incident}/actions",
                   {"action": "isolate_host", "target": f"{WORD}-host", "detail": WORD}))
        view = cls.ok(act("post", "/api/v1/views", {"name": f"{WORD} view", "q": f"host:{WORD}-host"}))["id"]
        bundle = {"type": "bundle", "id": "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d", "objects": [
            {"type": "indicator", "spec_version": "2.1", "id": "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
             "created": "2026-01-01T00:00:00Z", "modified": "2026-01-01T00:00:00Z", "valid_from": "2026-01-01T00:00:00Z",
             "pattern": f"[domain-name:value = '{WORD}.example']", "pattern_type": "stix", "name": WORD}]}
        intel = cls.ok(act("post", f"/api/v1/intel/lists?name={WORD}", bundle))["id"]
        csv = {"Content-Type": "text/csv"}
        cls.ok(act("post", "/api/v1/assets", f"name,owner\n{WORD}-host,{WORD}-owner\n", csv))
        cls.ok(act("post", "/api/v1/users", f"name,department\n{WORD}-user,{WORD}-department\n", csv))
        cls.ok(act("post", "/api/v1/enrichment/warning-lists",
                   {"name": f"{WORD} warning", "type": "string", "list": [f"{WORD}.example"]}))
        lists = cls.ok(act("get", "/api/v1/enrichment/warning-lists"))["items"]
        warning = next(one["id"] for one in lists if one["name"] == f"{WORD} warning")
        act("post", "/api/v1/webhooks/suricata", f'{{"{WORD}": nonsense', {"Content-Type": "application/json"})
        letter = cls.ok(act("get", "/api/v1/dead-letters"))["items"][0]["id"]
        upload = cls.ok(act("post", f"/api/v1/uploads?source=generic&name={WORD}.json", alerts[:1]))
        key = cls.ok(act("post", "/api/v1/keys", {"name": f"{WORD} key", "role": "viewer"}))["id"]
        person = cls.ok(act("get", "/api/v1/people"))["items"][0]["id"]
        asset = cls.ok(act("get", "/api/v1/assets"))["items"][0]["id"]
        user = cls.ok(act("get", "/api/v1/users"))["items"][0]["id"]
        jobs = cls.ok(act("get", "/api/v1/jobs"))["items"] or [{"id": "JO-01M8108WRHBDKZJJQ997T7AFQ8"}]
        session = cls.ok(act("get", "/api/v1/me/sessions"))["items"][0]["id"]
        cls.ok(act("post", "/api/v1/events", [{"message": f"{WORD} event", "user": f"{WORD}-user"}]))
        event = str(cls.ok(act("get", "/api/v1/events"))["items"][0]["seq"])
        suppression = cls.ok(act("post", "/api/v1/suppressions",
                                 {"name": f"{WORD} noise", "reason": WORD, "q": f"user:{WORD}-nobody",
                                  "expires_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))}))["id"]
        exception = cls.ok(act("post", "/api/v1/rules/exceptions", {"when": {"User": WORD}, "reason": WORD}))["id"]
        advisory = cls.ok(act("post", "/api/v1/advisories", {"title": WORD, "published_by": WORD, "products": [WORD]}))["id"]
        cls.ok(act("post", "/api/v1/changes", {"kind": "deployment", "summary": WORD, "resources": [f"{WORD}-host"]}))
        cls.ok(act("put", "/api/v1/settings/customer-policy", {"allow_list": [{"value": f"{WORD}-scanner", "reason": WORD}]}))
        cls.alerts, cls.incident = ids, incident
        return {"/api/v1/alerts/": ids[0], "/api/v1/incidents/": incident, "/incidents/": incident, "note": note,
                "/api/v1/views/": view, "/api/v1/uploads/": upload.get("id", ""), "/api/v1/intel/lists/": intel,
                "/api/v1/assets/": asset, "/api/v1/users/": user, "/api/v1/enrichment/warning-lists/": warning,
                "/api/v1/dead-letters/": letter, "/api/v1/jobs/": jobs[0]["id"], "/api/v1/keys/": key, "/api/v1/people/": person,
                "/api/v1/me/sessions/": session, "/api/threats/": ids[0], "/api/v1/tenants/": "acme",
                "/api/v1/events/": event, "/api/v1/rules/exceptions/": exception, "/api/v1/suppressions/": suppression,
                "/api/v1/advisories/": advisory, "/api/v1/rules/": "no-such-rule"}

    # ---- addresses and bodies

    @staticmethod
    def unlike(value):
        """An id of the same form that never was."""
        return re.sub(r"[0-9A-Z]{8}$", "00000000", value) if re.search(r"-[0-9A-Z]{26}$", value) else value + "00"

    def address(self, path, strange):
        def fill(match):
            name, front = match[1], path[:match.start()]
            fixed = {"step": "contain", "source": "suricata", "file": "index.html", "page": "queue", "token": "none"}
            if name in fixed:
                return fixed[name]
            value = self.acme["note" if name == "note" else front]
            return urllib.parse.quote(self.unlike(value) if strange else value)
        return re.sub(r"\{(\w+)\}", fill, path)

    def body(self, method, path, strange):
        alert, incident = (self.unlike(v) if strange else v for v in (self.alerts[0], self.incident))
        bodies = {
            ("patch", "/api/v1/alerts/{id}"): {"status": "closed"}, ("patch", "/api/v1/incidents/{id}"): {"status": "closed"},
            ("patch", "/incidents/{id}"): {"status": "closed"}, ("post", "/api/v1/incidents/{id}/notes"): {"text": "x"},
            ("patch", "/api/v1/incidents/{id}/notes/{note}"): {"text": "x"},
            ("put", "/api/v1/incidents/{id}/checklist/{step}"): {"done": True},
            ("post", "/api/v1/incidents/{id}/sla/pause"): {"reason": "x"}, ("post", "/api/v1/incidents/{id}/sla/resume"): {},
            ("post", "/api/v1/incidents/{id}/merge"): {"incident_ids": [incident]},
            ("post", "/api/v1/incidents/{id}/split"): {"alert_ids": [alert]},
            ("post", "/api/v1/incidents/{id}/actions"): {"action": "isolate_host", "target": "x"},
            ("post", "/api/v1/incidents/{id}/simulate"): {}, ("post", "/api/v1/incidents"): {"alert_ids": [alert]},
            ("post", "/api/v1/alerts/bulk"): {"ids": [alert], "set": {"status": "closed"}},
            ("post", "/api/v1/incidents/bulk"): {"ids": [incident], "set": {"status": "closed"}},
            ("post", "/api/v1/feedback"): {"alert_id": alert, "verdict": "false_positive"},
            ("post", "/api/v1/answers/ratings"): {"answer": "explanation", "id": alert, "helpful": True},
            ("put", "/api/v1/views/{id}"): {"name": "x", "q": ""}, ("put", "/api/v1/assets/{id}"): {"name": "x"},
            ("put", "/api/v1/users/{id}"): {"name": "x"}, ("patch", "/api/v1/people/{id}"): {"name": "x"},
            ("patch", "/api/v1/suppressions/{id}"): {"name": "x"},
        }
        return bodies.get((method, path))

    # ---- the matrix

    def test_each_role_may_do_what_the_table_says_and_nothing_else(self):
        table, wrong, cells = role_table(), [], 0
        last = lambda operation: operation[:2] in ENDS_SESSION
        for role in (*ROLES, None):
            caller = self.callers["acme", role] if role else Caller(self.server, "acme", {})
            for method, path, verb in sorted(operations(), key=last):
                if path in FEEDS:
                    continue
                writes = method in ("post", "put", "patch")
                # A body that no route takes: who may call it is told what is wrong, and nothing is done.
                reply = caller(method, self.address(path, True), b"[nothing" if writes else None,
                               {"Content-Type": "application/json"} if writes else None)
                allowed = verb == "public" or (role in table[verb] if role else False)
                expected = "in" if allowed else "403" if role else "401"
                if "{token}" in path:
                    expected = "401"  # the token in the path is the credential, and it was never given out
                refused = reply.status == 401 and "WWW-Authenticate".lower() in reply.headers or reply.status == 403
                got = str(reply.status) if refused else "in"
                cells += 1
                if got != expected and not (allowed and (method, path) in REFUSED_BY_ROUTE):
                    wrong.append(f"{role} {method} {path}: {reply.status}, expected {expected} {reply.body[:120]}")
            if role in PEOPLE_ROLES:
                self.callers["acme", role] = self.sign_in(f"{role}-acme", PASSWORD, "acme")
        print(f"role x route: {cells} cells, {len(wrong)} wrong")
        self.assertEqual(wrong, [])

    def snapshot(self):
        """What acme's own admin sees, without what time alone changes."""
        see = self.callers["acme", "admin"]
        paths = ["/api/v1/alerts", "/api/v1/incidents", "/api/v1/views", "/api/v1/assets", "/api/v1/users",
                 "/api/v1/intel/lists", "/api/v1/enrichment/warning-lists", "/api/v1/dead-letters", "/api/v1/keys",
                 "/api/v1/suppressions",
                 f"/api/v1/incidents/{self.incident}", f"/api/v1/incidents/{self.incident}/notes",
                 f"/api/v1/incidents/{self.incident}/actions", f"/api/v1/incidents/{self.incident}/checklist"]
        text = "\n".join(self.ok_text(see("get", path)) for path in paths)
        return re.sub(r'"(as_of|processing_time_ms|total_\w*ms|last_used|last_seen|last_sign_in|age_\w+|generated_at|now|\w*remaining\w*|\w*overdue\w*)":[^,}]*', "", text)

    @staticmethod
    def ok_text(reply):
        assert reply.status == 200, (reply.status, reply.body[:300])
        return reply.body.decode()

    @staticmethod
    def plain(reply, value):
        """The answer without the id that was asked for and what names this one request."""
        text = re.sub(r'"(trace_id|timestamp)":"[^"]*"', "", reply.body.decode(errors="replace"))
        return reply.status, text.replace(value, "ID").replace(value.lower(), "ID")

    def test_what_is_another_tenants_is_as_if_it_never_was(self):
        before, leaks, told_apart, cells = self.snapshot(), [], [], 0
        self.assertIn(WORD, before)
        for role in ROLES:
            caller = self.callers["borealis", role]
            for method, path, _ in operations():
                if (method, path) in ENDS_SESSION or path == "/api/v1/me/sessions/{id}":
                    continue
                if role == "admin" and path in OF_INSTALLATION:
                    continue
                replies = {}
                for strange in (False, True):
                    address, body = self.address(path, strange), self.body(method, path, strange)
                    reply = caller(method, address, body)
                    cells += 1
                    if WORD.encode() in reply.body:
                        leaks.append(f"{role} {method} {address}: {reply.body[:200]}")
                    values = [address.split(path.split("{")[0])[-1].split("/")[0]] if "{" in path else []
                    ids = re.findall(r"[A-Z]{2}-[0-9A-Z]{26}", json.dumps(body)) if body else []
                    text = self.plain(reply, "\0")
                    for value in [*values, *ids]:
                        text = (text[0], text[1].replace(urllib.parse.unquote(value), "ID"))
                    replies[strange] = text
                # Counters and times differ between two calls of anything that is not about one object.
                about_one = "{id}" in path or "{name}" in path or self.body(method, path, False)
                if about_one and replies[False] != replies[True]:
                    told_apart.append(f"{role} {method} {path}: {replies[False]} instead of {replies[True]}"[:500])
        for query in (f"host:{WORD}-host", WORD, "severity:high", ""):
            for path in ("/api/v1/alerts", "/api/v1/incidents", "/api/v1/alerts/facets", "/api/v1/alerts/export"):
                reply = self.callers["borealis", "senior"]("get", f"{path}?q=" + urllib.parse.quote(query))
                cells += 1
                if WORD.encode() in reply.body.replace(query.encode() or b"\0", b""):
                    leaks.append(f"{path}?q={query}: {reply.body[:200]}")
        print(f"role x route x foreign tenant: {cells} cells, {len(leaks)} leaks, {len(told_apart)} told apart")
        self.assertEqual(leaks, [])
        self.assertEqual(told_apart, [])
        after = self.snapshot()
        at = next((i for i, (a, b) in enumerate(zip(before, after)) if a != b), min(len(before), len(after)))
        self.assertTrue(before == after, f"{before[at - 150:at + 150]} became {after[at - 150:at + 150]}")

    def test_a_tenant_named_in_a_header_is_404_for_whom_it_is_not(self):
        for role in set(ROLES) - {"admin"}:
            for tenant in ("acme", "default", "never-was"):
                reply = self.callers["borealis", role]("get", "/api/v1/alerts", headers={"X-Tocsin-Tenant": tenant})
                self.assertEqual(reply.status, 404, (role, tenant, reply.body))
                self.assertNotIn(WORD.encode(), reply.body)

    def test_a_feed_opens_for_whom_may_read(self):
        for path in FEEDS:
            for role in (*ROLES, None):
                caller = self.callers["acme", role] if role else Caller(self.server, "acme", {})
                feed = Feed(caller, path)
                self.assertEqual(feed.status, 401 if role is None else 403 if role == "ingest" else 101, (path, role))
                feed.socket.close()

    def test_the_live_feed_is_that_of_the_own_tenant(self):
        feeds = {tenant: Feed(self.callers[tenant, "viewer"]) for tenant in TENANTS}
        hand_in = lambda tenant, word: self.ok(
            self.callers[tenant, "ingest"]("post", "/api/v1/alerts", {"id": word, "message": word, "host": f"h-{word}"}))
        hand_in("acme", WORD + "live")
        feeds["acme"].until(WORD + "live")
        hand_in("borealis", "ownlive")
        self.assertNotIn(WORD, feeds["borealis"].until("ownlive"))
        for feed in feeds.values():
            feed.socket.close()

    def test_a_suspended_tenant_is_gone_and_comes_back(self):
        tenant, role = {"X-Tocsin-Tenant": "default"}, "viewer"
        self.ok(self.root("post", "/api/v1/tenants", {"name": "cassini"}, tenant))
        viewer = self.make("cassini", role)
        self.ok(self.root("post", "/api/v1/alerts", {"id": "c", "message": "kept"}, {"X-Tocsin-Tenant": "cassini"}))
        feed = Feed(viewer)
        self.ok(self.root("patch", "/api/v1/tenants/cassini", {"suspended": True}, tenant))
        self.assertIn(viewer("get", "/api/v1/alerts").status, (401, 404))
        self.assertIn(viewer("get", "/api/v1/alerts", headers={"X-Tocsin-Tenant": "cassini"}).status, (401, 404))
        with self.assertRaises(EOFError):  # the open feed is cut
            while feed.message()[0] != 8:
                pass
            raise EOFError
        self.ok(self.root("patch", "/api/v1/tenants/cassini", {"suspended": False}, tenant))
        wait_until(lambda: viewer("get", "/api/v1/alerts").status == 200, 10, "the tenant is served again")
        self.assertEqual(viewer("get", "/api/v1/alerts").json()["total"], 1)

    def test_the_provider_sees_what_each_tenant_has(self):
        listed = self.ok(self.root("get", "/api/v1/tenants?counts=true"))["items"]
        counts = {tenant["name"]: tenant["counts"] for tenant in listed}
        self.assertEqual(counts["acme"]["alerts"], self.ok(self.callers["acme", "viewer"]("get", "/api/v1/stats"))["alerts"]["total"])
        self.assertGreaterEqual(counts["acme"]["incidents_open"], 1)
        self.assertGreaterEqual(counts["acme"]["dead_letters"], 1)
        self.assertEqual(counts["borealis"]["dead_letters"], 0)
        self.assertNotIn("counts", self.ok(self.root("get", "/api/v1/tenants"))["items"][0])

    def test_a_quota_is_429_with_a_time_to_wait(self):
        tenant = {"X-Tocsin-Tenant": "default"}
        self.ok(self.root("post", "/api/v1/tenants", {"name": "delphi", "alerts_per_second": 5}, tenant))
        key = self.make("delphi", "ingest")
        replies = [key("post", "/api/v1/alerts", [{"id": f"{i}-{j}", "message": "x"} for j in range(5)])
                   for i in range(40)]
        taken = sum(reply.status in (200, 201) for reply in replies)
        refused = [reply for reply in replies if reply.status == 429]
        self.assertGreater(taken, 0)
        self.assertEqual(taken + len(refused), 40)
        self.assertGreater(len(refused), 20)
        self.assertIn("quota", refused[0].json()["detail"])
        self.assertGreaterEqual(int(refused[0].headers["retry-after"]), 1)


if __name__ == "__main__":
    unittest.main()
