#include "enrich/enrich.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "base/testing/temp_dir.h"
#include "enrich/network_class.h"
#include "enrich/testing/mmdb_builder.h"

namespace tocsin::enrich {
namespace {

using model::AssetTier;
using model::EntityKind;
using model::EntityRole;
using model::IocKind;

constexpr Timestamp kNow = Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 1 / 4));
constexpr Timestamp kBefore = kNow - std::chrono::hours(48);

model::Alert alert_with(std::vector<model::Entity> entities, std::vector<model::Ioc> iocs = {}) {
  model::Alert alert;
  alert.entities = std::move(entities);
  alert.iocs = std::move(iocs);
  return alert;
}
model::Entity host(std::string value) {
  return {EntityKind::kHost, std::move(value), EntityRole::kTarget};
}
model::Entity user(std::string value) {
  return {EntityKind::kUser, std::move(value), EntityRole::kTarget};
}
model::Entity ip(std::string value) {
  return {EntityKind::kIp, std::move(value), EntityRole::kSource};
}

// "subject value" of each fact with that name.
std::vector<std::string> told(const model::Alert& alert, std::string_view name) {
  std::vector<std::string> found;
  for (const auto& fact : alert.facts) {
    if (fact.name == name) found.push_back(fact.subject + " " + fact.value);
  }
  return found;
}
using Told = std::vector<std::string>;

store::Asset asset(std::string name, std::vector<std::string> addresses = {}) {
  store::Asset row;
  row.name = std::move(name);
  row.addresses = std::move(addresses);
  row.meta.updated_at = kBefore;
  return row;
}

model::Alert with_assets(std::vector<store::Asset> rows, std::vector<model::Entity> entities) {
  Knowledge knowledge;
  knowledge.assets = std::make_shared<const AssetIndex>(std::move(rows));
  auto alert = alert_with(std::move(entities));
  apply(knowledge, alert, kNow);
  return alert;
}

TEST(EnrichAssets, AHostBearsItsRowWithOriginAgeAndTime) {
  auto row = asset("db-01");
  row.tier = AssetTier::kCrownJewel;
  row.owner = "Finance";
  row.zone = "core";
  row.tags = {"pci", "sql"};
  const auto alert = with_assets({row}, {host("DB-01")});
  EXPECT_EQ(alert.asset_tier, AssetTier::kCrownJewel);
  EXPECT_EQ(told(alert, "asset_owner"), Told{"DB-01 Finance"});
  EXPECT_EQ(told(alert, "network_zone"), Told{"DB-01 core"});
  EXPECT_EQ(told(alert, "asset_tags"), Told{"DB-01 pci, sql"});
  EXPECT_EQ(told(alert, "asset_tier"), Told{"DB-01 crown_jewel"});
  for (const auto& fact : alert.facts) {
    EXPECT_EQ(fact.from, "asset_table");
    EXPECT_EQ(fact.as_of, kBefore);
    EXPECT_EQ(fact.at, kNow);
  }
}

TEST(EnrichAssets, NamesMeetWithAndWithoutDomain) {
  auto by_fqdn = asset("web-01.corp.example");
  const auto short_in_alert = with_assets({by_fqdn}, {host("web-01")});
  EXPECT_EQ(told(short_in_alert, "asset"), Told{"web-01 web-01.corp.example"});
  const auto short_in_table = with_assets({asset("web-01")}, {host("web-01.corp.example")});
  EXPECT_EQ(told(short_in_table, "asset").size(), 1U);
  const auto ambiguous = with_assets({by_fqdn, asset("web-01.lab.example")}, {host("web-01")});
  EXPECT_TRUE(told(ambiguous, "asset").empty());
  const auto foreign = with_assets({by_fqdn}, {host("web-01.evil.example")});
  EXPECT_TRUE(told(foreign, "asset").empty());
}

