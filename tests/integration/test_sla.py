"""Promises about incidents: clocks run in the real server, breaches are written once and go up, also across kill -9."""
from tests.integration.harness import ServerTest, wait_until


class Sla(ServerTest):
    hosts = 0

    def next(self):
        self.hosts += 1
        return self.hosts

    def incident(self):
        """Of one alert that is severe enough to stand alone."""
        host = f"db-{self.next()}"
        alert = self.server.post("/api/v1/alerts", {"message": f"Files encrypted on {host}", "title": f"Ransomware {host}", "host": host,
                                                    "alert_type": f"ransomware_{host}", "severity": "critical"}).json()["id"]
        return wait_until(lambda: self.server.get(f"/api/v1/alerts/{alert}").json().get("incident_id"), 30, "correlation")

    def lines(self, incident):
        actions = self.server.get(f"/api/v1/incidents/{incident}/actions").json()["items"]
        return [(line["action"], line["target"]) for line in reversed(actions) if line["actor"] == "sla-clock"]

    def promise(self, acknowledge, resolve):
        put = self.server.call("PUT", "/api/v1/settings/sla", {
            "severities": {"critical": {"acknowledge_minutes": acknowledge, "resolve_minutes": resolve}},
            "escalation": [{"after_minutes": 0, "to": "soc_lead"}, {"after_minutes": 600, "to": "ciso"}]})
        self.assertEqual(put.status, 200, put.body)

    def test_a_breach_is_written_once_and_survives_a_kill(self):
        self.promise(1 / 60, 600)
        incident, other = self.incident(), self.incident()
        paused = self.server.post(f"/api/v1/incidents/{other}/sla/pause", {"reason": "waiting for the customer"})
        self.assertEqual(paused.status, 200, paused.body)
        expected = [("sla_breached", "acknowledge"), ("sla_escalated", "soc_lead")]
        wait_until(lambda: self.lines(incident) == expected, 40, "the breach in the action log")
        risky = self.server.get("/api/v1/sla/at-risk").json()
        self.assertIn((incident, True), [(one["id"], one["breached"]) for one in risky["items"]])
        self.server.kill()
        self.server.start()
        # A second incident's breach shows that the watch has looked again since the kill.
        third = self.incident()
        wait_until(lambda: self.lines(third) == expected, 40, "the breach of another incident")
        self.assertEqual(self.lines(incident), expected)
        clock = self.server.get(f"/api/v1/incidents/{incident}/sla").json()
        self.assertEqual(clock["acknowledge"]["state"], "breached")
        self.assertIn(clock["resolve"]["state"], ("running", "at_risk"))
