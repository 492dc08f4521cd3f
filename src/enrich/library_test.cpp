// The knowledge as it is built from the store and from the operator's files.

#include "enrich/library.h"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "enrich/testing/mmdb_builder.h"
#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::enrich {
namespace {

class LibraryTest : public testing::Test {
 protected:
  LibraryTest() { open(); }
  void open() {
    library_.reset();
    database_.reset();
    store::SqliteOptions options;
    options.file = folder_.file("tocsin.db");
    options.clock = &clock_;
    auto opened = store::open_sqlite(options);
    if (!opened) throw std::runtime_error(to_string(opened.error()));
    database_ = *std::move(opened);
    library_ = std::make_unique<Library>(store(), clock_, folder_.file("enrichment"));
    EXPECT_TRUE(library_->load());
  }
  store::TenantStore& store() { return database_->tenant(store::kDefaultTenant); }
  PartStatus status(Part part) { return library_->status().at(static_cast<std::size_t>(part)); }
  void write(const std::string& name, const std::string& bytes) {
    const std::filesystem::path file = folder_.file("enrichment/" + name);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
  }
  // Facts with that name on an alert about the entity.
  std::size_t told(model::EntityKind kind, std::string value, std::string_view name) {
    model::Alert alert;
    alert.entities = {{kind, std::move(value), model::EntityRole::kRelated}};
    apply(*library_->knowledge(), alert, clock_.now());
    return static_cast<std::size_t>(std::count_if(
        alert.facts.begin(), alert.facts.end(), [&](const model::Fact& fact) { return fact.name == name; }));
  }

  store::test::TempDir folder_;
  store::test::FakeClock clock_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<Library> library_;
};

TEST_F(LibraryTest, WithoutFilesItSaysWhatIsMissing) {
  EXPECT_EQ(status(Part::kGeo).entries, 0);
  EXPECT_NE(status(Part::kGeo).note.find("no geo database"), std::string::npos);
  EXPECT_NE(status(Part::kExploited).note.find("shipped"), std::string::npos);
  EXPECT_EQ(status(Part::kExploited).origin, Origin::kShipped);
  EXPECT_GT(status(Part::kExploited).entries, 1000);
  EXPECT_NE(status(Part::kAssets).note, "");
  EXPECT_GT(status(Part::kWarnings).entries, 50);
  EXPECT_EQ(told(model::EntityKind::kIp, "81.2.69.142", "geo_country"), 0U);
}

TEST_F(LibraryTest, FilesOfTheOperatorAreReadOnReload) {
  test::MmdbBuilder builder;
  builder.add(0x51020000, 16, test::MmdbBuilder::map({{"country_code", test::MmdbBuilder::text("SE")}}));
  write("country.mmdb", builder.build("Test", 1'750'000'000));
  write("broken.mmdb", "nothing");
  write("warning-lists/lists/own/list.json",
        R"({"name":"own","description":"ours","version":3,"type":"hostname","list":["corp.example"]})");
  write("warning-lists/broken.json", "{");
  write("known_exploited_vulnerabilities.json",
        R"({"catalogVersion":"9","vulnerabilities":[{"cveID":"CVE-2031-0001","dueDate":"2031-01-01"}]})");
  EXPECT_EQ(told(model::EntityKind::kIp, "81.2.69.142", "geo_country"), 0U);
  ASSERT_TRUE(library_->load());
  EXPECT_EQ(told(model::EntityKind::kIp, "81.2.69.142", "geo_country"), 1U);
  EXPECT_EQ(told(model::EntityKind::kCve, "CVE-2031-0001", "known_exploited_due"), 1U);
  EXPECT_NE(library_->knowledge()->warnings->find({model::IocKind::kDomain, "www.corp.example"}), nullptr);
  EXPECT_EQ(status(Part::kGeo).entries, 1);
  EXPECT_NE(status(Part::kGeo).note.find("broken.mmdb"), std::string::npos);
  EXPECT_NE(status(Part::kWarnings).note.find("broken.json"), std::string::npos);
  EXPECT_EQ(status(Part::kExploited).version, "9");
  EXPECT_EQ(status(Part::kExploited).origin, Origin::kDirectory);
}

TEST_F(LibraryTest, WhatWasStoredIsThereAfterAStart) {
  store::Asset asset;
  asset.name = "db-01";
  store::User user;
  user.name = "alice";
  store::IntelList list;
  list.name = "feed";
  store::IntelEntry entry;
  entry.ioc = {model::IocKind::kDomain, "c2.example.org"};
  ASSERT_TRUE(store().assets().put({asset}, store::PutMode::kMerge));
  ASSERT_TRUE(store().users().put({user}, store::PutMode::kMerge));
  ASSERT_TRUE(store().intel().put(list, {entry}));
  store::ReferenceFile file;
  file.kind = kWarningListKind;
  file.name = "own";
  file.body = R"({"name":"own","description":"","version":1,"type":"string","list":["own.example"]})";
  ASSERT_TRUE(store().references().put(file));
  EXPECT_EQ(told(model::EntityKind::kHost, "db-01", "asset"), 0U);
  open();
  EXPECT_EQ(told(model::EntityKind::kHost, "db-01", "asset"), 1U);
  EXPECT_EQ(told(model::EntityKind::kUser, "alice", "user"), 1U);
  EXPECT_TRUE(library_->knowledge()->intel->holds(entry.ioc));
  EXPECT_NE(library_->knowledge()->warnings->find({model::IocKind::kDomain, "own.example"}), nullptr);
  EXPECT_EQ(status(Part::kAssets).as_of, clock_.now());
}

TEST_F(LibraryTest, AChangeReplacesWhatReadersSeeAtOnceAndWhole) {
  const auto before = library_->knowledge();
  std::vector<store::Asset> rows(500);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].name = "h" + std::to_string(i);
  ASSERT_TRUE(store().assets().put(rows, store::PutMode::kReplace));
  std::atomic<bool> stop{false};
  std::jthread reader([&] {
    while (!stop) {
      const auto size = library_->knowledge()->assets->size();
      EXPECT_TRUE(size == 0 || size == 500) << size;
    }
  });
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(library_->reload(Part::kAssets));
  stop = true;
  EXPECT_EQ(before->assets->size(), 0U);
  EXPECT_EQ(library_->knowledge()->assets->size(), 500U);
}

}  // namespace
}  // namespace tocsin::enrich
