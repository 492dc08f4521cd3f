"""Mass assignment: every write operation of api/openapi.yaml, with each field that a client must not set and with fields
that nobody knows, at every object of a valid body. A cell is one operation, one object, one field.

Objects of ours refuse the field by its name. Payloads of others are taken, and the field changes nothing that the server says."""
import json
import re
import unittest

from tests.integration import mass_assignment as table
from tests.integration.contract import Contract, with_field
from tests.integration.harness import ServerTest, wait_until

FORGED_TEXT = re.compile(r"forged|47114711|0\.4711(?!\d)|1999-04-07")
ALERT_ID = re.compile(r"AL-[0-9A-HJKMNP-TV-Z]{26}")
# What the contract lets a sender say beside the fields that the schema names.
SENDERS_OWN = {"raw", "source_id", "source", "vendor_status", "vendor_verdict"}


def pointer_to(level, name):
    return f"{level}/{name.replace('~', '~0').replace('/', '~1')}"


# When and how fast something was answered, and what the server does behind the answer.
BY_TIME = ("timestamp", "as_of", "processing_time_ms", "search_behind", "correlation_behind", "jobs")


def behind(stats):
    """The numbers of work that waits, wherever they stand."""
    for name, value in stats.items():
        if isinstance(value, dict):
            yield from behind(value)
        elif name.endswith("_behind"):
            yield value


