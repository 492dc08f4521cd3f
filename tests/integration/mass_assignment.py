"""Fields that no client may set, and one valid body for every write operation of the contract."""
import base64
import dataclasses
import hashlib
import hmac
import itertools
import json
import struct
import time
import typing

from tests.integration.harness import ROOT

PASSWORD = "correct horse battery staple 9"
FORGED = "forged-4711"
LONG_AGO = "1999-04-07T11:00:00.000Z"
NUMBER = 47114711

# What the server says of itself, of people and of its judgement. The texts and numbers occur nowhere else.
FORBIDDEN = {
    "id": FORGED + "-id", "seq": NUMBER, "number": NUMBER, "version": NUMBER, "etag": FORGED,
    "tenant": FORGED, "tenant_id": NUMBER, "tenants": ["*"], "tenant_name": FORGED,
    "created_at": LONG_AGO, "updated_at": LONG_AGO, "received_at": LONG_AGO, "first_seen": LONG_AGO, "last_seen": LONG_AGO,
    "last_sign_in": LONG_AGO, "last_used": LONG_AGO, "expires_at": "2999-01-01T00:00:00Z", "deleted_at": LONG_AGO,
    "actor": FORGED, "author": FORGED, "created_by": FORGED, "updated_by": FORGED, "owner": FORGED, "owner_id": FORGED,
    "audit": {"actor": FORGED, "why": FORGED}, "origin": FORGED, "address": FORGED,
    "role": "admin", "roles": ["admin"], "grants": [{"tenant": "*", "role": "admin"}], "verbs": ["tenants.write"],
    "permissions": ["*"], "scope": {"sources": [], "asset_groups": []}, "is_admin": True, "admin": True, "login": "root",
    "password": "forged password 4711", "password_hash": "$argon2id$" + FORGED, "must_change_password": False,
    "totp_secret": FORGED, "second_factor": False, "recovery_codes": [FORGED], "external_id": FORGED, "disabled": False,
    "token": FORGED, "token_hash": FORGED, "source": FORGED, "revoked": False, "suspended": True, "storage_bytes": NUMBER,
    "status": "closed", "verdict": "false_positive", "suggested_verdict": "false_positive", "fp_probability": 0.4711,
    "triage": {"verdict": "false_positive", "fp_probability": 0.4711}, "model": {"severity": "info"}, "confidence": 0.4711,
    "priority": 1, "risk_score": 0.4711, "requires_review": False, "assignee": FORGED, "close_reason": FORGED,
    "incident_id": FORGED, "merged_into": FORGED, "alert_count": NUMBER, "occurrences": NUMBER, "fingerprint": FORGED,
    "simulated": False, "tlp": "CLEAR", "legal_hold": False, "sla": {"met": True}, "auto_response_performed": True,
}
# Names that nobody knows, spellings that a lenient binder would take for known ones, and what pollutes prototypes.
UNKNOWN = {
    "no_such_field": FORGED, "": FORGED, "isAdmin": True, "IsAdmin": True, "passwordHash": FORGED, "createdAt": LONG_AGO,
    "createdBy": FORGED, "tenantId": NUMBER, "Tenant": FORGED, "ROLE": "admin", "Role": "admin", "role ": "admin",
    "role[]": "admin", "user[role]": "admin", "grants[0].role": "admin", "__proto__": {"is_admin": True},
    "constructor": {"prototype": {"is_admin": True}}, "$set": {"role": "admin"}, "_id": FORGED, "ID": FORGED,
}
FIELDS = {**FORBIDDEN, **UNKNOWN}

ROLES = ("viewer", "responder", "analyst", "senior", "auditor", "tenant-admin")
# What would give more rights, at operations where the role may write and where it may not.
RISING = {name: FIELDS[name] for name in ("role", "roles", "grants", "verbs", "permissions", "scope", "is_admin", "admin", "tenant",
                                          "tenants", "password_hash", "second_factor", "must_change_password",
                                          "external_id", "version", "isAdmin", "__proto__", "role[]", "Role")}


