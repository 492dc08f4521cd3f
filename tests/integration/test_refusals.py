"""What was refused stands in the log: who, from where, what; and no secret."""
import json
import unittest

from tests.integration import mass_assignment as table
from tests.integration.harness import ServerTest, wait_until


class Refusals(ServerTest):
    def lines(self):
        found = [json.loads(line) for line in self.server.log_text().splitlines() if '"request_refused"' in line]
        return [(line["status"], line["method"], line["route"], line["caller"]) for line in found if line["client"] == "127.0.0.1"]

    def test_refused_sign_ins_and_requests_are_logged_without_secrets(self):
        world = table.World(self.server)
        world.add("vera", "viewer")
        wrong = {"login": "ada", "password": "a wrong one 4711"}
        forged = "tsk_" + "a" * 49
        expected = [
            (401, "POST", "/api/v1/session/sign-in", "", self.server.post("/api/v1/session/sign-in", wrong)),
            (401, "GET", "/api/v1/alerts", "", self.server.get("/api/v1/alerts", headers={"Authorization": "Bearer " + forged})),
            (403, "POST", "/api/v1/people", "vera", world.call("vera", "POST", "/api/v1/people", {"login": "eve", "grants": []})),
        ]
        for status, *_, reply in expected:
            self.assertEqual(reply.status, status, reply.body)
        wait_until(lambda: len(self.lines()) >= 3, 10, "three lines")
        self.assertEqual(self.lines(), [row[:4] for row in expected])
        for secret in (wrong["password"], table.PASSWORD, forged, world.headers["vera"]["Cookie"].split("=", 1)[1]):
            self.assertNotIn(secret, self.server.log_text())


if __name__ == "__main__":
    unittest.main()
