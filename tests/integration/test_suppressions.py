"""Suppressions: what they hide and what never, why they stop, and that neither kill -9 nor a rebuild changes it."""
import http.client
import itertools
import pathlib
import tempfile
import threading
import time
import unittest
import urllib.parse

from tests.integration.harness import Server, wait_until

ROOT = "/api/v1/suppressions"


def in_a_while(seconds=86400):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


class Suppressions(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tocsin-suppressions-")
        self.addCleanup(folder.cleanup)
        self.count = itertools.count(1)
        self.server = Server(pathlib.Path(folder.name) / "data").start()
        self.addCleanup(lambda: self.server.stop())

    def make(self, user="svc_scan", host="scanner-1", severity="medium", **more):
        """Each with a domain of its own, so that none repeats another."""
        n = next(self.count)
        return {"source": "ids", "type": "port_scan", "title": "Port scan", "message": f"scan {n}", "severity": severity,
                "user": user, "host": host, "id": f"su-{n}",
                "entities": [{"kind": "domain", "value": f"d{n}.example", "role": "related"}], **more}

    def send(self, number=1, **more):
        made = [self.make(**more) for _ in range(number)]
        reply = self.server.post("/api/v1/alerts", made)
        self.assertIn(reply.status, (200, 201), reply.body)
        return [self.read(one["id"])["id"] for one in made]

    def read(self, alert):
        return self.server.get(f"/api/v1/alerts/{alert}").json()

    def add(self, status=201, **more):
        body = {"name": "scanner", "reason": "our own scanner", "q": "user:svc_scan type:port_scan", "expires_at": in_a_while()}
        reply = self.server.post(ROOT, {**body, **more})
        self.assertEqual(reply.status, status, reply.body)
        return reply.json()

    def get(self, suppression):
        reply = self.server.get(f"{ROOT}/{suppression['id']}")
        self.assertEqual(reply.status, 200, reply.body)
        return reply.json()

    def change(self, suppression, status=200, headers=None, **body):
        reply = self.server.call("PATCH", f"{ROOT}/{suppression['id']}", body, headers)
        self.assertEqual(reply.status, status, reply.body)
        return reply.json()

    def found(self, q):
        return self.server.get("/api/v1/alerts?q=" + urllib.parse.quote(q)).json()["total"]

    def wait_for_hits(self, suppression, number):
        wait_until(lambda: self.get(suppression)["hits"] == number, 20, f"{number} hits; {self.get(suppression)['hits']}")

    def incidents(self):
        """What correlation made, without what time alone changes."""
        self.server.post("/api/v1/incidents/rebuild?dry_run=true")  # judges what waits
        rows = self.server.every_item("/api/v1/incidents?sort=newest")
        return sorted((row["id"], row["alert_count"], row["severity"], row["priority"]) for row in rows)

    def test_what_matches_is_hidden_counted_and_kept(self):
        seen = self.send(3)
        made = self.add()
        self.assertEqual((made["state"], made["hits"], made["owner"], made["known_entities"]), ("active", 0, "local-admin", 2))
        self.assertIsNone(made["learning_until"])
        hidden = self.send(5)
        other = self.send(1, user="mallory")
        for alert in map(self.read, hidden):
            self.assertEqual(alert["status"], "closed")
            self.assertIn(f"suppressed:{made['id']}", alert["tags"])
            self.assertTrue(alert["close_reason"].startswith(f"suppressed by {made['id']}: scanner"), alert["close_reason"])
            self.assertEqual(alert["triage"]["verdict"], "undecided")
            self.assertIsNone(alert["incident_id"])
        self.assertEqual([self.read(alert)["status"] for alert in seen + other], ["new"] * 4)
        self.assertEqual(self.found(f"tag:suppressed:{made['id']}"), 5)
        self.wait_for_hits(made, 5)
        self.assertEqual(self.server.get("/api/v1/measures").json()["decided"], 0)  # hiding is no verdict
        audit = list(self.server.every_item("/api/v1/audit?action=setting.set"))
        self.assertTrue(any(line["object_id"] == "suppression.0" for line in audit), audit)
        self.assertFalse(any("suppressions." in line["object_id"] for line in audit))

    def test_a_flood_of_one_alert_is_one_row_an_hour(self):
        self.send(1)
        made = self.add()
        same = {key: value for key, value in self.make().items() if key != "id"}
        for _ in range(4):
            self.assertEqual(self.server.post("/api/v1/alerts", [same] * 3).status // 100, 2)
        rows = list(self.server.every_item(f"/api/v1/alerts?q=tag:suppressed:{made['id']}"))
        self.assertLessEqual(len(rows), 2)  # two when the hour ended meanwhile
        self.assertEqual(sum(row["occurrences"] for row in rows), 12)
        self.wait_for_hits(made, 12)
        self.server.kill()
        self.server.start()
        self.wait_for_hits(made, 12)

    def test_hits_are_those_of_the_stored_alerts_when_it_is_killed_in_a_flood(self):
        made = self.add()  # without a past: it learns, and nothing stops it
        sent, stop = [], threading.Event()

        def flood(user):
            connection = self.server.connection()
            while not stop.is_set():
                # Each fourth repeats the one before.
                batch = [self.make(host=f"{user}-{i // 4}") for i in range(100)]
                for one in batch:
                    one["entities"] = []
                try:
                    self.server.post("/api/v1/alerts", batch, connection=connection)
                except (OSError, http.client.HTTPException):
                    return
                sent.append(len(batch))

        senders = [threading.Thread(target=flood, args=(f"s{i}",)) for i in range(3)]
        for sender in senders:
            sender.start()
        wait_until(lambda: len(sent) > 60, 60, "alerts are taken")
        self.server.kill()
        stop.set()
        for sender in senders:
            sender.join()
        self.server.start()
        rows = list(self.server.every_item(f"/api/v1/alerts?q=tag:suppressed:{made['id']}"))
        stored = sum(row["occurrences"] for row in rows)
        self.assertGreaterEqual(stored, sum(sent))  # what was acknowledged, and perhaps the batches at hand
        self.assertLess(len(rows), 200)
        self.wait_for_hits(made, stored)
        self.assertEqual(self.get(made)["state"], "active")

    def test_what_is_grave_is_never_hidden(self):
        self.server.post("/api/v1/assets", {"name": "vault", "hosts": ["crown-1"], "tier": "crown_jewel"})
        self.send(2)
        made = self.add(watch=[])
        critical = self.send(1, severity="critical")[0]
        jewel = self.send(1, host="crown-1")[0]
        high = self.send(1, severity="high")[0]
        for alert in map(self.read, (critical, jewel)):
            self.assertEqual((alert["status"], [t for t in alert["tags"] if t.startswith("supp")]), ("new", []), alert)
        alert = self.read(high)
        self.assertEqual(alert["status"], "new" if alert["requires_review"] else "closed")
        preview = self.server.post(ROOT + "/preview", {"q": made["q"]}).json()
        self.assertEqual((preview["never_hidden"]["critical"], preview["never_hidden"]["crown_jewel"]), (1, 1))

    def test_nobody_hides_an_alert_by_its_own_word(self):
        made = self.add()
        alert = self.read(self.send(1, user="eve", tags=[f"suppressed:{made['id']}", "vip"])[0])
        self.assertEqual((alert["status"], alert["tags"]), ("new", ["vip"]))

    def test_a_new_entity_stops_it_until_a_person_has_seen_it(self):
        self.send(2)
        made = self.add()
        self.send(2)
        shown = self.send(1, host="finance-7")[0]
        alert = self.read(shown)
        self.assertEqual(alert["status"], "new")
        self.assertIn(f"suppression-review:{made['id']}", alert["tags"])
        self.assertTrue(any("finance-7 is new" in fact["value"] for fact in alert["facts"]), alert["facts"])
        after = self.send(1)[0]
        self.assertEqual(self.read(after)["status"], "new")
        wait_until(lambda: self.get(made)["state"] == "needs_review", 20, "it waits for review")
        stopped = self.get(made)
        self.assertEqual((stopped["review"]["reason"], stopped["review"]["alert_id"]), ("new_entity", shown))
        self.server.kill()
        self.server.start()
        self.assertEqual(self.get(made)["state"], "needs_review")
        self.assertEqual(self.read(self.send(1)[0])["status"], "new")
        again = self.change(made, state="active")
        self.assertEqual((again["state"], again["review"], again["known_entities"]), ("active", None, 3))
        self.assertEqual(self.read(self.send(1, host="finance-7")[0])["status"], "closed")
        self.wait_for_hits(made, 3)

    def test_a_pause_that_was_not_saved_is_made_again_from_its_alert(self):
        self.send(2)
        made = self.add()
        self.send(1, host="finance-7")
        self.server.kill()  # at once
        self.server.start()
        wait_until(lambda: self.get(made)["state"] == "needs_review", 20, "it waits for review")
        self.assertEqual(self.read(self.send(1)[0])["status"], "new")

    def test_a_jump_in_volume_stops_it(self):
        wait_until(lambda: time.time() % 3600 < 3585, 30, "the hour has some seconds left")
        self.send(2)
        made = self.add()
        statuses = [self.read(alert)["status"] for alert in self.send(40)]
        self.assertIn("new", statuses)
        first = statuses.index("new")
        self.assertEqual(first, 19)  # of a busiest hour of two the floor counts
        self.assertEqual(set(statuses[first:]), {"new"})
        wait_until(lambda: self.get(made)["state"] == "needs_review", 20, "it waits for review")
        self.assertEqual(self.get(made)["review"]["reason"], "jump")
        self.assertEqual(self.change(made, state="active")["state"], "active")
        self.assertEqual({self.read(alert)["status"] for alert in self.send(5)}, {"closed"})

    def test_what_was_known_already_is_no_jump(self):
        known = [self.make() for _ in range(18)]
        self.server.post("/api/v1/alerts", [self.make()])
        made = self.add()
        for _ in range(4):
            self.assertEqual(self.server.post("/api/v1/alerts", known).status // 100, 2)
        self.wait_for_hits(made, 18)
        self.assertEqual(self.get(made)["state"], "active")

    def test_it_ends_when_it_expires_and_when_it_is_lifted(self):
        self.send(1)
        brief = self.add(expires_at=in_a_while(3))
        wait_until(lambda: self.get(brief)["state"] == "expired", 20, "it expired")
        self.assertEqual(self.read(self.send(1)[0])["status"], "new")
        made = self.add()
        hidden = self.send(3)
        self.server.call("PATCH", f"/api/v1/alerts/{hidden[0]}", {"verdict": "false_positive"})
        lifted = self.server.call("DELETE", f"{ROOT}/{made['id']}").json()
        self.assertEqual((lifted["state"], lifted["lifted"]["by"]), ("lifted", "local-admin"))
        self.assertEqual(self.read(self.send(1)[0])["status"], "new")
        self.change(made, status=409, state="active")
        reopened = self.server.post(f"{ROOT}/{made['id']}/reopen").json()
        self.assertEqual(reopened, {"reopened": 2, "in_part": False})
        self.assertEqual([self.read(alert)["status"] for alert in hidden], ["closed", "new", "new"])
        self.assertIsNone(self.read(hidden[1])["close_reason"])

    def test_it_is_refused_when_it_would_have_hidden_what_was_real(self):
        real = self.send(2)
        self.server.call("PATCH", f"/api/v1/alerts/{real[0]}", {"verdict": "true_positive", "status": "closed"})
        preview = self.server.post(ROOT + "/preview", {"q": "user:svc_scan"}).json()
        self.assertEqual((preview["missed"], preview["real"]), (1, [real[0]]))
        self.assertIn("1 alert that people called real", self.add(status=409)["detail"])
        self.assertEqual(self.add(accept_missed=True)["accepted_missed"], 1)

    def test_what_is_wrong_is_refused(self):
        for wrong in ({"q": ""}, {"q": "user:("}, {"q": "occurred<1h"}, {"q": "assignee:@me"}, {"q": "nosuch:x"}, {"reason": ""},
                      {"expires_at": in_a_while(-5)}, {"expires_at": in_a_while(366 * 86400)}, {"expires_at": "soon"},
                      {"watch": ["user", "user"]}, {"watch": ["domain"]}, {"hits": 3}):
            self.add(status=422, **wrong)
        self.assertEqual(self.server.get(f"{ROOT}/SU-01JB2ZK8M5X8Q0V1T9T3Y6N4RC").status, 404)
        made = self.add()
        self.change(made, status=412, headers={"If-Match": '"7"'}, reason="x")
        self.assertEqual(self.change(made, headers={"If-Match": '"1"'}, reason="x")["version"], 2)
        self.change(made, status=422, state="lifted")

    def test_correlation_does_not_know_of_what_is_hidden_live_or_rebuilt(self):
        self.send(2, severity="high", user="svc_scan", host="scanner-1")
        made = self.add()
        self.send(8)  # of the user and host of the incident above
        self.send(2, severity="high", user="mallory", host="scanner-1")
        before = wait_until(lambda: self.incidents(), 20, "correlation")
        self.assertEqual(sum(row[1] for row in before), 4)
        self.server.kill()
        self.server.start()
        self.assertEqual(self.incidents(), before)
        self.assertEqual(self.server.post("/api/v1/incidents/rebuild").status, 200)
        self.assertEqual(self.incidents(), before)
        self.wait_for_hits(made, 8)

    def test_a_proposal_of_noise_can_be_posted(self):
        ids = self.send(12)
        for first in range(3):
            for alert in ids[first::3]:
                self.server.call("PATCH", f"/api/v1/alerts/{alert}", {"verdict": "false_positive"})
            end = time.monotonic() + 1.1
            wait_until(lambda: time.monotonic() > end, 30, "the act is over")
        proposals = self.server.get("/api/v1/noise?days=7").json()["proposals"]
        scope = next(one["q"] for one in proposals if one["kind"] == "exception")
        made = self.add(q=scope)
        self.assertEqual(self.read(self.send(1)[0])["status"], "closed")
        self.assertEqual(self.get(made)["q"], made["q"])


if __name__ == "__main__":
    unittest.main()
