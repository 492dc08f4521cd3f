"""What the five agents say moves with what they are told: policy, changes from tools, advisories."""
import json

from tests.integration.harness import ServerTest, wait_until

GITHUB = {"action": "created", "deployment_status": {"state": "success"}, "repository": {"full_name": "acme/shop"},
          "deployment": {"ref": "v2", "environment": "web-77", "creator": {"login": "ana"}}}


class Agents(ServerTest):
    def setUp(self):
        self.number = getattr(Agents, "count", 0) + 1
        Agents.count = self.number
        self.host = f"web-7{self.number}"
        self.alert = self.server.post("/api/v1/alerts", {
            "message": f"Web shell on {self.host}", "title": "Web shell", "alert_type": f"web_shell_{self.number}", "severity": "high",
            "host": self.host, "ip": f"203.0.113.{self.number}", "user": "www-data"}).json()["id"]

    def analyses(self):
        incident = wait_until(lambda: self.server.get(f"/api/v1/alerts/{self.alert}").json().get("incident_id"), 30, "correlation")
        return self.server.get(f"/api/v1/incidents/{incident}").json()["analyses"]

    def evidence(self, analysis):
        return [one for evidence in analysis["evidence"] for one in evidence]

    def test_the_config_agent_reads_the_policy(self):
        before = self.analyses()["config"]
        put = self.server.call("PUT", "/api/v1/settings/customer-policy", {
            "allow_list": [{"value": self.host, "reason": "honeypot"}],
            "maintenance_windows": [{"title": "Patch night", "from": "2020-01-01T00:00:00Z", "until": "2020-01-02T00:00:00Z"}]})
        self.assertEqual(put.status, 200, put.body)
        entry = put.json()["allow_list"][0]["id"]
        after = self.analyses()["config"]
        self.assertLess(after["leaning"], before["leaning"])
        self.assertIn(entry, self.evidence(after))
        self.assertNotIn("Patch night", json.dumps(after))  # it was another day
        stale = self.server.call("PUT", "/api/v1/settings/customer-policy", {}, headers={"If-Match": '"999"'})
        self.assertEqual(stale.status, 412, stale.body)
        wide = self.server.call("PUT", "/api/v1/settings/customer-policy", {"allow_list": [{"value": "0.0.0.0/0", "reason": "all"}]})
        self.assertEqual(wide.status, 422)
        self.assertIn("too wide", wide.body.decode())
        self.assertEqual(self.server.call("PUT", "/api/v1/settings/customer-policy", {}).status, 200)
        self.assertEqual(self.analyses()["config"]["leaning"], before["leaning"])

    def test_the_devops_agent_reads_what_tools_post(self):
        before = self.analyses()["devops"]
        payload = json.loads(json.dumps(GITHUB).replace("web-77", self.host))
        taken = self.server.post("/api/v1/webhooks/changes", payload)
        self.assertEqual((taken.status, taken.json()["events"]), (200, 1), taken.body)
        waiting = self.server.post("/api/v1/webhooks/changes", {**payload, "deployment_status": {"state": "queued"}})
        self.assertEqual((waiting.status, waiting.json()["events"]), (200, 0), waiting.body)
        change = self.server.get("/api/v1/changes").json()["items"][0]
        self.assertIn("github", change["told_by"])
        after = self.analyses()["devops"]
        self.assertIn(change["id"], self.evidence(after))
        self.assertLess(after["leaning"], before["leaning"])
        self.assertIn("concerns the same resource", after["analysis"])

    def test_a_payload_that_no_tool_writes_is_kept(self):
        refused = self.server.post("/api/v1/webhooks/changes", {"hello": "world"})
        self.assertEqual(refused.status, 422, refused.body)
        letter = self.server.get("/api/v1/dead-letters").json()["items"][0]
        self.assertEqual(letter["source"], "changes")
        again = self.server.post(f"/api/v1/dead-letters/{letter['id']}/replay", None)
        self.assertEqual(again.status, 422, again.body)

    def test_changes_are_kept_through_a_kill(self):
        sent = self.server.post("/api/v1/changes", {"changes": [
            {"kind": "deployment", "summary": f"one {i}", "resources": [self.host]} for i in range(3)]}).json()
        self.server.kill()
        self.server.start()
        kept = {change["id"] for change in self.server.get("/api/v1/changes?limit=500").json()["items"]}
        self.assertTrue(set(sent["ids"]) <= kept)
        ahead = self.server.post("/api/v1/changes", {"kind": "deployment", "summary": "x", "at": "2999-01-01T00:00:00Z"})
        self.assertEqual(ahead.status, 422)

    def test_the_context_agent_reads_advisories(self):
        before = self.analyses()["context"]
        posted = self.server.post("/api/v1/advisories", {
            "title": "Shells on shops", "published_by": "CERT",
            "text": f"Systems call 203.0.113[.]{self.number} after CVE-2024-3400 (T1190) was used."})
        self.assertEqual(posted.status, 201, posted.body)
        advisory = posted.json()
        self.assertEqual(sorted(advisory["names"]), sorted([f"203.0.113.{self.number}", "CVE-2024-3400", "T1190"]))
        after = self.analyses()["context"]
        self.assertGreater(after["leaning"], before["leaning"])
        self.assertIn(advisory["id"], self.evidence(after))
        self.assertEqual(self.server.call("DELETE", f"/api/v1/advisories/{advisory['id']}").status, 204)
        self.assertEqual(self.analyses()["context"]["leaning"], before["leaning"])
        empty = self.server.post("/api/v1/advisories", {"title": "Nothing", "published_by": "CERT", "text": "at all"})
        self.assertEqual(empty.status, 422)
