"""What people say of alerts counts for the next ones of their kind, and the reasons say so."""
from tests.integration.harness import ServerTest, wait_until


class Learning(ServerTest):
    sent = 0

    def send(self, host, type_="ssh_bruteforce", severity="medium"):
        """Each names another user: else it is one more occurrence of the alert before."""
        Learning.sent += 1
        reply = self.server.post("/api/v1/alerts", {"source": "ids", "type": type_, "title": "Many failed logins",
                                                    "severity": severity, "host": host, "user": f"u{self.sent}",
                                                    "message": f"on {host}"})
        self.assertIn(reply.status, (200, 201), reply.body)
        return reply.json()

    def read(self, alert):
        return self.server.get(f"/api/v1/alerts/{alert['id']}").json()

    def said(self, alert):
        return [reason["text"] for reason in self.read(alert)["triage"]["reasons"] if "People" in reason["text"]]

    def learned(self, host, before, sign):
        """An alert of that host, once what was said counts."""
        def moved():
            alert = self.read(self.send(host))
            distance = alert["triage"]["fp_probability"] - before
            return alert if distance * sign > 0.02 else None
        return wait_until(moved, 30, "a verdict counts for the next alert")

    def test_a_verdict_counts_for_the_next_alert_of_its_kind_here_and_no_other(self):
        first = self.send("web-01")
        before = self.read(first)["triage"]["fp_probability"]
        self.assertEqual(self.said(first), [])
        reply = self.server.post("/api/v1/feedback", {"alert_id": first["id"], "verdict": "false_positive"})
        self.assertEqual(reply.status, 200, reply.body)
        after = self.learned("web-01", before, +1)
        self.assertEqual(len(self.said(after)), 1)
        self.assertIn("not real", self.said(after)[0])
        elsewhere = self.read(self.send("db-07"))
        self.assertAlmostEqual(elsewhere["triage"]["fp_probability"], before, delta=0.02)
        self.assertEqual(self.said(elsewhere), [])
        weights = sum(reason["weight"] for reason in after["triage"]["reasons"][5:])
        self.assertAlmostEqual(weights, 0.5 - after["triage"]["fp_probability"], places=3)

    def test_what_was_said_of_an_incident_speaks_for_its_alerts_and_can_be_taken_back(self):
        first = self.send("app-01", "beacon", "high")
        before = self.read(first)["triage"]["fp_probability"]

        def incident():
            return self.read(first)["incident_id"]
        number = wait_until(incident, 30, "the alert is in an incident")
        changed = self.server.call("PATCH", f"/api/v1/incidents/{number}", {"verdict": "true_positive"})
        self.assertEqual(changed.status, 200, changed.body)

        def probability():
            return self.read(self.send("app-01", "beacon", "high"))["triage"]["fp_probability"]
        wait_until(lambda: probability() < before - 0.02, 30, "the incident's verdict counts")
        self.server.call("PATCH", f"/api/v1/incidents/{number}", {"verdict": "undecided"})
        wait_until(lambda: probability() > before - 0.02, 30, "what was taken back counts no longer")

    def test_what_was_said_survives_a_restart(self):
        first = self.send("mail-01")
        before = self.read(first)["triage"]["fp_probability"]
        self.server.post("/api/v1/feedback", {"alert_id": first["id"], "verdict": "false_positive"})
        told = self.learned("mail-01", before, +1)["triage"]["fp_probability"]
        self.server.kill()
        self.server.start()
        again = self.read(self.send("mail-01"))
        self.assertAlmostEqual(again["triage"]["fp_probability"], told, delta=0.02)
        self.assertEqual(len(self.said(again)), 1)
