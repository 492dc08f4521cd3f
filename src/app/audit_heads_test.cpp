// Heads beside a database, and what `tocsin audit verify` makes of databases that somebody worked on.

#include "app/audit_heads.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <random>

#include "app/audit_verify.h"
#include "app/commands/commands.h"
#include "base/testing/temp_dir.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/sqlite.h"

namespace tocsin::app {
namespace {

namespace fs = std::filesystem;

class AuditVerify : public testing::Test {
 protected:
  fs::path data() const { return dir_.path(); }
  fs::path database_file() const { return data() / kDatabaseFile; }

  // A server's life: settings are changed, and it stops cleanly or is killed before it signs.
  void live(int changes, bool clean = true) {
    auto opened = store::open_sqlite({.file = database_file().string()});
    ASSERT_TRUE(opened) << to_string(opened.error());
    AuditHeads heads(**opened, clock_, {.file = data() / kAuditHeadsFile, .key = [this] {
                                          return SigningKey::open(data() / kSigningKeyFile);
                                        }});
    for (int i = 0; i < changes; ++i) {
      const store::Acting acting({.actor = "ana", .kind = store::ActorKind::kPerson});
      auto& tenant = (*opened)->tenant({1 + changed_ % 2});
      ASSERT_TRUE(tenant.set_setting("key", std::to_string(changed_++)));
    }
    if (!clean) return;
    ASSERT_TRUE(heads.sign());
  }
  AuditVerification verify(const fs::path& heads = {}) const {
    auto done = verify_audit(data(), heads, [](std::int64_t) {});
    EXPECT_TRUE(done) << (done ? "" : to_string(done.error()));
    return done ? *std::move(done) : AuditVerification{};
  }
  // As somebody with sqlite3 in his hands: triggers are in nobody's way.
  void tamper(const std::string& sql) const {
    auto db = store::SqliteConnection::open(database_file().string(), {});
    ASSERT_TRUE(db);
    for (const auto* trigger : {"audit_is_not_changed", "audit_is_not_deleted", "audit_grows_at_its_end",
                                "audit_heads_are_not_changed", "audit_heads_are_not_deleted"}) {
      ASSERT_TRUE((*db)->exec(("DROP TRIGGER IF EXISTS " + std::string(trigger)).c_str()));
    }
    const auto done = (*db)->exec(sql.c_str());
    ASSERT_TRUE(done) << sql << ": " << to_string(done.error());
  }
  static void copy(const fs::path& from, const fs::path& to) {
    fs::copy_file(from, to, fs::copy_options::overwrite_existing);
  }