TEST(EnrichAssets, AnAddressBearsItsHostAndTheNarrowestNetworkWithAZone) {
  auto wide = asset("Corporate", {"10.0.0.0/8"});
  wide.zone = "internal";
  auto narrow = asset("Servers", {"10.1.0.0/16"});
  narrow.zone = "servers";
  narrow.tier = AssetTier::kImportant;
  const auto single = asset("db-01", {"10.1.2.3"});
  const std::vector<store::Asset> rows{wide, single, narrow};
  const auto alert = with_assets(rows, {ip("10.1.2.3")});
  EXPECT_EQ(told(alert, "asset"), Told{"10.1.2.3 db-01"});
  EXPECT_EQ(told(alert, "network_zone"), Told{"10.1.2.3 servers"});
  EXPECT_EQ(alert.asset_tier, AssetTier::kImportant);  // of the network, since the host's row says none
  EXPECT_EQ(told(with_assets(rows, {ip("10.200.0.1")}), "network_zone"), Told{"10.200.0.1 internal"});
  EXPECT_TRUE(told(with_assets(rows, {ip("11.0.0.1")}), "network_zone").empty());
}

TEST(EnrichAssets, TheTierOfAnAlertIsOnlyRaised) {
  auto row = asset("desk");
  row.tier = AssetTier::kNormal;
  Knowledge knowledge;
  knowledge.assets = std::make_shared<const AssetIndex>(std::vector{row});
  auto alert = alert_with({host("desk")});
  alert.asset_tier = AssetTier::kCrownJewel;
  apply(knowledge, alert, kNow);
  EXPECT_EQ(alert.asset_tier, AssetTier::kCrownJewel);
}

model::Alert with_users(std::vector<store::User> rows, std::vector<model::Entity> entities) {
  Knowledge knowledge;
  knowledge.users = std::make_shared<const UserIndex>(std::move(rows));
  auto alert = alert_with(std::move(entities));
  apply(knowledge, alert, kNow);
  return alert;
}

TEST(EnrichUsers, AreFoundByNameMailAliasAndDomainName) {
  store::User alice;
  alice.name = "alice";
  alice.email = "alice@corp.example";
  alice.aliases = {"a.smith@ad.corp.example"};
  alice.privileged = true;
  alice.title = "DBA";
  for (const auto* spelling : {"alice", "ALICE@corp.example", "a.smith@ad.corp.example", "CORP\\Alice"}) {
    const auto alert = with_users({alice}, {user(spelling)});
    EXPECT_EQ(told(alert, "privileged"), Told{std::string(spelling) + " true"});
    EXPECT_EQ(told(alert, "user_title").size(), 1U);
  }
  for (const auto* other : {"alice@evil.example", "alic", "malice"})
    EXPECT_TRUE(with_users({alice}, {user(other)}).facts.empty()) << other;
}

TEST(EnrichUsers, ARowThatNamesItsDomainIsNotFoundInAnother) {
  store::User alice;
  alice.name = "alice";
  alice.aliases = {"CORP\\alice"};
  EXPECT_EQ(told(with_users({alice}, {user("corp\\ALICE")}), "user").size(), 1U);
  EXPECT_TRUE(with_users({alice}, {user("WEB-01\\alice")}).facts.empty());
}

TEST(NetworkClass, FollowsTheRegistries) {
  const auto of = [](std::string_view text) { return network_class(model::parse_address(text).value()); };
  EXPECT_EQ(of("10.1.2.3"), "private");
  EXPECT_EQ(of("172.31.255.255"), "private");
  EXPECT_EQ(of("172.32.0.0"), "public");
  EXPECT_EQ(of("100.64.0.1"), "cgnat");
  EXPECT_EQ(of("127.0.0.1"), "loopback");
  EXPECT_EQ(of("169.254.1.1"), "link_local");
  EXPECT_EQ(of("224.0.0.251"), "multicast");
  EXPECT_EQ(of("203.0.113.9"), "documentation");
  EXPECT_EQ(of("255.255.255.255"), "broadcast");
  EXPECT_EQ(of("0.0.0.0"), "unspecified");
  EXPECT_EQ(of("8.8.8.8"), "public");
  EXPECT_EQ(of("::1"), "loopback");
  EXPECT_EQ(of("fe80::1"), "link_local");
  EXPECT_EQ(of("fd00::1"), "private");
  EXPECT_EQ(of("ff02::1"), "multicast");
  EXPECT_EQ(of("2001:db8::1"), "documentation");
  EXPECT_EQ(of("2606:4700::1"), "public");
}

