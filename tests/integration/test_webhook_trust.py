"""Deliveries of a source whose trust is set: signed ones are taken once, nothing else is taken at all."""
import base64
import contextlib
import hashlib
import hmac
import json
import random
import time

from tests.integration.harness import ServerTest

# The published examples: Standard Webhooks and Slack.
STANDARD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
STANDARD_EXAMPLE = ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}',
                    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
SLACK_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
SLACK_EXAMPLE = ("1531420618",
                 b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&"
                 b"channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&"
                 b"response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
                 b"96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
                 "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")
HOOK = "/api/v1/webhooks/suricata"
TRUST = "/api/v1/sources/suricata/trust"


def standard_signature(secret, delivery_id, seconds, body):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{delivery_id}.{seconds}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(mac.digest()).decode()


def slack_signature(secret, seconds, body):
    return "v0=" + hmac.new(secret.encode(), f"v0:{seconds}:".encode() + body, hashlib.sha256).hexdigest()


def alert(number):
    return json.dumps({"timestamp": "2026-01-04T12:00:00.000000+0000", "event_type": "alert", "src_ip": "203.0.113.9",
                       "dest_ip": f"198.51.100.{number % 250}", "flow_id": number,
                       "alert": {"signature_id": 2000000 + number, "signature": f"ET {number}", "severity": 2}}).encode()


def standard_headers(secret, delivery_id, body, seconds=None):
    seconds = str(int(time.time()) if seconds is None else seconds)
    return {"Content-Type": "application/json", "webhook-id": delivery_id, "webhook-timestamp": seconds,
            "webhook-signature": standard_signature(secret, delivery_id, seconds, body)}


def mutated(headers, body, chance):
    """One thing changed: a character of a header, a header left out, or a byte of the body."""
    headers = dict(headers)
    name = chance.choice(["webhook-id", "webhook-timestamp", "webhook-signature", None])
    if name is None:
        at = chance.randrange(len(body))
        return headers, body[:at] + bytes([body[at] ^ (1 << chance.randrange(8))]) + body[at + 1:]
    text = headers[name]
    if chance.random() < 0.1:
        del headers[name]
        return headers, body
    at = chance.randrange(len(text))
    replacement = chance.choice([c for c in "0123456789abcdefXYZ+/=" if c != text[at]])
    headers[name] = chance.choice([text[:at] + replacement + text[at + 1:], text[:at] + text[at + 1:]])
    return headers, body


