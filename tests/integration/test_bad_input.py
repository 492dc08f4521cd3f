"""Bad input: each body gets its documented error, and the server neither crashes, hangs nor grows."""
import json
import socket

from tests.integration import bad_bodies
from tests.integration.harness import ServerTest

GROWTH_KIB = 96 * 1024  # a 32 MiB body in flight, its parse and the allocator's leftovers


class BadInput(ServerTest):
    def test_corpus(self):
        self.server.post("/api/v1/alerts", {**bad_bodies.GOOD, "id": "before"})
        before = self.server.rss_kib()
        wrong = []
        count = 0
        for case in bad_bodies.all_cases():
            count += 1
            headers = {"Content-Type": case.content_type} if case.content_type else {}
            if case.encoding:
                headers["Content-Encoding"] = case.encoding
            try:
                reply = self.server.call("POST", case.path, case.body, headers)
            except (ConnectionError, socket.timeout) as broken:
                # A body far over the limit may be cut off while it is still being sent.
                if 413 not in case.statuses:
                    wrong.append(f"{case.name}: {broken!r}")
                continue
            if reply.status not in case.statuses:
                wrong.append(f"{case.name}: {reply.status} instead of {case.statuses}: {reply.body[:200]}")
                continue
            if reply.status >= 400:
                self.assertEqual(reply.headers["content-type"], "application/problem+json", case.name)
                problem = reply.json()
                self.assertEqual(problem["status"], reply.status, case.name)
                self.assertTrue(problem["title"] and problem["detail"] and problem["trace_id"], case.name)
            if case.mentions and case.mentions not in reply.body.decode():
                wrong.append(f"{case.name}: does not mention {case.mentions!r}: {reply.body[:300]}")
        self.assertEqual(wrong, [], f"{len(wrong)} of {count}:\n" + "\n".join(wrong[:40]))
        self.assertGreaterEqual(count, 300)
        self.assertEqual(self.server.get("/healthz").status, 200)
        self.assertLess(self.server.rss_kib() - before, GROWTH_KIB)

    def test_what_could_not_be_read_is_kept_and_can_be_replayed(self):
        marker = "kept-for-replay-4711"
        self.assertProblem(self.server.post("/api/v1/alerts", {"message": marker, "severity": ["wrong"]}), 422)
        mine = [d for d in self.server.every_item("/api/v1/dead-letters") if marker in json.dumps(d)
                or marker in json.dumps(self.server.get(f"/api/v1/dead-letters/{d['id']}").json())]
        self.assertEqual(len(mine), 1)
        self.assertIn("severity", mine[0]["reason"])
        again = self.server.post(f"/api/v1/dead-letters/{mine[0]['id']}/replay")
        self.assertProblem(again, 422)

    def test_good_items_of_a_mixed_batch_are_taken(self):
        batch = [{"message": "mixed one", "host": "m1"}, 7, {"message": "mixed two", "host": "m2"}, {"severity": []}]
        reply = self.server.post("/api/v1/alerts", batch)
        self.assertEqual(reply.status, 200, reply.body)
        answer = reply.json()
        self.assertEqual(answer["accepted"], 2)
        self.assertEqual([r["index"] for r in answer["rejected"]], [1, 3])

    def raw(self, request):
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=30) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk
            return answer

    def test_broken_http_is_refused(self):
        host = f"Host: 127.0.0.1:{self.server.port}\r\n".encode()
        for request in (b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n" + host + b"\r\n", b"\x16\x03\x01\x02\x00",
                        b"POST /api/v1/alerts HTTP/1.1\r\n" + host + b"Content-Length: x\r\n\r\n",
                        b"POST /api/v1/alerts HTTP/1.1\r\n" + host + b"Content-Length: -1\r\n\r\n",
                        b"POST /api/v1/alerts HTTP/1.1\r\n" + host
                        + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"):
            answer = self.raw(request)
            self.assertTrue(answer == b"" or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4", b"HTTP/1.1 505")), answer[:200])
        long_header = b"GET /healthz HTTP/1.1\r\n" + host + b"X-Long: " + b"a" * 100_000 + b"\r\n\r\n"
        self.assertTrue(self.raw(long_header).startswith(b"HTTP/1.1 431"))

    def test_idempotency_key_with_another_body(self):
        first = self.server.post("/api/v1/alerts", {"message": "idem", "host": "i1"}, headers={"Idempotency-Key": "k1"})
        self.assertEqual(first.status, 201)
        again = self.server.post("/api/v1/alerts", {"message": "idem", "host": "i1"}, headers={"Idempotency-Key": "k1"})
        self.assertEqual(again.status, 200)
        self.assertEqual(again.json()["id"], first.json()["id"])
        self.assertProblem(self.server.post("/api/v1/alerts", {"message": "other"}, headers={"Idempotency-Key": "k1"}), 422)

    def test_a_foreign_tenant_is_not_found(self):
        foreign = {"X-Tocsin-Tenant": "someone-else"}
        self.assertProblem(self.server.get("/api/v1/alerts", headers=foreign), 404)
        self.assertProblem(self.server.post("/api/v1/alerts", {"message": "x"}, headers=foreign), 404)
        self.assertEqual(self.server.get("/api/v1/alerts", headers={"X-Tocsin-Tenant": "default"}).status, 200)

    def test_unknown_fields_and_values_elsewhere(self):
        self.assertProblem(self.server.get("/api/v1/alerts?limit=abc"), 422)
        self.assertProblem(self.server.get("/api/v1/alerts?cursor=garbage"), 422)
        self.assertProblem(self.server.get("/api/v1/alerts?q=sevrity:high"), 422)
        self.assertProblem(self.server.get("/api/v1/alerts/AL-00000000000000000000000000"), 404)
        self.assertProblem(self.server.get("/nonesuch"), 404)
        self.assertProblem(self.server.call("DELETE", "/api/v1/alerts"), 405)
        alert = self.server.post("/api/v1/alerts", {"message": "patch me", "host": "p1"}).json()
        path = f"/api/v1/alerts/{alert['id']}"
        problem = self.assertProblem(self.server.call("PATCH", path, {"statuss": "closed"}), 422)
        self.assertEqual(problem["errors"][0]["pointer"], "/statuss")
        self.assertProblem(self.server.call("PATCH", path, {"status": "closed"}, headers={"If-Match": '"999"'}), 412)


if __name__ == "__main__":
    import unittest

    unittest.main()