// The plain way: every block that holds the address, the longest prefix first.
TEST(RangeMap, AgreesWithTryingEveryBlock) {
  std::mt19937 random(7);
  std::vector<RangeMap::Block> blocks;
  for (std::uint32_t i = 0; i < 400; ++i) {
    model::AddressBytes bytes{};
    bytes[10] = bytes[11] = 0xFF;
    for (std::size_t byte = 12; byte < 16; ++byte) bytes[byte] = static_cast<std::uint8_t>(random() % 4 * 64);
    model::Network network{bytes, static_cast<int>(96 + random() % 33)};
    network = model::parse_network(to_string(network)).value();
    blocks.push_back({network, i});
  }
  blocks.push_back({model::parse_network("255.255.255.255").value(), 400});
  const RangeMap map(blocks);
  for (int round = 0; round < 2000; ++round) {
    model::AddressBytes address{};
    address[10] = address[11] = 0xFF;
    for (std::size_t byte = 12; byte < 16; ++byte)
      address[byte] =
          round % 2 == 0 ? static_cast<std::uint8_t>(random()) : static_cast<std::uint8_t>(random() % 4 * 64);
    std::multiset<int> expected;
    for (const auto& block : blocks) {
      if (contains(block.network, address)) expected.insert(block.network.prefix);
    }
    std::multiset<int> found;
    int last = 129;
    map.each_around(address, [&](const RangeMap::Block& block) {
      EXPECT_LE(block.network.prefix, last);
      last = block.network.prefix;
      found.insert(last);
      return true;
    });
    ASSERT_EQ(found, expected);
  }
}

TEST(RangeMap, WalksOnlySoFarOutwards) {
  std::vector<RangeMap::Block> blocks;
  const auto network = model::parse_network("10.0.0.0/8").value();
  for (std::uint32_t i = 0; i < 5000; ++i) blocks.push_back({network, i});
  blocks.push_back({network, 7});
  const RangeMap map(blocks);
  EXPECT_EQ(map.size(), 5000U) << "the same block with the same number is one";
  std::size_t steps = 0;
  map.each_around(network.first, [&](const auto&) { return ++steps > 0; });
  EXPECT_EQ(steps, RangeMap::kMaxAround);
}

TEST(StringIndex, KeepsEveryKeyThroughItsGrowth) {
  StringIndex index;
  EXPECT_EQ(index.find("x"), kNone);
  for (std::uint32_t i = 0; i < 5000; ++i) EXPECT_EQ(index.put("key" + std::to_string(i), i), kNone);
  EXPECT_EQ(index.put("key7", 9), 7U);
  for (std::uint32_t i = 8; i < 5000; ++i) ASSERT_EQ(index.find("key" + std::to_string(i)), i);
  EXPECT_EQ(index.find("key7"), 9U);
  EXPECT_EQ(index.find("key5000"), kNone);
  EXPECT_EQ(index.size(), 5000U);
}

std::shared_ptr<const IntelIndex> intel_with(std::vector<store::IntelEntry> entries) {
  auto index = std::make_shared<IntelIndex>();
  store::IntelList list;
  list.name = "feed";
  list.source = "CERT";
  list.produced_at = kBefore;
  index->add_list(list);
  for (const auto& entry : entries) index->add(entry);
  return index;
}

store::IntelEntry entry(std::string value, int confidence = 80) {
  store::IntelEntry made;
  made.ioc = {IocKind::kDomain, std::move(value)};
  made.label = "Emotet C2";
  made.confidence = confidence;
  made.seen_at = kBefore;
  return made;
}

TEST(EnrichIntel, OfManyListsTheNewestSpeak) {
  IntelIndex index;
  for (int i = 0; i < 8; ++i) {
    store::IntelList list;
    list.name = "feed " + std::to_string(i);
    index.add_list(list);
    auto said = entry("c2.example.org");
    said.label = "label " + std::to_string(i);
    if (i == 1) said.valid_until = kBefore;
    index.add(said);
  }
  Knowledge knowledge;
  knowledge.intel = std::make_shared<const IntelIndex>(std::move(index));
  auto alert = alert_with({}, {{IocKind::kDomain, "c2.example.org"}});
  apply(knowledge, alert, kNow);
  ASSERT_EQ(alert.facts.size(), 5U);
  EXPECT_EQ(alert.facts[0].from, "intel_list: feed 0");
  EXPECT_EQ(alert.facts[1].from, "intel_list: feed 2") << "what is no longer valid is passed over";
  EXPECT_EQ(alert.facts[4].from, "intel_list: feed 5");
}