class WebhookTrust(ServerTest):
    def setUp(self):
        self.server.call("DELETE", TRUST)

    def set_trust(self, **settings):
        reply = self.server.call("PUT", TRUST, settings)
        self.assertEqual(reply.status, 200, reply.body)
        return reply.json().get("secret")

    def stored(self):
        return self.server.get("/api/v1/alerts?limit=1").json()["total"]

    def deliver(self, headers, body, path=HOOK):
        return self.server.post(path, body, headers=headers)

    def test_the_published_examples_are_what_is_signed_here(self):
        delivery_id, seconds, body, signature = STANDARD_EXAMPLE
        self.assertEqual(standard_signature(STANDARD_SECRET, delivery_id, seconds, body), signature)
        self.assertEqual(slack_signature(SLACK_SECRET, *SLACK_EXAMPLE[:2]), SLACK_EXAMPLE[2])

    def test_the_published_examples_are_too_old_by_now(self):
        self.set_trust(kind="standard", secret=STANDARD_SECRET)
        delivery_id, seconds, body, signature = STANDARD_EXAMPLE
        reply = self.deliver({"Content-Type": "application/json", "webhook-id": delivery_id,
                              "webhook-timestamp": seconds, "webhook-signature": signature}, body)
        self.assertProblem(reply, 401)
        self.assertIn("timestamp", reply.json()["detail"])
        self.set_trust(kind="slack", secret=SLACK_SECRET)
        seconds, body, signature = SLACK_EXAMPLE
        self.assertProblem(self.deliver({"Content-Type": "text/plain", "X-Slack-Request-Timestamp": seconds,
                                         "X-Slack-Signature": signature}, body), 401)

    def test_an_unsigned_delivery_is_refused_in_open_mode_too(self):
        self.assertEqual(self.deliver({"Content-Type": "application/json"}, alert(1)).status, 200)
        self.set_trust(kind="standard", generate=True)
        before = self.stored()
        self.assertProblem(self.deliver({"Content-Type": "application/json"}, alert(2)), 401)
        self.assertEqual(self.stored(), before)
        self.assertEqual(self.server.get(TRUST).json()["refused"], 1)

    def test_slack_signatures(self):
        self.set_trust(kind="slack", secret=SLACK_SECRET)
        body, seconds = alert(3), str(int(time.time()))
        headers = {"Content-Type": "application/json", "X-Slack-Request-Timestamp": seconds,
                   "X-Slack-Signature": slack_signature(SLACK_SECRET, seconds, body)}
        self.assertProblem(self.deliver(headers, body + b" "), 401)
        self.assertEqual(self.deliver(headers, body).json()["accepted"], 1)

    def test_no_changed_delivery_is_accepted(self):
        secret = self.set_trust(kind="standard", generate=True)
        before = self.stored()
        chance = random.Random(20260104)
        statuses = []
        with contextlib.closing(self.server.connection()) as connection:
            for number in range(600):
                body = alert(1000 + number)
                headers = standard_headers(secret, f"msg_{number:06d}", body)
                reply = self.server.call("POST", HOOK, *reversed(mutated(headers, body, chance)), connection=connection)
                statuses.append(reply.status)
        self.assertEqual({status: statuses.count(status) for status in set(statuses)}, {401: 600})
        self.assertEqual(self.stored(), before)

    def test_a_replay_is_answered_as_a_duplicate_also_after_a_restart(self):
        secret = self.set_trust(kind="standard", generate=True)
        body = alert(5000)
        headers = standard_headers(secret, "msg_replayed", body)
        self.assertEqual(self.deliver(headers, body).json()["accepted"], 1)
        before = self.stored()
        for _ in range(3):
            again = self.deliver({**headers, "Idempotency-Key": "another"}, body)
            self.assertEqual((again.status, again.json()["accepted"], again.json()["duplicates"]), (200, 0, 1))
        unreadable = b'{"unrelated": {"a": 1}}'
        rejected = standard_headers(secret, "msg_unreadable", unreadable)
        first = self.deliver(rejected, unreadable)
        letters = self.server.get("/api/v1/dead-letters").json()["total"]
        type(self).server.stop()
        type(self).server.start()
        again = self.deliver(headers, body)
        self.assertEqual((again.status, again.json()["accepted"], again.json()["duplicates"]), (200, 0, 1))
        self.assertEqual(self.deliver(rejected, unreadable).body, first.body)
        self.assertEqual(self.stored(), before)
        self.assertEqual(self.server.get("/api/v1/dead-letters").json()["total"], letters)
        self.assertProblem(self.deliver({"Content-Type": "application/json"}, alert(5001)), 401)

    def test_both_secrets_count_while_one_is_changed(self):
        old = self.set_trust(kind="standard", generate=True)
        fresh = self.set_trust(kind="standard", generate=True)
        for number, secret in enumerate((old, fresh)):
            body = alert(6000 + number)
            self.assertEqual(self.deliver(standard_headers(secret, f"msg_r{number}", body), body).status, 200)
        self.set_trust(kind="standard", keep_previous_minutes=0)
        for number, (secret, status) in enumerate(((old, 401), (fresh, 200))):
            body = alert(6010 + number)
            self.assertEqual(self.deliver(standard_headers(secret, f"msg_s{number}", body), body).status, status)

    def test_no_secret_is_in_an_answer_the_database_or_the_log(self):
        secret = self.set_trust(kind="standard", generate=True)
        self.assertNotIn("whsec_", self.server.get(TRUST).body.decode())
        token = "path-token-of-this-test-0123456789"
        self.set_trust(kind="path-token", secret=token)
        self.assertEqual(self.deliver({"Content-Type": "application/json"}, alert(7000), f"{HOOK}/{token}").status, 200)
        self.assertEqual(self.server.stop(), 0)
        files = [path for path in self.server.data.rglob("*") if path.is_file()]
        self.assertTrue(files)
        for path in files:
            content = path.read_bytes()
            self.assertNotIn(secret.removeprefix("whsec_").encode(), content, path)
            self.assertNotIn(token.encode(), content, path)
        self.assertNotIn(token, self.server.log_text())
        self.server.start()