def rises(me):
    """Requests in the API's own words that would make the caller, or somebody of the caller's, an admin."""
    for grant in ({"role": "admin"}, {"role": "admin", "tenant": "*"}, {"role": "admin", "tenant": "default"},
                  {"role": "tenant-admin", "tenant": "*"}, {"role": "analyst", "tenant": "*"}):
        yield "PATCH", f"/api/v1/people/{me}", {"grants": [grant]}
        yield "POST", "/api/v1/people", {"login": "eve", "password": PASSWORD, "grants": [grant]}
    yield "POST", "/api/v1/keys", {"name": "eve", "role": "admin"}
    yield "POST", "/api/v1/keys", {"name": "eve", "role": "viewer", "verbs": ["people.write"]}
    yield "POST", "/api/v1/keys", {"name": "eve", "role": "tenant-admin", "verbs": ["tenants.write"]}
    yield "POST", "/api/v1/tenants", {"name": "eve", "owner": me}
    yield "PATCH", "/api/v1/tenants/default", {"title": "eve", "owner": me}


# No JSON body by contract: what is sent all the same must have no effect.
WITHOUT_BODY = {
    "removeAdvisory": "the path says which", "removeView": "the path says which", "rebuildIncidents": "`dry_run` stands in the query",
    "deleteIntelList": "the path says which", "deleteAsset": "the path says which", "deleteUser": "the path says which",
    "reloadEnrichment": "reads the files of the data directory", "deleteKnownExploited": "there is one",
    "deleteWarningList": "the path says which", "replayDeadLetter": "the path says which", "retryJob": "the path says which",
    "discardJob": "the path says which", "verifyAudit": "reads only", "compatRebuild": "as rebuildIncidents",
    "analyzeEvents": "judges what is stored", "runDemoDetection": "judges events of its own", "signOut": "ends the own session",
    "endOwnSession": "the path says which", "beginSecondFactor": "makes a secret", "revokeKey": "the path says which",
    "removeSourceTrust": "the path says which",
    "liftSuppression": "the path says which", "reopenSuppressed": "opens what one suppression closed",
    "reopenAutoClosed": "opens what was closed without a person", "releaseIncident": "the path says which, and the query why",
    "reloadRules": "reads the files of the settings", "deleteRuleException": "the path says which",
}
# Files and payloads of others: unknown fields stay in `raw` or are passed over, none may become the server's own.
FOREIGN = ("createAlerts", "compatCreateAlert", "receiveWebhook", "receiveWebhookByPath", "uploadFile", "createEvents",
           "ingestEvents", "importIntelList", "putKnownExploited", "putWarningList")


class World:
    """Signed-in people on one server, and objects to write to."""

    def __init__(self, server):
        self.server = server
        self.count = itertools.count(1)
        self.people = {}
        self.headers = {}
        self.secret = None
        self.add("ada", "admin")

    def unique(self, prefix):
        return f"{prefix}-{next(self.count)}"

    def call(self, who, method, path, body=None, **headers):
        return self.server.call(method, path, body, {**self.headers.get(who, {}), **headers})

    def made(self, method, path, body):
        reply = self.call("ada", method, path, body)
        assert reply.status in (200, 201), (path, reply.status, reply.body[:500])
        return reply.json()

    def add(self, login, role):
        body = {"login": login, "password": PASSWORD, "grants": [{"role": role}]}
        self.people[login] = self.made("POST", "/api/v1/people", body)["id"]
        self.sign_in(login)

    def sign_in(self, login):
        reply = self.server.post("/api/v1/session/sign-in", {"login": login, "password": PASSWORD})
        assert reply.status == 200, reply.body
        self.headers[login] = {"Cookie": reply.headers["set-cookie"].split(";")[0],
                               "Origin": f"http://127.0.0.1:{self.server.port}"}

    def alert(self):
        name = self.unique("ma")
        return self.made("POST", "/api/v1/alerts", {"message": name, "host": name, "severity": "low"})["id"]

    def incident(self):
        return self.made("POST", "/api/v1/incidents", {"alert_ids": [self.alert(), self.alert()]})["id"]

    def paused(self):
        incident = self.incident()
        self.made("POST", f"/api/v1/incidents/{incident}/sla/pause", {"reason": "waiting"})
        return incident

    def note(self):
        incident = self.incident()
        return {"id": incident, "note": self.made("POST", f"/api/v1/incidents/{incident}/notes", {"text": "first"})["id"]}

    def row(self, noun):
        return self.made("POST", f"/api/v1/{noun}", {"name": self.unique(noun)})["id"]

    def view(self):
        return self.made("POST", "/api/v1/views", {"name": self.unique("view"), "q": "severity:low"})["id"]

    def suppression(self):
        return self.made("POST", "/api/v1/suppressions", a_suppression(self.unique("s")))["id"]

    def rule(self):
        return self.call("ada", "GET", "/api/v1/rules").json()["items"][0]["id"]

    def tenant(self):
        return self.made("POST", "/api/v1/tenants", {"name": self.unique("t")})["name"]

    def split(self):
        incident = self.incident()
        alerts = self.call("ada", "GET", f"/api/v1/incidents/{incident}").json()["alerts"]
        return {"id": incident, "alert_ids": [alerts[0]["id"]]}

    def code_of(self, offer):
        """Of RFC 6238, for now."""
        self.secret = offer["secret"]
        key = base64.b32decode(self.secret + "=" * (-len(self.secret) % 8))
        digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
        place = digest[-1] & 15
        return f"{(struct.unpack('>I', digest[place:place + 4])[0] & 0x7fffffff) % 10**6:06}"

    def confirmation(self, who):
        offer = self.call(who, "POST", "/api/v1/me/second-factor").json()
        return {"ticket": offer["ticket"], "code": self.code_of(offer), "password": PASSWORD}


