"""Many alerts through the real client: all are there, a rebuild changes nothing, memory stays bounded.

A million in the long form, which is when the bounds of caches and queues are reached; 20,000 otherwise.
"""
import json
import subprocess

from tests.integration.harness import MODE, ROOT, ServerTest, wait_until

ALERTS = 1_000_000 if MODE == "full" else 20_000
PEAK_RSS_MIB = 400


class ManyAlerts(ServerTest):
    def stats(self):
        return self.server.get("/api/v1/stats").json()

    def test_all_arrive_and_nothing_grows(self):
        client = subprocess.run([str(ROOT / "build/release/bench/load_client"), "batch", "--port", str(self.server.port),
                                 "--alerts", str(ALERTS)], capture_output=True, text=True, check=True)
        sent = json.loads(client.stdout.splitlines()[-1])
        self.assertEqual((sent["accepted"], sent["rejected"], sent["errors"]), (ALERTS, 0, 0))
        wait_until(lambda: self.stats()["correlation_behind"] == 0 and self.stats()["search_behind"] == 0, 600, "caught up")
        self.assertEqual(self.stats()["alerts"]["total"], ALERTS)
        joined = sum(i["alert_count"] for i in self.server.every_item("/api/v1/incidents"))
        # `incidents_created` counts since the rebuild before, so the first tells what live correlation made.
        first = self.server.post("/api/v1/incidents/rebuild", connection=self.server.connection(600)).json()
        self.assertEqual(first["incidents_changed"], 0, "a rebuild equals the live result")
        second = self.server.post("/api/v1/incidents/rebuild", connection=self.server.connection(600)).json()
        self.assertEqual((second["incidents_created"], second["incidents_changed"]), (0, 0))
        self.assertEqual(sum(i["alert_count"] for i in self.server.every_item("/api/v1/incidents")), joined)
        self.assertLess(self.server.peak_rss_mib(), PEAK_RSS_MIB)


if __name__ == "__main__":
    import unittest

    unittest.main()
