// What every database behind store.h must do: assets, users, reference files.

#include <gtest/gtest.h>

#include "store/backend_test.h"

namespace tocsin::store::test {
namespace {

class InventoryContract : public BackendTest {
 protected:
  AssetTable& assets() { return store().assets(); }
  UserTable& users() { return store().users(); }
  ReferenceStore& references() { return store().references(); }
  static Asset asset(std::string name, std::string owner = "") {
    Asset row;
    row.name = std::move(name);
    row.owner = std::move(owner);
    row.meta.origin = "csv";
    row.meta.updated_by = "eve";
    return row;
  }
  static ReferenceFile file(std::string name, std::string body) {
    ReferenceFile made;
    made.kind = "warning_list";
    made.name = std::move(name);
    made.version = "7";
    made.as_of = SystemClock().now();
    made.entries = 3;
    made.body = std::move(body);
    return made;
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, InventoryContract, testing::ValuesIn(backends()), backend_name);

TEST_P(InventoryContract, EveryFieldOfARowComesBackAfterReopening) {
  auto row = asset("DB-01", "Finance");
  row.hosts = {"db-01.corp.example", "db"};
  row.addresses = {"10.1.2.3", "10.9.0.0/16"};
  row.tier = model::AssetTier::kCrownJewel;
  row.department = "IT";
  row.zone = "core";
  row.tags = {"pci"};
  User user;
  user.name = "alice";
  user.email = "alice@corp.example";
  user.aliases = {"CORP\\alice"};
  user.department = "IT";
  user.title = "DBA";
  user.manager = "bob";
  user.privileged = false;
  user.tier = model::AssetTier::kImportant;
  value_of(assets().put({row}, PutMode::kMerge));
  value_of(users().put({user}, PutMode::kMerge));
  reopen();
  const auto kept = *value_of(assets().find_by_name("db-01"));
  EXPECT_EQ(kept.name, "DB-01");
  EXPECT_EQ(kept.hosts, row.hosts);
  EXPECT_EQ(kept.addresses, row.addresses);
  EXPECT_EQ(kept.tier, row.tier);
  EXPECT_EQ(kept.owner + kept.department + kept.zone, "FinanceITcore");
  EXPECT_EQ(kept.tags, row.tags);
  EXPECT_EQ(kept.meta.origin + kept.meta.updated_by, "csveve");
  EXPECT_EQ(kept.meta.updated_at, now());
  EXPECT_EQ(kept.meta.version, 1);
  const auto known = *value_of(users().find(value_of(users().list("", "", 10)).at(0).meta.id));
  EXPECT_EQ(known.aliases, user.aliases);
  EXPECT_EQ(known.email + known.department + known.title + known.manager, "alice@corp.exampleITDBAbob");
  EXPECT_EQ(known.privileged, false);
  EXPECT_EQ(known.tier, model::AssetTier::kImportant);
}

TEST_P(InventoryContract, ANameIsOneRowWhateverItsCase) {
  const auto first =
      value_of(assets().put({asset("Web", "a"), asset("db", "b"), asset("WEB", "c")}, PutMode::kMerge));
  EXPECT_EQ(first.created, 2);
  const auto id = value_of(assets().find_by_name("web"))->meta.id;
  const auto again = value_of(assets().put({asset("web", "d")}, PutMode::kMerge));
  EXPECT_EQ(again.created, 0);
  EXPECT_EQ(again.updated, 1);
  const auto row = *value_of(assets().find(id));
  EXPECT_EQ(row.owner, "d");
  EXPECT_EQ(row.meta.version, 2);
}

TEST_P(InventoryContract, AWholeTableTakesThePlaceOfTheOneBefore) {
  value_of(assets().put({asset("a"), asset("b"), asset("c")}, PutMode::kMerge));
  const auto id = value_of(assets().find_by_name("b"))->meta.id;
  const auto outcome = value_of(assets().put({asset("b"), asset("d")}, PutMode::kReplace));
  EXPECT_EQ(outcome.created, 1);
  EXPECT_EQ(outcome.updated, 1);
  EXPECT_EQ(outcome.removed, 2);
  EXPECT_EQ(value_of(assets().count("")), 2);
  EXPECT_EQ(value_of(assets().find_by_name("b"))->meta.id, id);
}

TEST_P(InventoryContract, AddingNeverTakesThePlaceOfARow) {
  value_of(assets().put({asset("Web", "a")}, PutMode::kAdd));
  const auto refused = assets().put({asset("db"), asset("WEB", "b")}, PutMode::kAdd);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(refused.error().where, "/name");
  EXPECT_EQ(value_of(assets().count("")), 1) << "nothing of it is stored";
  EXPECT_EQ(value_of(assets().find_by_name("web"))->owner, "a");
}

TEST_P(InventoryContract, RowsPageByNameAndAreFoundByWhatTheyHold) {
  std::vector<Asset> rows;
  for (int i = 100; i < 125; ++i) rows.push_back(asset("h" + std::to_string(i), i % 5 == 0 ? "Ops" : "Dev"));
  value_of(assets().put(rows, PutMode::kMerge));
  std::vector<std::string> seen;
  for (std::string after;;) {
    const auto page = value_of(assets().list("", after, 10));
    if (page.empty()) break;
    for (const auto& row : page) seen.push_back(row.name);
    after = page.back().name;
  }
  EXPECT_EQ(seen.size(), 25U);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_EQ(value_of(assets().list("oPs", "", 50)).size(), 5U);
  EXPECT_EQ(value_of(assets().count("ops")), 5);
  EXPECT_EQ(value_of(assets().count("nobody")), 0);
}

TEST_P(InventoryContract, AChangeOfAStaleVersionIsAConflict) {
  value_of(assets().put({asset("a"), asset("b")}, PutMode::kMerge));
  const auto id = value_of(assets().find_by_name("a"))->meta.id;
  EXPECT_EQ(value_of(assets().replace(id, asset("renamed", "x"), 1)).meta.version, 2);
  EXPECT_FALSE(value_of(assets().find_by_name("a")));
  EXPECT_EQ(assets().replace(id, asset("again"), 1).error().kind, ErrorKind::kConflict);
  EXPECT_EQ(assets().replace(id, asset("B"), 2).error().kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(assets().replace("AS-none", asset("x"), {}).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(assets().remove(id, 1).error().kind, ErrorKind::kConflict);
  ASSERT_TRUE(succeeded(assets().remove(id, 2)));
  EXPECT_EQ(assets().remove(id, {}).error().kind, ErrorKind::kNotFound);
}

TEST_P(InventoryContract, ReferenceFilesAreReplacedByNameAndReadWhole) {
  value_of(references().put(file("resolvers", "{\"list\":[]}")));
  clock_.advance(std::chrono::minutes(1));
  const auto second = value_of(references().put(file("resolvers", "{\"list\":[1]}")));
  reopen();
  const auto files = value_of(references().list("warning_list"));
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].id, second.id);
  EXPECT_EQ(files[0].imported_at, now());
  EXPECT_EQ(files[0].version, "7");
  EXPECT_TRUE(files[0].body.empty());
  EXPECT_EQ(value_of(references().body(second.id)), "{\"list\":[1]}");
  EXPECT_TRUE(value_of(references().list("known_exploited")).empty());
  ASSERT_TRUE(succeeded(references().remove(second.id)));
  EXPECT_EQ(references().remove(second.id).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(references().body(second.id).error().kind, ErrorKind::kNotFound);
}

TEST_P(InventoryContract, ReferenceFilesAreBoundedInNumber) {
  for (std::size_t n = 0; n < kMaxReferenceFiles; ++n)
    value_of(references().put(file(std::to_string(n), "{}")));
  EXPECT_EQ(references().put(file("one more", "{}")).error().kind, ErrorKind::kInvalidInput);
  EXPECT_TRUE(references().put(file("7", "{}")));
}

TEST_P(InventoryContract, TenantsDoNotSeeEachOthersRows) {
  value_of(assets().put({asset("a")}, PutMode::kMerge));
  const auto kept = value_of(references().put(file("x", "{}")));
  const auto id = value_of(assets().find_by_name("a"))->meta.id;
  auto& other = database().tenant(TenantId{2});
  EXPECT_FALSE(value_of(other.assets().find(id)));
  EXPECT_EQ(value_of(other.assets().count("")), 0);
  EXPECT_EQ(other.assets().remove(id, {}).error().kind, ErrorKind::kNotFound);
  EXPECT_TRUE(value_of(other.references().list("warning_list")).empty());
  EXPECT_EQ(other.references().body(kept.id).error().kind, ErrorKind::kNotFound);
  value_of(other.assets().put({}, PutMode::kReplace));
  EXPECT_EQ(value_of(assets().count("")), 1);
}

TEST_P(InventoryContract, ATableTakesSoManyRowsAndNotOneMore) {
  std::vector<Asset> rows(kMaxInventoryRows + 1);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].name = "h" + std::to_string(i);
  EXPECT_EQ(assets().put(rows, PutMode::kReplace).error().kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(value_of(assets().count("")), 0);
}

}  // namespace
}  // namespace tocsin::store::test