@dataclasses.dataclass
class Write:
    """A valid request. `reads` are GET paths whose answers a refused request leaves as they were."""
    body: typing.Callable  # of the world and the params
    params: typing.Callable = lambda world: {}
    reads: tuple = ()
    expect: int = 200
    who: str = "ada"
    open_at: tuple = ()  # pointers of foreign objects inside; other objects refuse what they do not know
    content_at: tuple = ()  # pointers of objects whose members are what the request is about


def a_suppression(name):
    return {"name": name, "reason": "noise", "q": f"user:{name}", "watch": ["host"],
            "expires_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400)), "accept_missed": False}


A_RULE = "title: T\nlogsource: {product: windows}\ndetection: {s: {EventID: 1}, condition: s}\n"
ALERT = ("/api/v1/alerts/{id}",)
INCIDENT = ("/api/v1/incidents/{id}", "/api/v1/incidents/{id}/actions", "/api/v1/incidents/{id}/notes",
            "/api/v1/incidents/{id}/checklist")
PEOPLE = ("/api/v1/people", "/api/v1/keys", "/api/v1/tenants")


def an_alert(world):
    return {"id": world.alert()}


def an_incident(world):
    return {"id": world.incident()}


STRICT = {
    "changeAlerts": Write(lambda w, p: {"ids": [w.alert()], "change": {"tags": ["x"]}, "dry_run": False}, reads=("/api/v1/alerts",)),
    "changeAlert": Write(lambda w, p: {"close_reason": "checked"}, an_alert, ALERT),
    "parseQuery": Write(lambda w, p: {"q": "severity:low"}),
    "addView": Write(lambda w, p: {"name": w.unique("v"), "q": "severity:low"}, reads=("/api/v1/views",), expect=201),
    "replaceView": Write(lambda w, p: {"name": w.unique("v"), "q": "severity:high"}, lambda w: {"id": w.view()}, ("/api/v1/views/{id}",)),
    "backtestRule": Write(lambda w, p: {"text": A_RULE, "max_events": 10}),
    "addRuleException": Write(lambda w, p: {"rule_id": None, "when": {"User": w.unique("u")}, "reason": "seen"},
                              reads=("/api/v1/rules/exceptions",), expect=201, content_at=("/when",)),
    "previewRuleException": Write(lambda w, p: {"rule_id": None, "when": {"User": "u"}}, content_at=("/when",)),
    "changeRule": Write(lambda w, p: {"enabled": True}, lambda w: {"id": w.rule()}, ("/api/v1/rules/{id}",)),
    "openIncident": Write(lambda w, p: {"alert_ids": [w.alert()]}, reads=("/api/v1/incidents",), expect=201),
    "changeIncidents": Write(lambda w, p: {"ids": [w.incident()], "change": {"close_reason": "checked"}, "dry_run": False},
                             reads=("/api/v1/incidents",)),
    "changeIncident": Write(lambda w, p: {"analyst_notes": "checked"}, an_incident, INCIDENT),
    "simulateResponse": Write(lambda w, p: {"playbook": "malware"}, an_incident, INCIDENT),
    "tickChecklistStep": Write(lambda w, p: {"done": True, "note": "done"}, lambda w: {"id": w.incident(), "step": "contain"}, INCIDENT),
    "setSourceTrust": Write(lambda w, p: {"kind": "standard", "generate": True}, lambda w: {"source": "wazuh"},
                            ("/api/v1/sources/wazuh/trust",)),
    "setAutoClose": Write(lambda w, p: {"enabled": False, "max_missed_share": 0.05, "confidence": 0.9, "wait_minutes": 20},
                          reads=("/api/v1/auto-close",)),
    "addSuppression": Write(lambda w, p: a_suppression(w.unique("s")), reads=("/api/v1/suppressions",), expect=201),
    "previewSuppression": Write(lambda w, p: {"q": "severity:low", "watch": ["user"], "days": 7}),
    "changeSuppression": Write(lambda w, p: {"reason": "still noise", "watch": ["user"], "state": "active"},
                               lambda w: {"id": w.suppression()}, ("/api/v1/suppressions/{id}",)),
    "setCustomerPolicy": Write(lambda w, p: {"allow_list": [{"value": w.unique("host"), "reason": "scanner"}], "rate_limits": [],
                                             "maintenance_windows": [], "settings": {"auto_block": "never"}},
                               reads=("/api/v1/settings/customer-policy",), content_at=("/settings",)),
    "setSlaPolicy": Write(lambda w, p: {"severities": {"low": {"resolve_minutes": 600}}, "at_risk_percent": 80},
                          reads=("/api/v1/settings/sla",)),
    "pauseIncidentSla": Write(lambda w, p: {"reason": "waiting"}, an_incident, INCIDENT),
    "resumeIncidentSla": Write(lambda w, p: {"reason": "answered"}, lambda w: {"id": w.paused()}, INCIDENT),
    "addChanges": Write(lambda w, p: {"kind": "deployment", "summary": w.unique("web"), "resources": ["web-01"]},
                        reads=("/api/v1/changes",), expect=201),
    "addAdvisory": Write(lambda w, p: {"title": w.unique("wave"), "published_by": "CERT", "names": ["CVE-2024-3400"]},
                         reads=("/api/v1/advisories",), expect=201),
    "setRetention": Write(lambda w, p: {"days": 36500}, reads=("/api/v1/settings/retention",)),
    "holdIncident": Write(lambda w, p: {"reason": "case 12"}, an_incident, INCIDENT),
    "mergeIncidents": Write(lambda w, p: {"incident_ids": [w.incident()]}, an_incident, INCIDENT),
    "splitIncident": Write(lambda w, p: {"alert_ids": p["alert_ids"]}, lambda w: w.split(), INCIDENT, expect=201),
    "recordAction": Write(lambda w, p: {"action": "isolate_host", "target": "h", "detail": "d"}, an_incident, INCIDENT, expect=201),
    "addNote": Write(lambda w, p: {"text": "seen"}, an_incident, INCIDENT, expect=201),
    "editNote": Write(lambda w, p: {"text": "seen twice"}, lambda w: w.note(), INCIDENT),
    "putAssets": Write(lambda w, p: {"name": w.unique("asset"), "hosts": ["h1"]}, reads=("/api/v1/assets",), expect=201),
    "putAssets of many": Write(lambda w, p: [{"name": w.unique("asset"), "hosts": ["h1"]}], reads=("/api/v1/assets",)),
    "putUsers of many": Write(lambda w, p: [{"name": w.unique("user"), "title": "clerk"}], reads=("/api/v1/users",)),
    "replaceAsset": Write(lambda w, p: {"name": w.unique("asset"), "zone": "dmz"}, lambda w: {"id": w.row("assets")},
                          ("/api/v1/assets/{id}",)),
    "putUsers": Write(lambda w, p: {"name": w.unique("user"), "title": "clerk"}, reads=("/api/v1/users",), expect=201),
    "replaceUser": Write(lambda w, p: {"name": w.unique("user"), "title": "clerk"}, lambda w: {"id": w.row("users")},
                         ("/api/v1/users/{id}",)),
    "giveFeedback": Write(lambda w, p: {"alert_id": w.alert(), "verdict": "true_positive", "reason": "seen"}, reads=("/api/v1/alerts",)),
    "giveFeedback of triage": Write(lambda w, p: {"alert_id": w.alert(), "triage_helpful": True, "rating": 5},
                                    reads=("/api/v1/alerts",)),
    "rateAnswer": Write(lambda w, p: {"answer": "explanation", "id": w.alert(), "helpful": True}, reads=("/api/v1/alerts",)),
    "tryMapping": Write(lambda w, p: {"mapping": "source: acme\ntitle: name\n", "payload": '{"name":"Odd logon"}'}),
    "compatChangeIncident": Write(lambda w, p: {"analyst_notes": "checked"}, an_incident, INCIDENT),
    "compatSimulate": Write(lambda w, p: {"action": "Isolate the machine from the network"}, an_incident, INCIDENT),
    "triageAlert": Write(lambda w, p: {"alert": {"alert_id": "a", "id": "a", "source": "s", "title": w.unique("t"),
                                                 "entities": {"hosts": ["h1"]}}}, reads=("/api/v1/stats",),
                         open_at=("/alert", "/alert/entities")),
    "buildQuery": Write(lambda w, p: {"question": "failed logins for alice in the last 24 hours",
                                      "alert_context": {"title": "t", "user": "alice"}},
                        open_at=("/alert_context",)),
    "triggerThreat": Write(lambda w, p: {"threat_type": "bot_traffic"}, reads=("/api/v1/stats",)),
    "signIn": Write(lambda w, p: {"login": "ada", "password": PASSWORD}, who="nobody"),
    "changeOwnPassword": Write(lambda w, p: {"current": PASSWORD, "new": "another long passphrase 7"}, reads=PEOPLE, expect=204,
                               who="casey"),
    "confirmSecondFactor": Write(lambda w, p: w.confirmation("fay"), reads=PEOPLE, who="fay"),
    "removeSecondFactor": Write(lambda w, p: {"password": PASSWORD}, reads=PEOPLE, expect=204, who="fay"),
    "addPerson": Write(lambda w, p: {"login": w.unique("p"), "password": PASSWORD,
                                  "grants": [{"role": "viewer", "scope": {"sources": [], "asset_groups": []}}]},
                       reads=PEOPLE, expect=201),
    "changePerson": Write(lambda w, p: {"name": "Casey", "grants": [{"role": "viewer", "scope": {"sources": []}}]},
                          lambda w: {"id": w.people["casey"]}, ("/api/v1/people/{id}", *PEOPLE)),
    "addKey": Write(lambda w, p: {"name": w.unique("k"), "role": "viewer", "scope": {"sources": []}, "expires_in_days": 1},
                    reads=PEOPLE, expect=201),
    "addTenant": Write(lambda w, p: {"name": w.unique("t"), "title": "T"}, reads=PEOPLE, expect=201),
    "changeTenant": Write(lambda w, p: {"title": "U"}, lambda w: {"name": w.tenant()}, PEOPLE),
}


def example(source, name):
    return (ROOT / "examples" / source / name).read_text()


# Payloads of FOREIGN with a place for a name that makes each a new one.
def an_alert_input(name):
    return {"message": "m " + name, "host": name, "severity": "high", "alert_type": "test", "ts": "2026-01-04T12:00:00Z",
            "entities": [{"kind": "user", "value": name, "role": "target"}], "attack": {"techniques": ["T1110"]},
            "raw": {"line": name}}


def a_vendor_record(name):
    return json.loads(example("suricata", "c2_beacon.json").replace("update-cdn", name))


def address_of(name):
    return "45.{}.{}.{}".format(*hashlib.sha256(name.encode()).digest()[:3])


def an_event(name):
    return {"source": "aws", "event_type": "ConsoleLogin", "message": "failed login from unusual location", "user": name,
            "ip": address_of(name), "timestamp": "2026-01-04T12:00:00Z", "metadata": {"line": name}}


def an_indicator_list(name):
    return {"type": "bundle", "id": "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d", "objects": [
        {"type": "indicator", "spec_version": "2.1", "id": "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
         "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z", "valid_from": "2026-01-01T00:00:00Z",
         "name": name, "pattern": f"[domain-name:value = '{name}.evil.example']", "pattern_type": "stix"}]}


def a_catalogue(name):
    return {"catalogVersion": name, "dateReleased": "2026-01-02T00:00:00Z",
            "vulnerabilities": [{"cveID": "CVE-2021-44228", "dueDate": "2021-12-24", "knownRansomwareCampaignUse": "Known"}]}


def a_warning_list(name):
    return {"name": "Own proxies", "description": name, "type": "cidr", "list": ["81.2.69.0/24"]}
