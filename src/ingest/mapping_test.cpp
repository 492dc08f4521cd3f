// Sources defined by a YAML file.

#include "ingest/mapping.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/testing/temp_dir.h"

namespace tocsin::ingest {
namespace {

constexpr std::string_view kYaml = R"(source: acme-edr
records: data.items
title: event.name
id: event.id
time: [event.when, received]
type: event.family
url: link
status: state
severity:
  path: event.level
  default: low
  values:
    P1: critical
    P2: high
techniques: event.attack
tags: [event.labels]
command_line: process.cmd
mine: event.note
entities:
  - {path: host.name, kind: host, role: target, transform: lower}
  - path: user
    kind: user
    role: target
    transform: without_domain
  - {path: remote.ip, kind: ip, role: source, indicator: observed}
  - {path: hashes, kind: hash, indicator: reported}
)";

constexpr std::string_view kBody = R"({"data":{"items":[
  {"event":{"name":"Odd logon","id":7,"when":"2026-01-06T10:00:00Z","level":"P1","family":"OddLogon",
   "attack":["T1078"],"labels":["a","b"],"note":"see hxxp://bad[.]top/x"},"link":"https://edr.acme.example/7",
   "state":"open","host":{"name":"WS-1"},"user":"CORP\\bob","remote":[{"ip":"203.0.113.9"},{"ip":"10.0.0.3"}],
   "hashes":["d131dd02c5e6eec4693d9a0698aff95c"],"process":{"cmd":"whoami /all"}},
  {"event":{"name":"Other","when":"never"},"received":1767693600,"unknown":1}]}})";

Mapping mapping() {
  auto parsed = parse_mapping(kYaml, "acme.yaml");
  EXPECT_TRUE(parsed.ok()) << to_string(parsed.error());
  return parsed ? *std::move(parsed) : Mapping{};
}

TEST(Mapping, ReadsEveryField) {
  const auto result = normalise(mapping(), kBody, {*parse_time("2026-01-20T00:00:00Z")});
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result->records.size(), 2U);
  const auto& alert = result->records[0].alert;
  EXPECT_EQ(alert.source, "acme-edr");
  EXPECT_EQ(alert.source_id, "7");
  EXPECT_EQ(alert.title, "Odd logon");
  EXPECT_EQ(alert.type, "odd_logon");
  EXPECT_EQ(alert.severity, model::Severity::kCritical);
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2026-01-06T10:00:00.000Z");
  EXPECT_EQ(alert.source_url, "https://edr.acme.example/7");
  EXPECT_EQ(alert.vendor_status, "open");
  EXPECT_EQ(alert.process.command_line, "whoami /all");
  EXPECT_EQ(alert.attack.techniques, std::vector<std::string>{"T1078"});
  EXPECT_EQ(alert.tags, (std::vector<std::string>{"a", "b"}));
  const std::vector<model::Entity> entities{
      {model::EntityKind::kHost, "ws-1", model::EntityRole::kTarget},
      {model::EntityKind::kUser, "bob", model::EntityRole::kTarget},
      {model::EntityKind::kIp, "203.0.113.9", model::EntityRole::kSource},
      {model::EntityKind::kIp, "10.0.0.3", model::EntityRole::kSource},
      {model::EntityKind::kHash, "d131dd02c5e6eec4693d9a0698aff95c", model::EntityRole::kRelated}};
  EXPECT_EQ(alert.entities, entities);
  EXPECT_EQ(alert.iocs.size(), 4U) << "address, hash, link, its host";
  EXPECT_EQ(alert.raw.substr(0, 9), R"({"event":)") << "each record keeps its own bytes";
}

TEST(Mapping, FallsBackWhereNothingStands) {
  const auto result = normalise(mapping(), kBody, {*parse_time("2026-01-20T00:00:00Z")});
  ASSERT_EQ(result->records.size(), 2U);
  const auto& alert = result->records[1].alert;
  EXPECT_EQ(alert.severity, model::Severity::kLow);
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2026-01-06T10:00:00.000Z");
  EXPECT_EQ(alert.type, "other");
}

TEST(Mapping, ABodyWithoutTheListIsRefused) {
  const auto result = normalise(mapping(), R"({"data":{}})", {});
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result->rejections.size(), 1U);
  EXPECT_NE(result->rejections[0].error.message.find("data.items"), std::string::npos);
}

TEST(Mapping, FaultsNameTheirPlace) {
  struct Case {
    std::string_view yaml, where, message;
  };
  const Case cases[] = {
      {"title: a\n", "f:1:1", "'source' is missing"},
      {"source: x1\ntitel: a\n", "f:2:1", "unknown key 'titel'"},
      {"source: x1\ntitle: a\nseverity:\n  values: {P1: urgent}\n", "f:4:16", "'urgent' is no severity"},
      {"source: x1\ntitle: a\nentities:\n  - {path: h, kind: hots}\n", "f:4:21", "'hots' is no entity kind"},
      {"source: x1\ntitle: a\nentities:\n  - {kind: host}\n", "f:4:5", "'path' is missing"},
      {"source: x1\ntitle: a..b\n", "f:2:8", "'a..b' is no path"},
      {"source: wazuh\ntitle: a\n", "f:1:9", "'wazuh' is a built-in source"},
      {"source: X 1\ntitle: a\n", "f:1:9", "'X 1' is no source name"},
      {"source: x1\ntitle: {path: a, transform: rot13}\n", "f:2:29", "'rot13' is not known here"},
      {"source: x1\n  title: a\n", "f:2:8", ""},
      {"- 1\n", "f:1:1", "expected key: value lines"},
  };
  for (const auto& one : cases) {
    const auto parsed = parse_mapping(one.yaml, "f");
    ASSERT_FALSE(parsed.ok()) << one.yaml;
    EXPECT_EQ(parsed.error().where, one.where) << one.yaml << parsed.error().message;
    EXPECT_NE(parsed.error().message.find(one.message), std::string::npos) << parsed.error().message;
    EXPECT_FALSE(parsed.error().hint.empty()) << one.yaml;
  }
}

TEST(Mapping, HostileYamlIsRefused) {
  EXPECT_FALSE(parse_mapping(std::string(100'000, '['), "f").ok());
  EXPECT_FALSE(parse_mapping("a: &a [x]\nb: *a\n", "f").ok());
  EXPECT_FALSE(parse_mapping(std::string(300U << 10, 'a'), "f").ok());
  EXPECT_FALSE(parse_mapping("", "f").ok());
}

TEST(Mapping, ADirectoryGivesSourcesAndFaults) {
  const test::TempDir folder;
  const auto directory = folder.path() / "mappings";
  std::filesystem::create_directory(directory);
  const auto write = [&](const char* name, std::string_view text) {
    std::ofstream(directory / name) << text;
  };
  write("a.yaml", kYaml);
  write("b.yml", kYaml);
  write("c.yaml", "source: c1\n");
  write("notes.txt", "no mapping");
  const auto loaded = load_mappings(directory);
  ASSERT_EQ(loaded.list.size(), 1U);
  ASSERT_EQ(loaded.faults.size(), 2U);
  Options options{*parse_time("2026-01-20T00:00:00Z")};
  options.mappings = &loaded;
  EXPECT_EQ(normalise("acme-edr", kBody, options)->records.size(), 2U);
  const auto unknown = normalise("nobody", kBody, options);
  EXPECT_NE(unknown.error().hint.find("acme-edr"), std::string::npos);
  std::filesystem::remove_all(directory);
  EXPECT_TRUE(load_mappings(directory).list.empty());
}

}  // namespace
}  // namespace tocsin::ingest
