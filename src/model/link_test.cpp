#include "model/link.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "model/attack.h"

namespace tocsin::model {
namespace {

LinkRecord sample_record() {
  LinkRecord record;
  record.occurred_at = from_unix_nanos(1'767'528'000'123'456'789);
  record.received_at = from_unix_nanos(1'767'528'001'000'000'000);
  record.severity = Severity::kCritical;
  record.asset_tier = AssetTier::kCrownJewel;
  record.priority = 97;
  record.tactics = 0x8421;
  record.type_hash = 0xFEDCBA9876543210;
  record.source_hash = 0x89ABCDEF;
  record.keys = {{1, EntityKind::kHash, EntityRole::kRelated, 0},
                 {~0ULL, EntityKind::kMac, EntityRole::kActor, kMaxEntities - 1}};
  return record;
}

std::string bytes_of(const LinkRecord& record) {
  std::string out;
  encode(record, out);
  return out;
}

void expect_same(const LinkRecord& a, const LinkRecord& b) {
  EXPECT_EQ(a.occurred_at, b.occurred_at);
  EXPECT_EQ(a.received_at, b.received_at);
  EXPECT_EQ(a.severity, b.severity);
  EXPECT_EQ(a.asset_tier, b.asset_tier);
  EXPECT_EQ(a.priority, b.priority);
  EXPECT_EQ(a.tactics, b.tactics);
  EXPECT_EQ(a.type_hash, b.type_hash);
  EXPECT_EQ(a.source_hash, b.source_hash);
  EXPECT_EQ(a.keys, b.keys);
}

Alert alert_with(std::vector<Entity> entities) {
  Alert alert;
  alert.source = "demo";
  alert.type = "ssh_bruteforce";
  alert.entities = std::move(entities);
  return alert;
}

std::uint64_t only_key(EntityKind kind, std::string value, EntityRole role = EntityRole::kRelated) {
  const auto record = make_link_record(alert_with({{kind, std::move(value), role}}));
  return record.keys.size() == 1 ? record.keys[0].hash : 0;
}

TEST(LinkCodec, RoundTripKeepsEveryFieldButSeq) {
  auto record = sample_record();
  record.seq = 12;
  const auto bytes = bytes_of(record);
  std::string_view rest = bytes;
  const auto back = decode_link_record(rest);
  ASSERT_TRUE(back);
  EXPECT_TRUE(rest.empty());
  EXPECT_EQ(back->seq, 0);
  expect_same(record, *back);
}

TEST(Asset, IsAHostBeforeWhoeverUsedItAndATargetBeforeOthers) {
  Alert alert;
  alert.entities = {{EntityKind::kUser, "alice", EntityRole::kTarget},
                    {EntityKind::kIp, "192.0.2.7", EntityRole::kSource},
                    {EntityKind::kHost, "jump-01", EntityRole::kSource},
                    {EntityKind::kHost, "WEB-01.corp.example", EntityRole::kTarget}};
  const auto asset = asset_of(alert);
  ASSERT_TRUE(asset);
  EXPECT_EQ(asset->entity_index, 3);
  const auto record = make_link_record(alert);
  EXPECT_EQ(asset_of(record.keys)->hash, asset->hash);
  alert.entities.resize(2);
  EXPECT_EQ(asset_of(alert)->entity_index, 0);
  alert.entities = {{EntityKind::kHash, "d41d8cd98f00b204e9800998ecf8427e", EntityRole::kRelated},
                    {EntityKind::kHost, "localhost", EntityRole::kTarget}};
  EXPECT_FALSE(asset_of(alert));
}

TEST(LinkCodec, RoundTripAtTheEndsOfTime) {
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  for (const auto& [occurred, received] :
       {std::pair{kMin, kMax}, {kMax, kMin}, {kMin, kMin}, {0L, kMax}, {-1L, 1L}}) {
    auto record = sample_record();
    record.occurred_at = from_unix_nanos(occurred);
    record.received_at = from_unix_nanos(received);
    const auto bytes = bytes_of(record);
    std::string_view rest = bytes;
    const auto back = decode_link_record(rest);
    ASSERT_TRUE(back);
    expect_same(record, *back);
  }
}

TEST(LinkCodec, DecodesOneRecordFromTheFront) {
  std::string bytes;
  encode(sample_record(), bytes);
  encode(LinkRecord{}, bytes);
  std::string_view rest = bytes;
  ASSERT_TRUE(decode_link_record(rest));
  const auto second = decode_link_record(rest);
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->keys.empty());
  EXPECT_TRUE(rest.empty());
}

TEST(LinkCodec, EveryTruncationIsRefusedAndConsumesNothing) {
  const auto bytes = bytes_of(sample_record());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    std::string_view rest(bytes.data(), size);
    EXPECT_FALSE(decode_link_record(rest)) << size;
    EXPECT_EQ(rest.size(), size);
  }
}

// Whatever is accepted is exactly what encode writes for it.
void expect_faithful_or_refused(std::string_view bytes) {
  auto rest = bytes;
  const auto record = decode_link_record(rest);
  if (!record) return;
  EXPECT_LE(record->keys.size(), kMaxLinkKeys);
  EXPECT_LE(record->priority, 100);
  EXPECT_EQ(bytes_of(*record), bytes.substr(0, bytes.size() - rest.size()));
}