def without_times_of_answer(value):
    if isinstance(value, list):
        return [without_times_of_answer(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {k: without_times_of_answer(v) for k, v in value.items() if k not in BY_TIME}


class MassAssignment(ServerTest):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = Contract()
        cls.writes = cls.contract.writes()
        cls.world = table.World(cls.server)
        for login, role in (("casey", "viewer"), ("fay", "analyst")):
            cls.world.add(login, role)
        cls.cells = {"refused": 0, "harmless": 0, "taken": 0}
        cls.key = cls.world.made("POST", "/api/v1/keys", {"name": "ingest", "role": "ingest"})["token"]

    @classmethod
    def tearDownClass(cls):
        print(f"mass assignment: {len(cls.writes)} write operations, {sum(cls.cells.values())} cells:",
              ", ".join(f"{count} {kind}" for kind, count in cls.cells.items()))
        super().tearDownClass()

    def count(self, wrong, kind, complaint=None):
        self.cells["taken" if complaint else kind] += 1
        if complaint:
            wrong.append(complaint)

    def state(self, write, params):
        """What the paths answer, without when and how fast it was answered, once correlation has seen what was sent before."""
        wait_until(lambda: all(value == 0 for value in behind(self.world.call("ada", "GET", "/api/v1/stats").json())), 30,
                   "nothing is behind")
        return [without_times_of_answer(self.world.call("ada", "GET", path.format(**params)).json()) for path in write.reads]

    def security(self):
        """People, keys and tenants, without what signing in and delivering change."""
        lists = [self.world.call("ada", "GET", path).json()["items"] for path in table.PEOPLE]
        return [{k: v for k, v in item.items() if k not in ("last_used", "last_sign_in")} for items in lists for item in items]

    def assert_none(self, wrong):
        self.assertEqual(len(wrong), 0, f"{len(wrong)}:\n" + "\n".join(w[:400] for w in wrong[:40]))

    # ---- coverage

    def test_every_write_operation_is_covered(self):
        covered = [name.split(" of ")[0] for name in (*table.STRICT, *table.WITHOUT_BODY, *table.FOREIGN)]
        self.assertEqual(sorted(set(covered)), sorted(self.writes), "a new operation needs its row in mass_assignment.py")
        for name in table.WITHOUT_BODY:
            self.assertIsNone(self.writes[name].schema, f"{name} has a body now: it needs a row in STRICT or FOREIGN")
        for name in (*table.STRICT, *table.FOREIGN):
            self.assertIsNotNone(self.writes[name.split(" of ")[0]].schema, name)

    # ---- objects of ours

    def test_objects_of_ours_refuse_the_field_by_its_name(self):
        wrong = []
        for name, write in table.STRICT.items():
            with self.subTest(operation=name):
                self.check_strict(name, write, wrong)
        self.assert_none(wrong)

    def check_strict(self, name, write, wrong):
        operation = self.writes[name.split(" of ")[0]]
        params = write.params(self.world)
        body = write.body(self.world, params)
        path = operation.path.format(**params)
        before = self.state(write, params)
        for level, known, _ in self.contract.levels(operation.schema, body):
            for field, value in table.FIELDS.items():
                if field in known or level in write.content_at:
                    continue
                reply = self.world.call(write.who, operation.method, path, with_field(body, level, field, value))
                if level in write.open_at:
                    self.count(wrong, "harmless", self.fault_of_answer(f"{name} {level}/{field}", reply, write.expect))
                else:
                    self.count(wrong, "refused", self.fault_of_refusal(name, pointer_to(level, field), reply))
        self.assertEqual(self.state(write, params), before, f"{name}: a refused request changed something")
        reply = self.world.call(write.who, operation.method, path, body)
        self.assertEqual(reply.status, write.expect, f"{name}: the body is valid without the field: {reply.body[:500]}")

    def fault_of_refusal(self, name, pointer, reply):
        if name in ("putAssets of many", "putUsers of many"):  # rows are refused one by one
            fields = [fault["field"] for fault in reply.json()["faults"]]
            return None if [pointer.removeprefix("/0")] == fields else f"{name} {pointer}: {reply.body[:300]}"
        if reply.status != 422:
            return f"{name} {pointer}: {reply.status} {reply.body[:200]}"
        pointers = [error["pointer"] for error in reply.json().get("errors", [])]
        return None if pointer in pointers else f"{name} {pointer}: refused, but named {pointers}"

    def fault_of_answer(self, cell, reply, status):
        if reply.status != status:
            return f"{cell}: {reply.status} {reply.body[:200]}"
        return f"{cell}: in the answer: {reply.body[:300]}" if FORGED_TEXT.search(reply.body.decode()) else None

    # ---- nobody rises

    def test_nobody_rises_through_such_fields(self):
        """Each role, signed in, at every write operation: its rights and everybody's grants stay what they were."""
        wrong = []
        for role in table.ROLES:
            self.world.add(role, role)
        before = self.security()
        rights = {role: self.world.call(role, "GET", "/api/v1/session").json() for role in table.ROLES}
        for role in table.ROLES:
            me = self.world.people[role]
            for name, write in table.STRICT.items():
                operation = self.writes[name.split(" of ")[0]]
                path = operation.path.format(**{"id": me, "note": me, "step": "contain", "name": "default", "source": "wazuh"})
                for field, value in table.RISING.items():
                    reply = self.world.call(role, operation.method, path, {field: value})
                    self.count(wrong, "refused", None if 400 <= reply.status < 500 else f"{role} {name} {field}: {reply.status}")
            for method, path, body in table.rises(me):
                reply = self.world.call(role, method, path, body)
                self.count(wrong, "refused", None if reply.status in (403, 404, 422) else f"{role} {path} {body}: {reply.status}")
            self.assertEqual(self.world.call(role, "GET", "/api/v1/session").json(), rights[role])
        self.assert_none(wrong)
        self.assertEqual(self.security(), before)

    def test_a_responder_does_not_decide(self):
        """Fields of one operation that another verb guards: refused whole, in each of the three forms of the PATCH."""
        self.world.add("rita", "responder")
        alert, incident = self.world.alert(), self.world.incident()
        decisions = {"verdict": "false_positive", "status": "closed", "priority": 1, "close_reason": "no", "tags": ["x"], "tlp": "CLEAR",
                     "analyst_verdict": "false_positive"}
        known = {f"/api/v1/alerts/{alert}": ("verdict", "status", "priority", "close_reason", "tags"),
                 f"/api/v1/incidents/{incident}": ("verdict", "status", "priority", "close_reason", "tlp"),
                 f"/incidents/{incident}": ("analyst_verdict", "status")}
        wrong = []
        for path, fields in known.items():
            before = without_times_of_answer(self.world.call("ada", "GET", path).json())
            for field in fields:
                reply = self.world.call("rita", "PATCH", path, {field: decisions[field]})
                self.count(wrong, "refused", None if reply.status == 403 else f"{path} {field}: {reply.status} {reply.body[:200]}")
            self.assertEqual(without_times_of_answer(self.world.call("ada", "GET", path).json()), before)
            reply = self.world.call("rita", "PATCH", path, {"status": "in_progress"})
            self.assertEqual(reply.status, 200, reply.body)
        self.assert_none(wrong)

    # ---- payloads of others

    def deliver(self, method, path, body, status=(200, 201), **headers):
        reply = self.world.call("ada", method, path, body, **headers)
        self.assertIn(reply.status, status, (path, reply.body[:500]))
        return reply.json()

    def from_upload(self, body):
        return self.deliver("POST", "/api/v1/uploads?source=generic", json.dumps(body), **{"Content-Type": "application/json"})

    def from_analysis(self, body):
        self.deliver("POST", "/ingest", body)
        return [finding["alert_id"] for finding in self.deliver("POST", "/analyze", None)["findings"]]

    def by_path(self, body):
        reply = self.server.post(f"/api/v1/webhooks/generic/{self.key}", body)
        self.assertEqual(reply.status, 200, reply.body)
        return reply.json()["ids"]

    def alert_senders(self):
        """Operation → (payload of a name, how it is sent: the ids of the alerts that came of it)."""
        one = table.an_alert_input
        return {
            "createAlerts": (one, lambda body: [self.deliver("POST", "/api/v1/alerts", body)["id"]]),
            "createAlerts of many": (lambda n: [one(n)], lambda body: self.deliver("POST", "/api/v1/alerts", body)["ids"]),
            "compatCreateAlert": (one, lambda body: [self.deliver("POST", "/alerts", body)["id"]]),
            "receiveWebhook": (one, lambda body: self.deliver("POST", "/api/v1/webhooks/generic", body)["ids"]),
            "receiveWebhook of suricata": (table.a_vendor_record,
                                           lambda body: self.deliver("POST", "/api/v1/webhooks/suricata", body)["ids"]),
            "receiveWebhookByPath": (one, self.by_path),
            "uploadFile": (one, lambda body: self.from_upload(body)["alert_ids"]),
            "createEvents": (lambda n: {"events": [table.an_event(n)]},
                             lambda body: self.deliver("POST", "/api/v1/events", body)["alerts"]),
            "ingestEvents": (lambda n: {"events": [table.an_event(n)]}, self.from_analysis),
        }

    def alert(self, alert_id):
        return self.world.call("ada", "GET", f"/api/v1/alerts/{alert_id}").json()

    def test_payloads_of_others_change_nothing_that_the_server_says(self):
        wrong = []
        before = self.security()
        for name, (make, send) in self.alert_senders().items():
            with self.subTest(operation=name):
                self.check_foreign(name, make, send, wrong)
        self.assert_none(wrong)
        self.assertEqual(self.security(), before)

    def check_foreign(self, name, make, send, wrong):
        schema = {} if name.endswith("suricata") else self.writes[name.split(" of ")[0]].schema or self.writes["createAlerts"].schema
        plain = self.server_says(self.alert(send(make(self.world.unique("plain")))[0]))
        for level, known, _ in self.contract.levels(schema, make("x")):
            for field, value in table.FIELDS.items():
                if field not in known:
                    ids = send(with_field(make(self.world.unique("cell")), level, field, value))
                    stored = [self.alert(i) for i in ids]
                    self.count(wrong, "harmless", self.fault_of_alerts(f"{name} {pointer_to(level, field)}", stored, plain))

    def server_says(self, alert):
        own = ("status", "assignee", "close_reason", "tlp", "occurrences", "severity", "asset_tier")
        return {**{k: alert[k] for k in own}, "verdict": alert["triage"]["verdict"],
                "priority as forged": alert["priority"] == table.FORBIDDEN["priority"]}

    def fault_of_alerts(self, cell, alerts, plain):
        if len(alerts) != 1:
            return f"{cell}: {len(alerts)} alerts"
        alert = alerts[0]
        said = self.server_says(alert)
        rest = json.dumps({k: v for k, v in alert.items() if k not in SENDERS_OWN})
        if said != plain:
            return f"{cell}: {said} instead of {plain}"
        if not ALERT_ID.fullmatch(alert["id"]) or FORGED_TEXT.search(rest):
            return f"{cell}: taken: {FORGED_TEXT.findall(rest)} in {rest[:600]}"
        return None

    def test_what_is_taken_would_be_seen(self):
        """The comparison finds fields that senders do set: it can fail."""
        def stored(**fields):
            return self.alert(self.deliver("POST", "/api/v1/alerts", {**table.an_alert_input(self.world.unique("seen")), **fields})["id"])
        plain = self.server_says(stored())
        self.assertIsNone(self.fault_of_alerts("plain", [stored()], plain))
        self.assertIsNotNone(self.fault_of_alerts("tags", [stored(tags=[table.FORGED])], plain))
        self.assertIsNotNone(self.fault_of_alerts("severity", [stored(severity="low")], plain))
        self.assertIsNotNone(self.fault_of_alerts("tier", [stored(asset_tier="crown_jewel")], plain))

    def test_lists_of_others_change_nothing_that_the_server_says(self):
        wrong = []
        before = self.security()
        senders = {
            "importIntelList": ("POST", "/api/v1/intel/lists?name=mass", table.an_indicator_list, "/api/v1/intel/lists"),
            "putKnownExploited": ("PUT", "/api/v1/enrichment/known-exploited", table.a_catalogue, "/api/v1/enrichment"),
            "putWarningList": ("POST", "/api/v1/enrichment/warning-lists", table.a_warning_list, "/api/v1/enrichment/warning-lists"),
        }
        for name, (method, path, make, read) in senders.items():
            for level, known, _ in self.contract.levels(self.writes[name].schema, make("x")):
                for field, value in table.FIELDS.items():
                    if field not in known:
                        self.deliver(method, path, with_field(make(self.world.unique("list")), level, field, value))
                        stored = self.world.call("ada", "GET", read).body.decode()
                        found = FORGED_TEXT.findall(stored)
                        self.count(wrong, "harmless", f"{name} {pointer_to(level, field)}: {found} in {stored[:900]}" if found else None)
        self.assert_none(wrong)
        self.assertEqual(self.security(), before)

    # ---- the audit, and no body

    def test_the_audit_names_who_asked(self):
        """Whatever the bodies said of actors and tenants. Runs over what the other tests of this class left, and its own."""
        alert = self.world.alert()
        fields = {name: value for name, value in table.FIELDS.items() if name not in ("", "source", "id")}
        self.deliver("POST", "/api/v1/alerts", {"message": "audited", "host": "audited", **fields})
        self.world.call("ada", "PATCH", f"/api/v1/alerts/{alert}", {"close_reason": "checked"})
        records, cursor = [], ""
        while cursor is not None:
            page = self.world.call("ada", "GET", f"/api/v1/audit?limit=1000&cursor={cursor}").json()
            records += page["items"]
            cursor = page["next_cursor"]
        self.assertGreater(len(records), 5)
        self.assertIn("ada", {record["actor"] for record in records})
        self.assertEqual([r for r in records if FORGED_TEXT.search(json.dumps(r))], [])

    def test_a_body_where_none_belongs_has_no_effect(self):
        wrong = []
        before = self.security()
        for name in table.WITHOUT_BODY:
            if name == "signOut":
                continue
            operation = self.writes[name]
            path = operation.path.replace("{id}", "none")
            for field, value in table.FIELDS.items():
                reply = self.world.call("ada", operation.method, path, {field: value})
                found = FORGED_TEXT.search(reply.body.decode())
                fault = f"{name} {field}: {reply.status} {reply.body[:300]}" if found or reply.status >= 500 else None
                self.count(wrong, "harmless", fault)
        self.assert_none(wrong)
        self.assertEqual(self.security(), before)


if __name__ == "__main__":
    unittest.main()
