"""What every answer says of its content, and what becomes of methods and parameters that nobody expects."""
import json
import unittest

import yaml

from tests.integration.harness import ROOT, ServerTest

PATHS = {"{id}": "none", "{note}": "none", "{step}": "contain", "{name}": "default", "{file}": "none", "{page}": "queue",
         "{source}": "generic", "{token}": "none"}


class Answers(ServerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = yaml.safe_load((ROOT / "api/openapi.yaml").read_text())
        cls.made = cls.server.post("/api/v1/alerts", {"message": "m", "host": "h", "severity": "critical"}).json()["id"]
        cls.server.call("POST", "/api/v1/incidents/rebuild")
        cls.incident = cls.server.get("/api/v1/incidents").json()["items"][0]["id"]

    def path(self, template):
        known = {"/api/v1/alerts/{id}": self.made, "/api/v1/incidents/{id}": self.incident, "/incidents/{id}": self.incident}
        for prefix, value in known.items():
            template = template.replace(prefix, prefix.replace("{id}", value))
        for name, value in PATHS.items():
            template = template.replace(name, value)
        return template

    def fault_of(self, reply):
        kind = reply.headers.get("content-type", "")
        if not reply.body:
            return None
        if not kind or (kind.startswith("text/") and "charset=utf-8" not in kind):
            return f"content type {kind!r}"
        for text in reply.body.splitlines() if "ndjson" in kind else [reply.body] if kind.split(";")[0].endswith("json") else []:
            json.loads(text)
        if kind.startswith("text/html") and not reply.body.lstrip().lower().startswith(b"<!doctype html"):
            return "no HTML"
        return None

    def test_every_answer_names_its_content(self):
        """Each GET of the contract as JSON and as a browser asks, the formats of exports, and each write with a wrong body."""
        asked, wrong, kinds = 0, [], set()
        for template, operations in self.document["paths"].items():
            path = self.path(template)
            requests = [("GET", path, None, {"Accept": accept}) for accept in ("application/json", "text/html")] if "get" in operations else []
            requests += [("GET", f"{path}?format={f}", None, {}) for f in ("csv", "ndjson", "markdown", "html", "stix", "zip")
                         if template.endswith("/export")]
            requests += [(m.upper(), path, "[", {"Content-Type": "application/json"}) for m in operations if m in ("post", "put", "patch")]
            for method, target, body, headers in requests:
                reply = self.server.call(method, target, body, headers)
                asked += 1
                kinds.add(reply.headers.get("content-type", "").split(";")[0])
                if fault := self.fault_of(reply):
                    wrong.append(f"{method} {target}: {reply.status}: {fault}")
        self.assertEqual(wrong, [])
        self.assertGreater(asked, 150)
        self.assertLessEqual({"application/json", "application/problem+json", "text/csv", "text/html", "text/plain"}, kinds)

    def test_methods_that_nobody_uses_are_refused(self):
        for method in ("TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND"):
            reply = self.server.call(method, "/api/v1/alerts", headers={"X-Probe": "echoed-4711"})
            self.assertIn(reply.status, (400, 404, 405, 501), method)
            self.assertNotIn(b"echoed-4711", reply.body, method)

    def test_parameters_of_the_address_are_no_fields_of_the_body(self):
        before = self.server.get(f"/api/v1/alerts/{self.made}").json()
        reply = self.server.call("PATCH", f"/api/v1/alerts/{self.made}?verdict=false_positive&status=closed&priority=1", {})
        self.assertProblem(reply, 422)
        reply = self.server.post("/api/v1/people?role=admin&login=eve", {"grants": [{"role": "admin"}]},
                                 headers={"Cookie": "login=eve", "Login": "eve"})
        self.assertProblem(reply, 422)
        self.assertEqual(self.server.get(f"/api/v1/alerts/{self.made}").json(), before)

    def test_of_a_parameter_that_comes_twice_the_first_counts(self):
        for i in range(3):
            self.server.post("/api/v1/alerts", {"message": "twice", "host": f"twice-{i}"})
        self.assertEqual(len(self.server.get("/api/v1/alerts?limit=1&limit=3").json()["items"]), 1)
        self.assertEqual(len(self.server.get("/api/v1/alerts?limit=3&limit=1").json()["items"]), 3)


if __name__ == "__main__":
    unittest.main()