  const SystemClock clock_{};
  const test::TempDir dir_{};
  int changed_ = 0;
};

TEST_F(AuditVerify, WhatNobodyTouchedIsSound) {
  live(40);
  live(2);
  const auto done = verify();
  EXPECT_TRUE(done.report.sound()) << to_string(done.report.faults[0]);
  EXPECT_EQ(done.report.records, 42);
  EXPECT_EQ(done.tenants, 2);
  EXPECT_EQ(done.report.heads, 8) << "two a run, in the database and in the file";
  EXPECT_EQ(audit_verify(data(), {}), 0);
}

TEST_F(AuditVerify, ARunWithoutNewRecordsSignsNothing) {
  live(4);
  live(0);
  EXPECT_EQ(verify().report.heads, 4);
}

TEST_F(AuditVerify, WorksBesideARunningServer) {
  live(10);
  auto opened = store::open_sqlite({.file = database_file().string()});
  ASSERT_TRUE(opened);
  auto& tenant = (*opened)->tenant({1});
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(tenant.set_setting("live", std::to_string(i)));
    const auto done = verify();
    EXPECT_TRUE(done.report.sound()) << to_string(done.report.faults[0]);
    EXPECT_EQ(done.report.records, 11 + i);
  }
}

// Every statement is tried at random records of both tenants; a copy of the untouched database stands for
// each.
TEST_F(AuditVerify, EveryKindOfTamperingIsFoundEverywhere) {
  live(120);
  const auto whole = data() / "whole.db";
  copy(database_file(), whole);
  const std::vector<std::string> deeds{
      "DELETE FROM audit WHERE tenant = $t AND number = $n",
      "UPDATE audit SET at = at + 1 WHERE tenant = $t AND number = $n",
      "UPDATE audit SET actor_kind = 0 WHERE tenant = $t AND number = $n",
      "UPDATE audit SET actor = 'eve' WHERE tenant = $t AND number = $n",
      "UPDATE audit SET address = '10.0.0.1' WHERE tenant = $t AND number = $n",
      "UPDATE audit SET trace_id = 'x' WHERE tenant = $t AND number = $n",
      "UPDATE audit SET action = 'setting.get' WHERE tenant = $t AND number = $n",
      "UPDATE audit SET object_kind = 'x' WHERE tenant = $t AND number = $n",
      "UPDATE audit SET object_id = 'x' WHERE tenant = $t AND number = $n",
      "UPDATE audit SET before = '{}' WHERE tenant = $t AND number = $n",
      "UPDATE audit SET after = '{}' WHERE tenant = $t AND number = $n",
      "UPDATE audit SET reason = 'x' WHERE tenant = $t AND number = $n",
      "UPDATE audit SET prev_hash = zeroblob(31) WHERE tenant = $t AND number = $n",
      "UPDATE audit SET hash = zeroblob(32) WHERE tenant = $t AND number = $n",
      "UPDATE audit SET tenant = 3 WHERE tenant = $t AND number = $n",
      "UPDATE audit SET number = CASE number WHEN $n THEN -1 ELSE $n END WHERE tenant = $t AND number IN "
      "($n, "
      "$n + 1); UPDATE audit SET number = $n + 1 WHERE tenant = $t AND number = -1",
      "UPDATE audit SET number = -number WHERE tenant = $t AND number > $n; UPDATE audit SET number = 1 - "
      "number WHERE tenant = $t AND number < 0; INSERT INTO audit SELECT tenant, $n + 1, at, actor_kind, "
      "'eve', "
      "address, trace_id, action, object_kind, object_id, before, after, reason, prev_hash, hash FROM audit "
      "WHERE tenant = $t AND number = $n",
      "DELETE FROM audit WHERE tenant = $t AND number > $n",
      "DELETE FROM audit WHERE tenant = $t AND number > $n; DELETE FROM audit_heads WHERE tenant = $t; "
      "UPDATE "
      "audit_ends SET number = $n, hash = (SELECT hash FROM audit WHERE tenant = $t AND number = $n) WHERE "
      "tenant = $t",
      "DELETE FROM audit WHERE tenant = $t",
      "DELETE FROM audit WHERE tenant = $t; DELETE FROM audit_ends WHERE tenant = $t; DELETE FROM "
      "audit_heads",
      "UPDATE audit_heads SET signature = zeroblob(64) WHERE tenant = $t",
      "DELETE FROM audit_heads WHERE tenant = $t",
  };
  std::mt19937 random(3);
  int found = 0, tried = 0;
  for (int round = 0; round < 10; ++round) {
    for (const auto& deed : deeds) {
      copy(whole, database_file());
      std::string sql = deed;
      const auto put = [&](const std::string& name, std::uint64_t value) {
        for (auto at = sql.find(name); at != sql.npos; at = sql.find(name))
          sql.replace(at, name.size(), std::to_string(value));
      };
      put("$t", 1 + random() % 2);
      put("$n", 1 + random() % 58);
      tamper(sql);
      ++tried;
      const bool sound = verify().report.sound();
      found += sound ? 0 : 1;
      EXPECT_FALSE(sound) << sql;
    }
  }
  EXPECT_EQ(tried, 230);
  EXPECT_EQ(found, tried);
  EXPECT_EQ(audit_verify(data(), {}), 1);
}

// The whole directory as it was: only what was kept elsewhere tells.
TEST_F(AuditVerify, ARolledBackDirectoryIsFoundByHeadsKeptElsewhere) {
  std::vector<fs::path> copies;
  for (int i = 0; i < 20; ++i) {
    live(4);
    copies.push_back(data() / ("earlier-" + std::to_string(i)));
    fs::create_directory(copies.back());
    for (const auto name : {kDatabaseFile, kAuditHeadsFile}) copy(data() / name, copies.back() / name);
  }
  live(2);
  const auto kept = data() / "kept-elsewhere.jsonl";
  copy(data() / kAuditHeadsFile, kept);
  for (const auto& earlier : copies) {
    copy(kept, data() / kAuditHeadsFile);
    copy(earlier / kDatabaseFile, database_file());
    EXPECT_FALSE(verify().report.sound()) << "the file beside the database is newer";
    copy(earlier / kAuditHeadsFile, data() / kAuditHeadsFile);
    EXPECT_TRUE(verify().report.sound()) << "nothing in the directory tells";
    const auto done = verify(kept);
    ASSERT_FALSE(done.report.sound());
    EXPECT_NE(to_string(done.report.faults.back()).find("rolled back"), std::string::npos)
        << to_string(done.report.faults.back());
  }
}

TEST_F(AuditVerify, AnotherKeyIsFound) {
  live(6);
  const auto key = SigningKey::open(data() / kSigningKeyFile);
  ASSERT_TRUE(key);
  const auto exported = data() / "exported.json";
  std::ofstream(exported) << boost::json::serialize(
      boost::json::object{{"public_key", key->public_pem()}, {"heads", boost::json::array()}});
  EXPECT_TRUE(verify(exported).report.sound());
  fs::remove(data() / kSigningKeyFile);
  EXPECT_FALSE(verify().report.sound()) << "no key, so no head is signed by it";
  EXPECT_TRUE(verify(exported).report.sound()) << "restored without keys: the exported one counts";
  EXPECT_FALSE(fs::exists(data() / kSigningKeyFile)) << "a check makes none";
  live(2);
  EXPECT_FALSE(verify().report.sound());
  const auto replaced = verify(exported);
  ASSERT_FALSE(replaced.report.sound());
  EXPECT_NE(to_string(replaced.report.faults[0]).find("it was replaced"), std::string::npos);
}

TEST_F(AuditVerify, ALineThatAPowerCutToreIsNoFault) {
  live(4);
  std::ofstream(data() / kAuditHeadsFile, std::ios::app) << R"({"tenant":1,"numb)";
  EXPECT_TRUE(verify().report.sound());
}

TEST_F(AuditVerify, NoDatabaseIsSaid) {
  EXPECT_FALSE(verify_audit(data(), {}, [](std::int64_t) {}));
  EXPECT_EQ(audit_verify(data() / "nowhere", {}), 2);
}

TEST_F(AuditVerify, AnExportHasEveryRecord) {
  live(7);
  const auto file = (data() / "out.ndjson").string();
  auto* out = std::fopen(file.c_str(), "w");
  const auto records = export_audit(data(), out);
  std::fclose(out);
  ASSERT_TRUE(records);
  EXPECT_EQ(*records, 7);
  std::ifstream in(file);
  int lines = 0;
  for (std::string line; std::getline(in, line); ++lines)
    EXPECT_NE(line.find("\"actor\":\"ana\""), line.npos);
  EXPECT_EQ(lines, 7);
}

}  // namespace
}  // namespace tocsin::app
