"""The calls of the five reference systems, as their documents print them, against one server."""
import json
import re

from tests.integration.harness import ServerTest, wait_until

SENTINEL = {"Content-Type": "application/json"}


class S0(ServerTest):
    """AI SOC Analyst Copilot."""

    ALERT = ('{"ts":"2026-01-04T12:00:00Z","source":"demo","alert_type":"ssh_bruteforce","message":"Realtime test alert",'
             '"user":"admin","host":"web-01","ip":"1.2.3.4","severity":"high"}')

    def test_story(self):
        self.assertIs(self.server.get("/health").json()["ok"], True)
        reply = self.server.post("/alerts", self.ALERT, headers=SENTINEL)
        self.assertIn(reply.status, (200, 201))
        alert = reply.json()
        self.assertTrue(alert["id"])
        self.assertIsNone(alert["incident_id"])
        # PowerShell's Invoke-RestMethod posts without a body and with this content type.
        rebuilt = self.server.call("POST", "/incidents/rebuild", headers={
            "Content-Type": "application/x-www-form-urlencoded", "Content-Length": "0"})
        self.assertEqual(rebuilt.status, 200, rebuilt.body)
        self.assertEqual((rebuilt.json()["incidents_created"], rebuilt.json()["clusters"]), (1, 1))
        again = self.server.call("POST", "/incidents/rebuild").json()
        self.assertEqual((again["incidents_created"], again["clusters"]), (0, 1))

        alerts = self.server.get("/alerts")
        self.assertIsInstance(alerts.json(), list)
        self.assertEqual(alerts.headers["x-total-count"], "1")
        incidents = self.server.get("/incidents").json()
        self.assertEqual(len(incidents), 1)
        incident = incidents[0]
        self.assertEqual([a["id"] for a in incident["alerts"]], [alert["id"]])
        for field in ("title", "summary", "severity", "confidence", "risk_score", "status", "analyst_verdict", "mitre"):
            self.assertIn(field, incident)
        self.assertEqual((incident["status"], incident["analyst_verdict"]), ("open", "unknown"))
        self.assertTrue(any(row["technique"] or row["id"] for row in incident["mitre"]))
        path = f"/incidents/{incident['id']}"
        self.assertEqual(self.server.get(path).json()["id"], incident["id"])
        self.assertProblem(self.server.get("/incidents/IN-00000000000000000000000000"), 404)

        patched = self.server.call("PATCH", path, {"status": "triaged", "analyst_verdict": "true_positive",
                                                   "analyst_notes": "seen by day shift"}).json()
        self.assertEqual(patched, {**patched, "updated": True, "incident_id": incident["id"]})
        playbook = self.server.get(path + "/playbook").json()
        self.assertEqual(playbook["incident_id"], incident["id"])
        self.assertTrue(playbook["steps"])
        for step in playbook["steps"]:
            self.assertTrue(step["action"] and step["risk"] and step["impact"])
        # S0 answers 400; the contract's statuses go first: right JSON with wrong content is 422.
        self.assertProblem(self.server.post(path + "/simulate_remediate", {}), 422)
        action = playbook["steps"][0]["action"]
        simulated = self.server.post(path + "/simulate_remediate", {"action": action}).json()
        self.assertEqual((simulated["ok"], simulated["incident_id"], simulated["simulated_action"]),
                         (True, incident["id"], action))
        exported = self.server.get(path + "/export").json()
        self.assertEqual(len(exported["alerts"]), 1)
        self.assertIn("seen by day shift", json.dumps(exported))
        self.assertIn("SIMULATED", json.dumps(exported))

        # What S0 loses on its second rebuild: alerts, verdict, notes.
        for _ in range(3):
            self.server.call("POST", "/incidents/rebuild")
        kept = self.server.get(path).json()
        self.assertEqual((kept["status"], kept["analyst_verdict"]), ("triaged", "true_positive"))
        self.assertIn("seen by day shift", kept["analyst_notes"])
        self.assertEqual(len(self.server.get("/alerts").json()), 1)


