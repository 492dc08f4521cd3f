"""Malformed requests by the hundred, each with the statuses that the documentation gives for it."""
import dataclasses
import gzip
import json

GOOD = {
    "id": "bad-body-probe", "ts": "2026-01-04T12:00:00Z", "source": "demo", "alert_type": "ssh_bruteforce",
    "message": "Failed password for admin from 45.10.22.1", "user": "admin", "host": "web-01", "ip": "45.10.22.1",
    "severity": "high", "asset_tier": "important", "raw": {"n": 1},
}
JSON = "application/json"
NDJSON = "application/x-ndjson"
ALERTS = "/api/v1/alerts"
SOURCES = ("microsoft-sentinel", "microsoft-defender", "splunk", "suricata", "wazuh", "aws-guardduty", "cef", "generic")


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    body: bytes
    statuses: tuple
    path: str = ALERTS
    content_type: str = JSON
    encoding: str = ""
    mentions: str = ""   # text that the error must hold


def truncated():
    text = json.dumps(GOOD).encode()
    for cut in range(1, len(text) - 1, 5):
        yield Case(f"truncated at {cut}", text[:cut], (400,), mentions="byte")
    array = json.dumps([GOOD, GOOD]).encode()
    for cut in range(1, len(array) - 1, 31):
        yield Case(f"array truncated at {cut}", array[:cut], (400,), mentions="byte")


def wrong_types():
    wrong = {"list": [1], "object": {"a": 1}, "true": True}
    for field in ("ts", "source", "alert_type", "message", "user", "host", "ip", "severity", "asset_tier", "id",
                  "timestamp", "occurred_at", "title", "description", "target_user", "username", "hostname",
                  "source_ip", "src_ip", "dst_ip", "dest_ip", "rule"):
        base = {k: v for k, v in GOOD.items() if k not in ("raw",)}
        aliases = {"timestamp": "ts", "occurred_at": "ts", "title": "message", "description": "message",
                   "target_user": "user", "username": "user", "hostname": "host", "source_ip": "ip", "src_ip": "ip",
                   "rule": "alert_type"}
        base.pop(aliases.get(field, field), None)
        for name, value in wrong.items():
            yield Case(f"{field} is {name}", json.dumps({**base, field: value}).encode(), (422,), mentions="/" + field)
    for value in ("banana", "", -1, 101, 1e300, "critical!"):
        yield Case(f"severity {value!r}", json.dumps({**GOOD, "severity": value}).encode(), (422,), mentions="/severity")
    for value in ("yesterday", "2026-13-01T00:00:00Z", "9999-01-01T00:00:00Z", "", -5, 1e300):
        yield Case(f"ts {value!r}", json.dumps({**GOOD, "ts": value}).encode(), (422,), mentions="/ts")
    for value in ("gold", "", 7):
        yield Case(f"asset_tier {value!r}", json.dumps({**GOOD, "asset_tier": value}).encode(), (422,),
                   mentions="/asset_tier")
    for value in ({}, {"user": "x"}, {"severity": "high"}):
        yield Case(f"nothing to say: {value}", json.dumps(value).encode(), (422,))


def not_objects():
    for text in ("", " ", "\n\t", "{", "}", "[", "]", "nul", "tru", "'a'", "{'a':1}", "{\"a\":}", "{\"a\":1,}",
                 "[1,]", "{a:1}", "{\"a\":1}}", "{} {}", "\ufeff", "NaN", "Infinity", "-", "01", "1.", ".5", "+1",
                 "\"\\x\"", "\"\\u12\"", "\"\t\"", "{\"message\":\"a\nb\"}", "/*c*/{}", "{\"a\":1 \"b\":2}", "<xml/>",
                 "a=b&c=d", "--boundary"):
        yield Case(f"no JSON: {text!r}", text.encode(), (400,), mentions="byte")
    for text in ("null", "true", "1", "1.5", "\"text\""):
        yield Case(f"no alert: {text}", text.encode(), (422,))
    for items in ("[null]", "[1,2]", "[\"x\"]", "[[]]", "[[[]]]", "[{}]", "[true,{}]"):
        yield Case(f"array of no alerts: {items}", items.encode(), (200,), mentions="rejected")


