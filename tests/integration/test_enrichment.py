"""Facts on alerts: tables and lists are uploaded, real payloads posted, the facts read back, also after a restart."""
import json

from tests.integration.harness import SHARED_DATA, ServerTest

SOURCES = ("wazuh", "suricata", "crowdstrike", "microsoft-defender", "okta", "zeek")


def csv(server, path, text):
    reply = server.call("POST", path, text.encode(), {"Content-Type": "text/csv"})
    assert reply.status == 200, reply.body
    return reply.json()


def facts(alert, name):
    return [f for f in alert["facts"] if f["name"] == name]


def quoted(text):
    return '"' + text.replace('"', '""') + '"'


class Enrichment(ServerTest):
    def alerts(self):
        listed = self.server.every_item("/api/v1/alerts")
        return [self.server.get(f"/api/v1/alerts/{a['id']}").json() for a in listed]

    def post(self, alert):
        reply = self.server.call("POST", "/api/v1/alerts", alert)
        self.assertIn(reply.status, (200, 201), reply.body)  # 200: one more occurrence of the same
        return self.server.get(f"/api/v1/alerts/{reply.json()['id']}").json()

    def upload_lists(self):
        kev = {"catalogVersion": "2026.01.02", "dateReleased": "2026-01-02T00:00:00Z", "vulnerabilities": [
            {"cveID": "CVE-2021-44228", "dueDate": "2021-12-24", "knownRansomwareCampaignUse": "Known"}]}
        reply = self.server.call("PUT", "/api/v1/enrichment/known-exploited", kev)
        self.assertEqual(reply.status, 201, reply.body)
        own = {"name": "Own proxies", "description": "An egress proxy of ours", "version": 20260101, "type": "cidr",
               "list": ["81.2.69.0/24"]}
        reply = self.server.call("POST", "/api/v1/enrichment/warning-lists", own)
        self.assertEqual(reply.status, 201, reply.body)

    def check_made_up_alert(self):
        csv(self.server, "/api/v1/assets", "name,fqdn,ip,criticality,owner,zone\n"
            "db-01,db-01.corp.example,10.1.2.3,critical,Finance,\nServers,,10.1.0.0/16,,,servers\nbad,,10.1.2.300,,,\n")
        csv(self.server, "/api/v1/users", "name,aliases,privileged,department\nalice,CORP\\alice,yes,IT\n")
        alert = self.post({"id": "e-1", "source": "test", "alert_type": "exploit", "severity": "medium",
                           "message": "CVE-2021-44228 from 81.2.69.142, resolver 8.8.8.8", "host": "DB-01",
                           "ip": "10.1.2.3", "user": "CORP\\alice"})
        self.assertEqual(alert["asset_tier"], "crown_jewel")
        self.assertEqual({f["value"] for f in facts(alert, "asset_owner")}, {"Finance"})
        self.assertEqual([f["value"] for f in facts(alert, "network_zone")], ["servers"])
        self.assertEqual([f["value"] for f in facts(alert, "privileged")], ["true"])
        self.assertEqual([f["value"] for f in facts(alert, "known_exploited_due")], ["2021-12-24"])
        self.assertEqual({f["subject"] for f in facts(alert, "not_an_indicator")}, {"8.8.8.8", "81.2.69.142"})
        self.assertNotIn("8.8.8.8", {i["value"] for i in alert["iocs"]})
        self.assertIn("8.8.8.8", {e["value"] for e in alert["entities"]})
        self.assertEqual(facts(alert, "geo_country"), [], "no database, no country")
        for fact in alert["facts"]:
            self.assertTrue(fact["from"] and fact["subject"], fact)
            self.assertEqual(fact["at"], alert["received_at"])
        reasons = " ".join(r["text"] for r in alert["triage"]["reasons"])
        self.assertIn("crown jewel, by asset table as of", reasons)
        self.assertIn("privileged, by user table as of", reasons)
        return alert

    def test_facts(self):
        state = {p["part"]: p for p in self.server.get("/api/v1/enrichment").json()["items"]}
        self.assertIn("no geo database", state["geoip"]["note"])
        self.upload_lists()
        before = self.check_made_up_alert()
        self.server.stop()
        self.server.start()
        after = self.server.get(f"/api/v1/alerts/{before['id']}").json()
        for field in ("facts", "iocs", "entities", "asset_tier", "priority"):
            self.assertEqual(after[field], before[field], field)
        again = self.post({"id": "e-2", "source": "test", "alert_type": "other", "severity": "low", "message": "x", "host": "db-01"})
        self.assertEqual([f["value"] for f in facts(again, "asset_owner")], ["Finance"], "tables survive a restart")

    def test_real_payloads(self):
        folder = SHARED_DATA / "payloads"
        if not folder.is_dir():
            self.skipTest(f"NO SHARED DATA: {folder} is absent, real payloads were not enriched")
        # What the payloads name becomes the tables; then they come once more, from another product's view.
        posted = 0
        for source in SOURCES:
            for file in sorted((folder / source).glob("*")):
                if file.is_file() and file.suffix in (".json", ".ndjson"):
                    kind = "application/x-ndjson" if file.suffix == ".ndjson" else "application/json"
                    reply = self.server.call("POST", f"/api/v1/webhooks/{source}", file.read_bytes(),
                                             {"Content-Type": kind})
                    posted += reply.status == 200
        self.assertGreater(posted, 5)
        first = self.alerts()
        hosts = sorted({e["value"] for a in first for e in a["entities"] if e["kind"] == "host"})
        users = sorted({e["value"] for a in first for e in a["entities"] if e["kind"] == "user"})
        self.assertGreater(len(hosts), 3)
        rows = "".join(f"{quoted(h)},important,Owner of {n}\n" for n, h in enumerate(hosts))
        outcome = csv(self.server, "/api/v1/assets?mode=replace", "name,tier,owner\n" + rows)
        self.assertEqual((outcome["accepted"], outcome["rejected"]), (len(hosts), 0), outcome["faults"])
        csv(self.server, "/api/v1/users?mode=replace", "name,department\n" + "".join(f"{quoted(u)},D\n" for u in users))
        for alert in first:
            body = {"id": "again-" + alert["id"], "source": "again", "alert_type": alert["type"],
                    "message": alert["title"], "severity": alert["severity"]}
            for kind in ("host", "user"):
                value = next((e["value"] for e in alert["entities"] if e["kind"] == kind), None)
                if value:
                    body[kind] = value
            if len(body) == 5:
                continue
            stored = self.post(body) if self.is_new(body) else None
            for entity in stored["entities"] if stored else []:
                if entity["kind"] == "host" and entity["value"] in hosts:
                    self.assertTrue([f for f in facts(stored, "asset") if f["subject"] == entity["value"]], entity)
                    self.assertNotEqual(stored["asset_tier"], "normal")
        for alert in first:
            addresses = [e["value"] for e in alert["entities"] if e["kind"] == "ip"]
            for address in addresses[:16] if len(alert["facts"]) < 96 else []:  # the bounds of enrichment.md
                known = [f for f in facts(alert, "network_class") if f["subject"] == address]
                self.assertTrue(known, json.dumps(alert["facts"])[:2000])

    def is_new(self, body):
        key = tuple(body.get(k) for k in ("alert_type", "message", "host", "user"))
        self.seen = getattr(self, "seen", set())
        fresh = key not in self.seen
        self.seen.add(key)
        return fresh


if __name__ == "__main__":
    import unittest

    unittest.main()
