"""Which rules make noise, from what people said, and what could be done about it."""
import time
import urllib.parse

from tests.integration.harness import ServerTest, wait_until

TYPE = "odd_login"


class Noise(ServerTest):
    def send(self, user, host, type_=TYPE):
        reply = self.server.post("/api/v1/alerts", {"source": "edr", "type": type_, "title": "Odd login", "severity": "medium",
                                                    "user": user, "host": host, "message": f"{user} on {host}"})
        self.assertEqual(reply.status, 201, reply.body)
        return reply.json()["id"]

    def say(self, ids, verdict):
        for alert in ids:
            changed = self.server.call("PATCH", f"/api/v1/alerts/{alert}", {"verdict": verdict})
            self.assertEqual(changed.status, 200, changed.body)

    def say_in_acts(self, ids, verdict):
        """In three acts: decisions within a second of each other are one."""
        for first in range(3):
            self.say(ids[first::3], verdict)
            end = time.monotonic() + 1.1
            wait_until(lambda: time.monotonic() > end, 30, "the act is over")

    def noise(self):
        reply = self.server.get("/api/v1/noise?days=7")
        self.assertEqual(reply.status, 200, reply.body)
        return reply.json()

    @staticmethod
    def of_type(rows):
        return next(one for one in rows if one["type"] == TYPE)

    def test_figures_come_from_people_and_survive_a_kill(self):
        false = [self.send("svc_backup", f"host-{i}") for i in range(12)]
        real = [self.send("mallory", f"srv-{i}") for i in range(2)]
        self.send("eve", "lap-1")
        self.assertEqual(self.of_type(self.noise()["rules"])["decided"], 0)
        self.say_in_acts(false, "false_positive")
        self.say(real, "true_positive")
        self.server.kill()
        self.server.start()
        noise = self.noise()
        rule = self.of_type(noise["rules"])
        self.assertEqual((rule["rule_id"], rule["source"]), (None, "edr"))
        self.assertEqual([rule[name] for name in ("alerts", "occurrences", "decided", "true_positive", "false_positive")],
                         [15, 15, 14, 2, 12])
        self.assertAlmostEqual(rule["false_positive_share"], 12 / 14)
        self.assertLess(rule["false_positive_share_low"], 12 / 14)
        self.assertGreater(rule["false_positive_share_high"], 12 / 14)
        self.assertGreater(rule["minutes"], 0)
        exception = self.of_type([one for one in noise["proposals"] if one["kind"] == "exception"])
        self.assertEqual(exception["entity"], {"kind": "user", "value": "svc_backup"})
        hidden = exception["would_have_hidden"]
        self.assertEqual([hidden[name] for name in ("alerts", "false_positive", "true_positive")], [12, 12, 0])
        found = self.server.get("/api/v1/alerts?q=" + urllib.parse.quote(exception["q"])).json()
        self.assertEqual(found["total"], 12)

    def test_no_exception_hides_what_somebody_called_real(self):
        ids = [self.send("svc_scan", f"node-{i}", "scan") for i in range(13)]
        self.say_in_acts(ids[:12], "false_positive")

        def hides_scans():
            return [one for one in self.noise()["proposals"] if one["entity"] == {"kind": "user", "value": "svc_scan"}]
        self.assertEqual(len(hides_scans()), 1)
        self.say(ids[12:], "true_positive")
        self.assertEqual(hides_scans(), [])

    def test_what_is_not_a_number_of_days_is_refused(self):
        for days in ("0", "367", "x", urllib.parse.quote("1;--")):
            self.assertIn(self.server.get(f"/api/v1/noise?days={days}").status, (400, 422))
