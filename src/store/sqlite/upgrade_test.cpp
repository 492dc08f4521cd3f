// A database of every earlier schema, with data in it, is brought to the newest one and says the same.

#include <gtest/gtest.h>

#include <fstream>

#include "base/sha256.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/migrations.h"
#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::store::test {
namespace {

// Steps that installations have taken: their text never changes again. A new step adds its line.
constexpr std::array<std::string_view, 8> kTaken{
    "56e6ca79b6feb49a658ae14ab5af6ae3451c66081c59a5b01e9184d22471e099",
    "ec039d600a66d03a2e0a5dfdbc6ad18120b3f125ebf1763a18cb45c45968165b",
    "348c26dacd9644196c4ca8138c4d2ea579af52d6e23fceab7d8e02ce57a2853f",
    "fba68514e0298b5c27f60e3ca07098e2b41760333d5b48e7835ad27ca2ba690b",
    "6b07a53e6ff79fa7a87fc76772172fa609b835cdd60f46b5bf5416dedb714afc",
    "ca2e9856abd1294db8fd9840d10c9c8fb0276cbe2ce0e166b968a37db42f0765",
    "b258d53f95f3d1ac522f515e995a31dcaf586d5ced499c8a4875f34bfb9f4238",
    "934814b8a48b8a5ca3924e87e0d3305d48c6d71f1f566e6257f38fdbd9fc346c"};

class UpgradeTest : public testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    const auto database = open(rich_);
    auto& store = database->tenant(kDefaultTenant);
    const auto outcomes = value_of(append(store.alerts(), make_batch(0, 25, clock_.now())));
    model::Incident incident;
    incident.seq = 1;
    incident.id = incident_ = IncidentId::make(clock_.now());
    incident.title = "kept";
    incident.lead_alert = outcomes[0].seq;
    CorrelationDelta delta;
    delta.upserts = {incident};
    for (const auto& one : outcomes) {
      model::Membership member;
      member.alert = one.seq;
      member.incident = 1;
      delta.memberships.push_back(member);
    }
    delta.watermark = outcomes.back().seq;
    ASSERT_TRUE(succeeded(store.incidents().apply(delta)));
    ASSERT_TRUE(store.incidents().add_note(incident.id, "ana", "a note of ours"));
    ASSERT_TRUE(succeeded(store.set_setting("colour", "green")));
    Job job;
    job.kind = "look-up";
    ASSERT_TRUE(store.jobs().enqueue(job));
    database->close();
  }
  std::unique_ptr<Database> open(const std::string& file) {
    SqliteOptions options;
    options.file = file;
    options.clock = &clock_;
    return value_of(open_sqlite(options));
  }
  static std::vector<std::string> texts(Connection& db, const std::string& sql) {
    std::vector<std::string> found;
    auto rows = db.prepare(sql);
    rows.query();
    while (rows.next()) found.emplace_back(rows.text(0));
    EXPECT_TRUE(succeeded(rows.status()));
    return found;
  }
  // The rows of the rich database, as far as that version had tables and columns for them. Full text is
  // indexed anew, since no watermark says that it was done.
  void make(const std::string& file, std::size_t version) {
    const auto db = value_of(SqliteConnection::open(file, {}));
    ASSERT_TRUE(succeeded(db->exec("PRAGMA page_size=8192; PRAGMA journal_mode=WAL")));
    ASSERT_TRUE(succeeded(migrate(*db, version)));
    ASSERT_TRUE(succeeded(db->exec(("ATTACH '" + rich_ + "' AS rich").c_str())));
    for (const auto& table :
         texts(*db,
               "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE "
               "'sqlite%' AND name NOT LIKE 'alert_text%' AND name <> 'watermarks'")) {
      std::string columns;
      for (const auto& column : texts(*db, "SELECT name FROM pragma_table_info('" + table + "', 'main')"))
        columns += (columns.empty() ? "\"" : ", \"") + column + "\"";
      const auto copy = "INSERT OR IGNORE INTO main." + table + " (" + columns + ") SELECT " + columns +
                        " FROM rich." + table;
      ASSERT_TRUE(succeeded(db->exec(copy.c_str()))) << copy;
    }
  }

  FakeClock clock_;
  TempDir dir_;
  const std::string rich_ = dir_.file("rich.db");
  IncidentId incident_;
};
INSTANTIATE_TEST_SUITE_P(FromVersion, UpgradeTest, testing::Range<std::size_t>(4, migrations().size() + 1));

TEST_P(UpgradeTest, ADatabaseOfAnEarlierReleaseOpensAndSaysTheSame) {
  const auto file = dir_.file("old.db");
  make(file, GetParam());
  const auto database = open(file);
  auto& store = database->tenant(kDefaultTenant);
  EXPECT_EQ(value_of(store.counts()).alerts, 25);
  AlertQuery query;
  query.limit = 100;
  EXPECT_EQ(value_of(store.alerts().list(query)).items.size(), 25U);
  query.text = "alice7";
  EXPECT_EQ(value_of(store.alerts().list(query)).items.size(), 1U);
  EXPECT_EQ(value_of(store.alerts().find("vendor-3"))->raw, R"({"n":3})");
  EXPECT_EQ(value_of(store.incidents().find(incident_))->title, "kept");
  EXPECT_EQ(value_of(store.incidents().find(incident_))->alert_count, 25);
  EXPECT_EQ(value_of(store.incidents().notes(incident_)).at(0).text, "a note of ours");
  EXPECT_EQ(value_of(store.setting("colour")), "green");
  EXPECT_EQ(value_of(store.jobs().list({}, "", 10)).total, 1);
  // It goes on: a known id is known, and a new alert gets a new number.
  EXPECT_EQ(append_one(store.alerts(), make_alert(3, clock_.now())).kind, AppendKind::kDuplicate);
  EXPECT_EQ(append_one(store.alerts(), make_alert(99, clock_.now())).kind, AppendKind::kCreated);
  database->close();
  const auto db = value_of(SqliteConnection::open(file, {}));
  EXPECT_EQ(texts(*db, "PRAGMA integrity_check"), (std::vector<std::string>{"ok"}));
  EXPECT_EQ(texts(*db, "PRAGMA user_version"),
            (std::vector<std::string>{std::to_string(migrations().size())}));
}

TEST(Upgrade, StepsThatWereTakenNeverChange) {
  ASSERT_GE(migrations().size(), kTaken.size());
  for (std::size_t i = 0; i < kTaken.size(); ++i) EXPECT_EQ(sha256_hex(migrations()[i]), kTaken[i]) << i + 1;
}

TEST(Upgrade, ANewerSchemaIsRefusedUntouchedWithWhatToDo) {
  const TempDir dir;
  SqliteOptions options;
  options.file = dir.file("new.db");
  value_of(open_sqlite(options))->close();
  {
    const auto db = value_of(SqliteConnection::open(options.file, {}));
    ASSERT_TRUE(succeeded(db->exec("PRAGMA user_version=999; PRAGMA wal_checkpoint(TRUNCATE)")));
  }
  const auto bytes = [&] {
    std::ifstream in(options.file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  const auto before = bytes();
  const auto opened = open_sqlite(options);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::kInvalidInput);
  EXPECT_NE(opened.error().message.find("999"), std::string::npos);
  EXPECT_NE(opened.error().hint.find("newer release"), std::string::npos);
  EXPECT_EQ(bytes(), before);
}

}  // namespace
}  // namespace tocsin::store::test
