"""`--demo`: the company's alerts come through the real pipeline and become incidents that can be worked."""
from tests.integration.harness import ServerTest, wait_until


class Demo(ServerTest):
    flags = ("--demo",)

    def test_company(self):
        def loaded():
            stats = self.server.get("/api/v1/stats").json()
            return stats if stats["demo"] == "loaded" and stats["correlation_behind"] == 0 else None

        stats = wait_until(loaded, 180, "the demo is loaded and correlated")
        occurrences = sum(a["occurrences"] for a in self.server.every_item("/api/v1/alerts"))
        self.assertGreaterEqual(occurrences, 3000)
        self.assertEqual(stats["dead_letters"], 0)
        sources = {a["source"] for a in self.server.every_item("/api/v1/alerts")}
        self.assertGreaterEqual(len(sources), 6)
        incidents = list(self.server.every_item("/api/v1/incidents"))
        attacks = [i for i in incidents if i["severity"] in ("high", "critical") and i["alert_count"] >= 2]
        self.assertGreaterEqual(len(attacks), 5, "stories go on for hours: a 15-minute window joins two alerts at least")
        self.assertLess(len(incidents), occurrences / 10, "the queue is shorter than the alerts by far")
        page = self.server.get(f"/api/v1/incidents/{attacks[0]['id']}").json()
        for field in ("title", "summary", "why", "entities", "attack", "response_plan", "analyses"):
            self.assertTrue(page[field], field)
        # A restart does not load it again.
        before = stats["alerts"]["total"]
        self.server.stop()
        self.server.start()
        wait_until(loaded, 60, "ready again")
        self.assertEqual(self.server.get("/api/v1/stats").json()["alerts"]["total"], before)


if __name__ == "__main__":
    import unittest

    unittest.main()