class S1(ServerTest):
    """SOC Copilot (Azure OpenAI), here without any model."""

    ALERT = {"alert_id": "SENT-12345", "source": "sentinel", "timestamp": "2026-01-04T12:00:00Z", "severity": "high",
             "title": "Suspicious PowerShell with encoded command", "description": "powershell -enc on WS-114 by j.ro",
             "mitre_tactics": ["TA0002"], "mitre_techniques": ["T1059.001"],
             "entities": {"users": ["j.ro"], "hosts": ["WS-114"], "ips": ["45.10.22.1"],
                          "files": [{"name": "a.ps1", "hash": "d41d8cd98f00b204e9800998ecf8427e", "path": "C:\\a.ps1"}],
                          "urls": [], "domains": ["evil.example.com"]}}

    def test_triage(self):
        reply = self.server.post("/api/v1/triage", {"alert": self.ALERT, "include_queries": True,
                                                    "max_investigation_steps": 3})
        self.assertEqual(reply.status, 200, reply.body)
        answer = reply.json()
        for field in ("alert_id", "summary", "risk_score", "risk_reasoning", "key_findings", "investigation_steps",
                      "suggested_queries", "mitre_context", "suggested_actions", "escalation_recommended",
                      "escalation_reason", "processing_time_ms"):
            self.assertIn(field, answer)
        self.assertTrue(1 <= answer["risk_score"] <= 10)
        self.assertLessEqual(len(answer["investigation_steps"]), 3)
        self.assertIn("WS-114", json.dumps(answer["suggested_queries"]))
        self.assertIn("T1059.001", json.dumps(answer))
        lower = self.server.post("/api/v1/triage", {"alert": {**self.ALERT, "severity": "low"}}).json()
        self.assertLess(lower["risk_score"], answer["risk_score"])

    def test_query(self):
        reply = self.server.post("/api/v1/query", {"question": "failed logins for alice from 45.10.22.1 in the last 24 hours",
                                                   "target_platform": "both"})
        self.assertEqual(reply.status, 200, reply.body)
        answer = reply.json()
        for language in ("kql_query", "spl_query"):
            self.assertIn("45.10.22.1", answer[language])
            self.assertIn("alice", answer[language])
        other = self.server.post("/api/v1/query", {"question": "powershell on WS-7 in the last 3 days"}).json()
        self.assertIn("WS-7", other["kql_query"])
        self.assertNotEqual(other["kql_query"], answer["kql_query"])
        self.assertProblem(self.server.post("/api/v1/query", {"question": "why is the sky blue"}), 422)

    def test_feedback(self):
        self.server.post("/api/v1/alerts", {"id": "fb-1", "message": "feedback", "host": "h"})
        reply = self.server.post("/api/v1/feedback", {"alert_id": "fb-1", "triage_helpful": True, "rating": 5,
                                                      "comments": "good", "actual_disposition": "true_positive"})
        self.assertEqual(reply.status, 200, reply.body)
        self.assertEqual(reply.json()["status"], "acknowledged")
        self.assertProblem(self.server.post("/api/v1/feedback", {"alert_id": "fb-1", "triage_helpful": True, "rating": 6}), 422)


class S2(ServerTest):
    """SOC Assistant AI: three curl calls."""

    ALERT = ('{"id":"alert_001","severity":"high","description":"Malicious PowerShell execution detected",'
             '"source_ip":"192.168.1.100","target_user":"admin","timestamp":"2024-01-15T10:30:00Z"}')

    def test_three_calls(self):
        first = self.server.post("/api/v1/alerts", self.ALERT, headers=SENTINEL)
        self.assertEqual(first.status, 201, first.body)
        twice = self.server.post("/api/v1/alerts", self.ALERT, headers=SENTINEL)
        self.assertEqual((twice.status, twice.json()["id"]), (200, first.json()["id"]))
        self.assertEqual(first.json()["source_id"], "alert_001")
        self.assertIn({"kind": "user", "value": "admin", "role": "target"}, first.json()["entities"])
        self.assertEqual(first.json()["iocs"], [], "a private address is no indicator")
        wait_until(lambda: self.server.get("/api/v1/incidents").json()["items"], 10, "an incident of a high alert")
        feedback = self.server.post("/api/v1/feedback", '{"alert_id":"alert_001","correct_priority":95,'
                                    '"analyst_notes":"Confirmed true positive - ransomware behavior"}', headers=SENTINEL)
        self.assertEqual(feedback.json()["status"], "acknowledged")
        self.assertEqual(self.server.get("/api/v1/alerts/alert_001").json()["priority"], 95)
        for path in ("/dashboard", "/docs"):
            page = self.server.get(path, headers={"Accept": "text/html"})
            self.assertEqual(page.status, 200)
            self.assertIn("text/html", page.headers["content-type"])


