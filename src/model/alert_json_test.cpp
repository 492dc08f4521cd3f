#include "model/alert_json.h"

#include <gtest/gtest.h>

namespace tocsin::model {
namespace {

Alert full_alert() {
  const auto at = *parse_time("2026-01-04T12:00:00.250Z");
  Alert alert;
  alert.id = AlertId::make(at);
  alert.source = "suricata";
  alert.source_id = "flow \"7\"";
  alert.type = "ssh_bruteforce";
  alert.title = "Many failed logins ,\"raw\":{} in a title";
  alert.message = "line\none\ttwo \xE3\x81\x82";
  alert.severity = Severity::kHigh;
  alert.occurred_at = at;
  alert.received_at = at + std::chrono::seconds(3);
  alert.status = AlertStatus::kInProgress;
  alert.entities = {{EntityKind::kHost, "web-1", EntityRole::kTarget},
                    {EntityKind::kCloudResource, "arn:aws:s3:::b", EntityRole::kRelated}};
  alert.iocs = {{IocKind::kSha256, std::string(64, 'a')}};
  alert.attack = {{"T1110.001"}, {"TA0006"}};
  alert.asset_tier = AssetTier::kCrownJewel;
  alert.fingerprint = "0123456789abcdef";
  alert.occurrences = 7;
  alert.first_seen = at;
  alert.last_seen = at + std::chrono::minutes(1);
  alert.incident_id = IncidentId::make(at);
  alert.priority = 83;
  alert.requires_review = true;
  alert.triage = {Verdict::kTruePositive, 0.125, 0.75, {{"because", -0.5, {"AL-x#/entities/0"}}}};
  alert.source_url = "https://console.example/1";
  alert.vendor_status = "new";
  alert.vendor_verdict = "truePositive";
  alert.tags = {"a", "b"};
  alert.process = {"cmd.exe /c \"x\"", "explorer.exe", "aa"};
  alert.facts = {{"owner", "Ann", "asset_table", at, "web-01", at}};
  alert.assignee = "ann";
  alert.close_reason = "duplicate";
  alert.tlp = "GREEN";
  alert.raw = R"({"huge":123456789012345678901234567890,"raw":{"a":[1, 2]}})";
  return alert;
}

std::string to_json(const Alert& alert, bool with_raw) {
  std::string out;
  append_alert_json(out, alert, with_raw);
  return out;
}

TEST(AlertJson, ReadsBackWhatItWroteToTheByte) {
  for (const Alert& alert : {full_alert(), Alert{}}) {
    const auto text = to_json(alert, true);
    const auto back = parse_alert_json(text);
    ASSERT_TRUE(back.ok()) << back.error().message << ' ' << text;
    EXPECT_EQ(to_json(*back, true), text);
    EXPECT_EQ(back->raw, alert.raw);
    EXPECT_EQ(back->entities, alert.entities);
    EXPECT_EQ(back->triage, alert.triage);
    EXPECT_EQ(back->facts, alert.facts);
    EXPECT_EQ(back->occurred_at, alert.occurred_at);
  }
}

TEST(AlertJson, LeavesRawOutUnlessAskedFor) {
  const auto text = to_json(full_alert(), false);
  EXPECT_EQ(text.find("huge"), std::string::npos);
  EXPECT_TRUE(parse_alert_json(text)->raw.empty());
}

TEST(AlertJson, MembersStandInTheOrderOfTheContract) {
  const auto text = to_json(Alert{}, true);
  std::size_t last = 0;
  for (const auto* key :
       {"id",          "source",      "source_id",   "type",        "title",         "message",
        "severity",    "occurred_at", "received_at", "status",      "entities",      "iocs",
        "attack",      "asset_tier",  "fingerprint", "occurrences", "first_seen",    "last_seen",
        "incident_id", "priority",    "triage",      "source_url",  "vendor_status", "vendor_verdict",
        "tags",        "process",     "facts",       "assignee",    "close_reason",  "tlp",
        "raw"}) {
    const auto at = text.find('"' + std::string(key) + "\":", last);
    ASSERT_NE(at, std::string::npos) << key;
    last = at;
  }
}

TEST(AlertJson, RefusesOtherText) {
  EXPECT_EQ(parse_alert_json("{").error().kind, ErrorKind::kInvalidSyntax);
  EXPECT_EQ(parse_alert_json("[]").error().kind, ErrorKind::kInvalidSyntax);
  const auto wrong = parse_alert_json(R"({"severity":"loud"})");
  EXPECT_EQ(wrong.error().kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(wrong.error().where, "/severity");
}

TEST(AlertJson, RecordLineNamesItsKindFirst) {
  std::string out;
  append_record_json(out, RecordKind::kEvent, Alert{}, false);
  EXPECT_TRUE(out.starts_with(R"({"kind":"event","id":"")")) << out;
}

}  // namespace
}  // namespace tocsin::model