TEST(LinkCodec, ChangedBytesAreRefusedOrReadFaithfully) {
  const auto bytes = bytes_of(sample_record());
  for (std::size_t place = 0; place < bytes.size(); ++place) {
    for (int value = 0; value < 256; ++value) {
      auto changed = bytes;
      changed[place] = static_cast<char>(value);
      expect_faithful_or_refused(changed);
    }
  }
}

TEST(LinkCodec, RandomBytesAreRefusedOrReadFaithfully) {
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random() % 60, '\0');
    for (auto& c : bytes) c = static_cast<char>(random());
    if (!bytes.empty()) bytes[0] = 1;
    expect_faithful_or_refused(bytes);
  }
}

TEST(LinkCodec, OverlongNumbersAreRefused) {
  auto bytes = bytes_of(LinkRecord{});
  bytes.replace(1, 1, std::string("\x80\x00", 2));  // 0 in two bytes
  std::string_view rest = bytes;
  EXPECT_FALSE(decode_link_record(rest));
}

TEST(LinkCodec, TypicalRecordStaysSmall) {
  auto record = sample_record();
  record.keys.resize(6, record.keys[0]);
  EXPECT_LE(bytes_of(record).size(), 110U);
}

TEST(LinkRecordOfAlert, KeysAreEqualAcrossRolesAndSpellings) {
  EXPECT_EQ(only_key(EntityKind::kUser, "CORP\\Alice", EntityRole::kActor),
            only_key(EntityKind::kUser, "alice@corp.example"));
  EXPECT_EQ(only_key(EntityKind::kHost, "WEB-01"),
            only_key(EntityKind::kHost, "web-01.corp.example", EntityRole::kTarget));
  EXPECT_EQ(only_key(EntityKind::kUrl, "HTTP://A.example/X"),
            only_key(EntityKind::kUrl, "http://a.example/X"));
  EXPECT_NE(only_key(EntityKind::kUrl, "http://a.example/X"),
            only_key(EntityKind::kUrl, "http://a.example/x"));
  EXPECT_EQ(only_key(EntityKind::kFile, "C:\\Temp\\A.exe"), only_key(EntityKind::kFile, "c:\\temp\\a.EXE"));
  EXPECT_NE(only_key(EntityKind::kFile, "/tmp/A"), only_key(EntityKind::kFile, "/tmp/a"));
  EXPECT_NE(only_key(EntityKind::kHost, "10.0.0.1"), only_key(EntityKind::kHost, "10.0.0.2"));
  EXPECT_NE(only_key(EntityKind::kUser, "web-01"), only_key(EntityKind::kHost, "web-01"));
}

TEST(LinkRecordOfAlert, PlaceholdersAndWeaknessesAreNoKeys) {
  for (const auto* value : {"", "-", "N/A", "Unknown", "localhost", "127.0.0.1", "  "}) {
    EXPECT_EQ(only_key(EntityKind::kUser, value), 0U) << value;
    EXPECT_EQ(only_key(EntityKind::kHost, value), 0U) << value;
  }
  EXPECT_EQ(only_key(EntityKind::kUser, "NT AUTHORITY\\SYSTEM"), 0U);
  EXPECT_EQ(only_key(EntityKind::kCve, "CVE-2024-3400"), 0U);
}

TEST(LinkRecordOfAlert, OneKeyForAValueInTwoRoles) {
  const auto record = make_link_record(alert_with({{EntityKind::kUser, "alice", EntityRole::kRelated},
                                                   {EntityKind::kUser, "Alice", EntityRole::kActor}}));
  ASSERT_EQ(record.keys.size(), 1U);
  EXPECT_EQ(record.keys[0].role, EntityRole::kActor);
  EXPECT_EQ(record.keys[0].entity_index, 1);
}

TEST(LinkRecordOfAlert, ManyHashesDoNotHideHostAndUser) {
  std::vector<Entity> entities;
  for (std::size_t i = 0; i < kMaxEntities - 2; ++i) {
    entities.push_back({EntityKind::kHash, "h" + std::to_string(i), EntityRole::kRelated});
  }
  entities.push_back({EntityKind::kHost, "web-01", EntityRole::kTarget});
  entities.push_back({EntityKind::kUser, "alice", EntityRole::kActor});
  const auto record = make_link_record(alert_with(std::move(entities)));
  EXPECT_LE(record.keys.size(), kMaxLinkKeys);
  std::set<EntityKind> kinds;
  for (const auto& key : record.keys) kinds.insert(key.kind);
  EXPECT_EQ(kinds, (std::set{EntityKind::kHash, EntityKind::kHost, EntityKind::kUser}));
  EXPECT_EQ(record.keys.front().kind, EntityKind::kHash);
}

TEST(LinkRecordOfAlert, CarriesTacticsAndBoundedPriority) {
  auto alert = alert_with({});
  alert.attack.tactics = {tactics().front().id.data()};
  alert.priority = 400;
  const auto record = make_link_record(alert);
  EXPECT_EQ(record.tactics, 1U);
  EXPECT_EQ(record.priority, 100);
}

}  // namespace
}  // namespace tocsin::model