class S3(ServerTest):
    """AI-SOC cloud."""

    EVENT = ('{"events":[{"source":"aws","event_type":"ConsoleLogin","message":"failed login from unusual location",'
             '"user":"alice","ip":"45.10.22.1"}]}')

    def test_story(self):
        self.assertEqual(self.server.get("/health").json()["status"], "ok")
        self.assertEqual(self.server.post("/ingest", self.EVENT, headers=SENTINEL).json(), {"ingested": 1})
        findings = self.server.post("/analyze?auto_respond=true").json()["findings"]
        self.assertEqual(len(findings), 1, findings)
        self.assertEqual(findings[0]["severity"], "medium")
        self.assertIs(findings[0]["auto_response_performed"], False)
        self.assertEqual(len(findings[0]["suggested_actions"]), 3)
        self.assertEqual(self.server.post("/analyze?auto_respond=true").json()["findings"], [])
        stats = self.server.get("/stats").json()
        self.assertEqual((stats["total_events"], stats["suspicious_events"]), (1, 1))
        self.assertEqual(stats["providers"], {"aws": 1})
        self.assertEqual(stats["severities"]["medium"], 1)
        run = self.server.post("/demo/run")
        self.assertEqual(run.status, 200, run.body)
        self.assertTrue(run.json()["findings"])
        self.assertTrue(all(f["auto_response_performed"] is False for f in run.json()["findings"]))


class CalmEvents(ServerTest):
    def test_are_no_findings(self):
        self.server.post("/ingest", {"events": [{"source": "aws", "event_type": "DescribeInstances",
                                                 "message": "listed instances", "user": "bob", "ip": "45.10.22.9"}]})
        findings = self.server.post("/analyze").json()["findings"]
        self.assertFalse([f for f in findings if f["event"].get("user") == "bob"], findings)


class S4(ServerTest):
    """SOC Agent System."""

    TYPES = ("bot_traffic", "proxy_network", "device_compromise", "anomaly_detection", "rate_limit_breach", "geo_anomaly")

    def test_root_answers_json_unless_html_is_asked_for(self):
        root = self.server.get("/").json()
        for field in ("service", "version", "status", "timestamp", "endpoints"):
            self.assertIn(field, root)
        self.assertIn("text/html", self.server.get("/", headers={"Accept": "text/html"}).headers["content-type"])

    def check_threat(self, threat):
        for field in ("id", "signal", "status", "severity", "executive_summary", "mitre_tactics", "mitre_techniques",
                      "customer_narrative", "agent_analyses", "false_positive_score", "response_plan",
                      "investigation_timeline", "total_processing_time_ms", "created_at", "requires_human_review"):
            self.assertIn(field, threat)
        self.assertEqual(set(threat["agent_analyses"]), {"historical", "config", "devops", "context", "priority"})
        for agent in threat["agent_analyses"].values():
            self.assertTrue(agent["analysis"])
            self.assertNotIn("Mock", json.dumps(agent))
        self.assertTrue(0 <= threat["false_positive_score"]["score"] <= 1)
        self.assertTrue(threat["response_plan"]["primary_action"]["action_type"])
        times = [e["timestamp"] for e in threat["investigation_timeline"]["events"]]
        self.assertTrue(times and all(re.match(r"\d{4}-\d\d-\d\dT", t) for t in times))

    def test_every_threat_type_and_scenario_can_be_triggered(self):
        for kind in self.TYPES:
            reply = self.server.post("/api/threats/trigger", {"threat_type": kind})
            self.assertEqual(reply.status, 200, reply.body)
            self.check_threat(reply.json())
            self.assertEqual(reply.json()["signal"]["threat_type"], kind)
        self.assertIn(self.server.post("/api/threats/trigger", {"threat_type": "nonesuch"}).status, (400, 422))

    def test_a_critical_threat_is_critical_under_review_with_its_technique(self):
        threat = self.server.post("/api/threats/trigger", {"scenario": "critical_threat"}).json()
        self.check_threat(threat)
        self.assertEqual(threat["severity"], "CRITICAL")
        self.assertIs(threat["requires_human_review"], True)
        self.assertTrue(threat["review_reason"])
        self.assertTrue(threat["mitre_techniques"])
        self.assertEqual(threat["response_plan"]["sla_minutes"], 15)
        listed = self.server.get("/api/threats?limit=20&severity=CRITICAL&requires_review=true")
        self.assertIn(threat["id"], [t["id"] for t in listed.json()])
        self.assertEqual(self.server.get(f"/api/threats/{threat['id']}").json()["id"], threat["id"])
        self.assertProblem(self.server.get("/api/threats/AL-00000000000000000000000000"), 404)
        analytics = self.server.get("/api/analytics").json()
        for field in ("total_threats", "customers_affected", "average_processing_time_ms", "threats_requiring_review",
                      "threats_by_type", "threats_by_severity"):
            self.assertIn(field, analytics)
        self.assertGreaterEqual(analytics["threats_requiring_review"], 1)
        metrics = self.server.get("/metrics").body.decode()
        self.assertIn("soc_threats_processed_total", metrics)
        self.assertEqual(self.server.get("/ready").status, 200)


if __name__ == "__main__":
    import unittest

    unittest.main()