def bad_bytes():
    text = json.dumps(GOOD).encode()
    place = text.index(b"Failed")
    for bad in (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82", b"\x80", b"\xc3(", b"\xf0\x28\x8c\xbc"):
        yield Case(f"invalid UTF-8 {bad.hex()} in a value", text[:place] + bad + text[place:], (400,))
        yield Case(f"invalid UTF-8 {bad.hex()} in a key", b'{"' + bad + b'":1,"message":"x"}', (400,))
        yield Case(f"invalid UTF-8 {bad.hex()} alone", bad, (400,))
    yield Case("NUL in a value", text[:place] + b"\x00" + text[place:], (400,))
    yield Case("UTF-16", json.dumps(GOOD).encode("utf-16"), (400,))
    yield Case("UTF-32", json.dumps(GOOD).encode("utf-32"), (400,))
    yield Case("random bytes", bytes((i * 7919) % 256 for i in range(4096)), (400,))


def deep_and_huge():
    for depth in (100, 1_000, 10_000, 100_000, 1_000_000):
        yield Case(f"arrays {depth} deep", b"[" * depth + b"]" * depth, (400,))
        yield Case(f"objects {depth} deep", b'{"a":' * depth + b"1" + b"}" * depth, (400,))
        yield Case(f"unclosed {depth} deep", b'[{"a":' * depth, (400,))
        yield Case(f"raw {depth} deep", b'{"message":"x","raw":' + b"[" * depth + b"]" * depth + b"}", (400,))
    for number in ("1e999999", "-1e999999", "9" * 400, "9" * 100_000, "0." + "1" * 100_000, "1e-999999"):
        yield Case(f"ts is {number[:12]}… ({len(number)})", ('{"message":"x","ts":' + number + "}").encode(), (400, 422))
        yield Case(f"severity is {number[:12]}… ({len(number)})",
                   ('{"message":"x","severity":' + number + "}").encode(),
                   # A long or tiny fraction is a number from 0 to 100 like any other.
                   (201,) if number.startswith("0.") or "e-" in number else (400, 422))
    yield Case("33 MiB of blanks", b" " * (33 << 20), (413,))
    yield Case("100 MiB of JSON", b'{"message":"' + b"a" * (100 << 20) + b'"}', (413,))


def content_types():
    text = json.dumps(GOOD).encode()
    for kind in ("text/plain", "text/html", "application/xml", "application/x-www-form-urlencoded",
                 "multipart/form-data; boundary=x", "application/octet-stream", "image/png", "application/json5",
                 "application/jsonp", "text/json", "application", "/", "application/vnd.api+json", "",
                 "application/cbor", "application/javascript"):
        yield Case(f"content type {kind!r}", text, (415,), content_type=kind)
        yield Case(f"content type {kind!r} to a webhook", text, (415,), path="/api/v1/webhooks/generic",
                   content_type=kind) if kind not in ("text/plain",) else Case(
                       "content type text/plain that is no CEF", b"no cef", (200, 422), path="/api/v1/webhooks/cef",
                       content_type=kind)


def encodings():
    yield Case("gzip that is none", b"not gzip at all", (400,), encoding="gzip")
    yield Case("gzip cut off", gzip.compress(json.dumps(GOOD).encode())[:-9], (400,), encoding="gzip")
    yield Case("gzip bomb", gzip.compress(b" " * (200 << 20)), (413,), encoding="gzip")
    yield Case("brotli", b"\x0b\x02\x80{}\x03", (415,), encoding="br")
    yield Case("two encodings", gzip.compress(gzip.compress(b"{}")), (400, 415), encoding="gzip, gzip")


def ndjson():
    line = json.dumps(GOOD)
    for name, text in (("one bad line", f'{line[:30]}\n'), ("no JSON", "hello\nworld\n"), ("numbers", "1\n2\n"),
                       ("deep line", "[" * 5000 + "\n"), ("bad UTF-8 line", None)):
        body = b"\xff\xfe\n" if text is None else text.encode()
        yield Case(f"NDJSON: {name}", body, (200, 400), content_type=NDJSON, mentions="byte" if text is None else "")


def webhooks():
    for source in SOURCES:
        path = f"/api/v1/webhooks/{source}"
        for text in ("", "{", "[", "{\"a\":", "nul", "{\"a\":1}}", "\"unclosed"):
            if source == "cef":
                continue
            # What follows a whole object is an item of its own: the object is judged, the rest refused.
            statuses = (200, 400) if text.endswith("}}") else (400,)
            yield Case(f"{source}: {text!r}", text.encode(), statuses, path=path)
        for text in ("1", "true", "[1]", "[null,[],\"x\"]", "[[]]", "{\"alerts\":7}", "{\"rule\":[]}",
                     "{\"properties\":\"x\"}", "{\"result\":3}", "{\"detail\":null}"):
            # Right JSON that is nothing of this vendor's: refused as a whole or item by item, and kept.
            yield Case(f"{source}: {text}", text.encode(), (200, 400, 422), path=path)
    yield Case("unknown source", b"{}", (404,), path="/api/v1/webhooks/nonesuch", mentions="suricata")
    yield Case("source with a slash", b"{}", (404,), path="/api/v1/webhooks/a%2Fb")
    yield Case("source with dots", b"{}", (400, 404), path="/api/v1/webhooks/..%2f..%2fetc")


def other_bodies():
    for path in ("/api/v1/feedback", "/api/v1/triage", "/api/v1/query", "/ingest", "/api/threats/trigger"):
        for text in ("{", "[1", "\"", "{\"a\":\xff}"):
            yield Case(f"{path}: {text!r}", text.encode("latin-1"), (400,), path=path)
        for text in ("1", "[]", "\"x\"", "{\"nonesuch\":1}"):
            yield Case(f"{path}: {text}", text.encode(), (200, 400, 422) if path == "/ingest" else (400, 422), path=path)


def all_cases():
    for make in (truncated, wrong_types, not_objects, bad_bytes, deep_and_huge, content_types, encodings, ndjson,
                 webhooks, other_bodies):
        yield from make()