TEST(EnrichIntel, AMatchNamesListSourceAndAge) {
  Knowledge knowledge;
  auto secret = entry("red.example.org");
  secret.tlp = model::Tlp::kRed;
  auto expired = entry("old.example.org");
  expired.valid_until = kNow;
  knowledge.intel = intel_with({entry("c2.example.org"), entry("maybe.example.org", 20), expired, secret});
  auto alert = alert_with({}, {{IocKind::kDomain, "c2.example.org"},
                               {IocKind::kDomain, "maybe.example.org"},
                               {IocKind::kDomain, "old.example.org"},
                               {IocKind::kUrl, "c2.example.org"}});
  apply(knowledge, alert, kNow);
  EXPECT_EQ(told(alert, "ioc_match"), Told{"c2.example.org Emotet C2"});
  EXPECT_EQ(told(alert, "ioc_match_low_confidence"), Told{"maybe.example.org Emotet C2"});
  EXPECT_EQ(alert.facts.size(), 2U);
  EXPECT_EQ(alert.facts[0].from, "intel_list: feed (CERT)");
  EXPECT_EQ(alert.facts[0].as_of, kBefore);
  EXPECT_EQ(alert.tlp, "AMBER");
  alert = alert_with({}, {{IocKind::kDomain, "red.example.org"}});
  apply(knowledge, alert, kNow);
  EXPECT_EQ(alert.tlp, "RED");
}

std::shared_ptr<const WarningIndex> warnings_with(std::vector<std::string> lists) {
  auto index = std::make_shared<WarningIndex>();
  for (const auto& json : lists) {
    auto list = read_warning_list(json);
    EXPECT_TRUE(list) << to_string(list.error());
    if (list) index->add(*std::move(list), "uploaded");
  }
  index->seal();
  return index;
}

TEST(WarningLists, EveryTypeMatchesAsItsNameSays) {
  const auto index = warnings_with({
      R"({"name":"s","description":"","version":1,"type":"string","list":["Exact.Example"]})",
      R"({"name":"h","description":"","version":1,"type":"hostname","list":[".cdn.example"]})",
      R"({"name":"c","description":"","version":1,"type":"cidr","list":["198.18.7.0/24","2606:4700::/32","nonsense"]})",
      R"({"name":"u","description":"","version":1,"type":"substring","list":["microsoft"]})",
      R"({"name":"r","description":"","version":1,"type":"regex","list":["/^sink[0-9]+\\./i","(unclosed"]})",
  });
  const auto holds = [&](IocKind kind, std::string value) {
    const auto* found = index->find({kind, std::move(value)});
    return found == nullptr ? std::string() : found->list.name;
  };
  EXPECT_EQ(holds(IocKind::kDomain, "exact.example"), "s");
  EXPECT_EQ(holds(IocKind::kDomain, "not.exact.example"), "");
  EXPECT_EQ(holds(IocKind::kDomain, "a.b.cdn.example"), "h");
  EXPECT_EQ(holds(IocKind::kDomain, "xcdn.example"), "");
  EXPECT_EQ(holds(IocKind::kUrl, "https://u:p@img.cdn.example:8443/x?y"), "h");
  EXPECT_EQ(holds(IocKind::kIp, "198.18.7.255"), "c");
  EXPECT_EQ(holds(IocKind::kIp, "198.18.8.0"), "");
  EXPECT_EQ(holds(IocKind::kIp, "2606:4700::1"), "c");
  EXPECT_EQ(holds(IocKind::kUrl, "http://[2606:4700::1]:80/"), "c");
  EXPECT_EQ(holds(IocKind::kDomain, "my-microsoft-login.example"), "u");
  EXPECT_EQ(holds(IocKind::kDomain, "SINK42.example"), "r");
  EXPECT_EQ(holds(IocKind::kDomain, "kitchensink42.example"), "");
  EXPECT_EQ(index->lists()[2].list.left_out, 1U);
  EXPECT_EQ(index->lists()[4].list.left_out, 1U);
}

TEST(WarningLists, AreAskedOnlyAboutTheirAttributes) {
  const auto index = warnings_with(
      {R"({"name":"a","description":"","version":20250825,"type":"hostname","matching_attributes":["domain","hostname"],"list":["shop.example"]})"});
  EXPECT_NE(index->find({IocKind::kDomain, "shop.example"}), nullptr);
  EXPECT_EQ(index->find({IocKind::kUrl, "http://shop.example/malware.exe"}), nullptr);
  EXPECT_EQ(to_rfc3339(index->lists()[0].list.as_of), "2025-08-25T00:00:00.000Z");
}

TEST(WarningLists, AValueOnOneIsKeptAsAFlaggedEntity) {
  Knowledge knowledge;
  auto shipped = std::make_shared<WarningIndex>();
  for (auto& list : shipped_warning_lists()) shipped->add(std::move(list), "shipped");
  shipped->seal();
  for (const auto& info : shipped->lists()) EXPECT_EQ(info.list.left_out, 0U) << info.list.name;
  knowledge.warnings = shipped;
  auto disputed = entry("google.com");
  knowledge.intel = intel_with({disputed});
  auto alert = alert_with({host("web-01")}, {{IocKind::kIp, "8.8.8.8"},
                                             {IocKind::kIp, "203.0.113.9"},
                                             {IocKind::kDomain, "google.com"},
                                             {IocKind::kUrl, "https://google.com/amp/s/evil"}});
  apply(knowledge, alert, kNow);
  ASSERT_EQ(alert.iocs.size(), 2U);
  EXPECT_EQ(alert.iocs[0].value, "203.0.113.9");
  EXPECT_EQ(alert.iocs[1].kind, IocKind::kUrl);
  const model::Entity kept{EntityKind::kIp, "8.8.8.8", EntityRole::kRelated};
  EXPECT_NE(std::find(alert.entities.begin(), alert.entities.end(), kept), alert.entities.end());
  EXPECT_EQ(told(alert, "not_an_indicator").size(), 2U);
  EXPECT_EQ(told(alert, "not_an_indicator")[0], "8.8.8.8 A public DNS resolver, which everybody asks");
  EXPECT_EQ(told(alert, "known_value").size(), 1U);
  EXPECT_TRUE(told(alert, "ioc_match").empty());
  EXPECT_EQ(told(alert, "ioc_match_disputed"), Told{"google.com Emotet C2"});
}

TEST(WarningLists, WhatIsNoListIsRefusedWithThePlace) {
  EXPECT_EQ(read_warning_list("{").error().kind, ErrorKind::kInvalidSyntax);
  EXPECT_EQ(read_warning_list("[]").error().kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(read_warning_list(R"({"name":"x","type":"glob","list":[]})").error().where, "/type");
  EXPECT_EQ(read_warning_list(R"({"name":"x","type":"string"})").error().where, "/list");
  EXPECT_EQ(read_warning_list(R"({"type":"string","list":[]})").error().where, "/name");
}

TEST(KnownExploited, ACatalogueGivesDueDates) {
  const auto catalogue =
      read_exploited(R"({"catalogVersion":"2026.01.02","dateReleased":"2026-01-02T15:00:00.000Z",
    "vulnerabilities":[{"cveID":"CVE-2021-44228","dueDate":"2021-12-24","knownRansomwareCampaignUse":"Known"},
    {"cveID":"CVE-2025-0001","dueDate":"soon"},{"cveID":"nonsense"}]})");
  ASSERT_TRUE(catalogue) << to_string(catalogue.error());
  EXPECT_EQ(catalogue->left_out, 1U);
  Knowledge knowledge;
  knowledge.exploited = std::make_shared<const ExploitedIndex>(*catalogue, "cisa_kev");
  auto alert = alert_with({{EntityKind::kCve, "cve-2025-0001", EntityRole::kRelated},
                           {EntityKind::kCve, "CVE-2021-44228", EntityRole::kRelated}},
                          {{IocKind::kCve, "CVE-2021-44228"}, {IocKind::kCve, "CVE-1999-0001"}});
  apply(knowledge, alert, kNow);
  EXPECT_EQ(told(alert, "known_exploited"), (Told{"CVE-2021-44228 true", "CVE-2025-0001 true"}));
  EXPECT_EQ(told(alert, "known_exploited_due"), Told{"CVE-2021-44228 2021-12-24"});
  EXPECT_EQ(told(alert, "ransomware_use"), Told{"CVE-2021-44228 known"});
  EXPECT_EQ(to_rfc3339(alert.facts[0].as_of), "2026-01-02T15:00:00.000Z");
}

TEST(KnownExploited, TheShippedIdsHaveTheirAge) {
  const auto shipped = shipped_exploited();
  EXPECT_GT(shipped.items.size(), 1000U);
  const ExploitedIndex index(shipped, "cisa_kev");
  EXPECT_NE(index.find("CVE-2021-44228"), nullptr);
  EXPECT_EQ(index.find("CVE-2021-99999"), nullptr);
  EXPECT_FALSE(read_exploited("{}"));
  EXPECT_FALSE(read_exploited(R"({"vulnerabilities":[]})"));
}

std::filesystem::path write_file(const std::string& name, const std::string& bytes) {
  static const tocsin::test::TempDir folder;
  std::ofstream(folder.file(name), std::ios::binary) << bytes;
  return folder.file(name);
}

TEST(GeoDatabase, SaysWhatTheFileSays) {
  using test::MmdbBuilder;
  MmdbBuilder builder;
  builder.add(0xCB007100, 24,  // 203.0.113.0/24 is no public network, so it is not asked
              MmdbBuilder::map({{"country", MmdbBuilder::map({{"iso_code", MmdbBuilder::text("XX")}})}}));
  builder.add(0x51020000, 16,
              MmdbBuilder::map({{"country", MmdbBuilder::map({{"iso_code", MmdbBuilder::text("SE")}})},
                                {"autonomous_system_number", MmdbBuilder::number(1257)},
                                {"autonomous_system_organization", MmdbBuilder::text("Carrier")}}));
  const auto file = write_file("geo.mmdb", builder.build("Test-Country", 1'750'000'000));
  auto opened = GeoDatabase::open(file);
  ASSERT_TRUE(opened) << to_string(opened.error());
  Knowledge knowledge;
  knowledge.geo = std::make_shared<const std::vector<GeoDatabase>>(1, *opened);
  auto alert =
      alert_with({ip("81.2.69.142"), ip("203.0.113.9"), ip("9.9.9.9"), ip("2606:4700::1"), ip("10.0.0.1")});
  apply(knowledge, alert, kNow);
  EXPECT_EQ(told(alert, "geo_country"), Told{"81.2.69.142 SE"});
  EXPECT_EQ(told(alert, "asn"), Told{"81.2.69.142 AS1257"});
  EXPECT_EQ(told(alert, "as_organisation"), Told{"81.2.69.142 Carrier"});
  EXPECT_TRUE(told(alert, "geo_city").empty());
  const auto& fact = *std::find_if(alert.facts.begin(), alert.facts.end(),
                                   [](const model::Fact& f) { return f.name == "geo_country"; });
  EXPECT_EQ(fact.from, "geoip: Test-Country");
  EXPECT_EQ(to_rfc3339(fact.as_of), "2025-06-15T15:06:40.000Z");
  std::filesystem::remove(file);
}

TEST(GeoDatabase, WhatIsNoDatabaseIsRefused) {
  EXPECT_EQ(GeoDatabase::open("/nonexistent.mmdb").error().kind, ErrorKind::kNotFound);
  const auto file = write_file("bad.mmdb", "this is no database");
  EXPECT_EQ(GeoDatabase::open(file).error().kind, ErrorKind::kInvalidInput);
  std::filesystem::remove(file);
}

TEST(Enrich, FactsAreBoundedWhateverAnAlertHolds) {
  std::vector<model::Entity> many;
  for (int i = 0; i < 64; ++i) many.push_back(ip("10.0.0." + std::to_string(i)));
  std::vector<store::Asset> rows;
  for (int i = 0; i < 64; ++i) {
    rows.push_back(asset("a" + std::to_string(i), {"10.0.0." + std::to_string(i)}));
    rows.back().owner = rows.back().department = rows.back().zone = "x";
    rows.back().tier = AssetTier::kImportant;
    rows.back().tags = {"t"};
  }
  const auto alert = with_assets(rows, many);
  EXPECT_EQ(alert.facts.size(), model::kMaxFacts);
}

}  // namespace
}  // namespace tocsin::enrich
