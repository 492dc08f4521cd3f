// What every database behind store.h must do: marks, revisions of notes, lists of indicators.

#include <gtest/gtest.h>

#include "store/backend_test.h"

namespace tocsin::store::test {
namespace {

class SharingContract : public BackendTest {
 protected:
  void SetUp() override {
    BackendTest::SetUp();
    if (IsSkipped()) return;
    model::Incident made;
    made.seq = 1;
    made.id = IncidentId::make(now());
    made.title = "Sign-ins";
    made.created_at = made.updated_at = made.first_seen = made.last_seen = now();
    id_ = made.id;
    ASSERT_TRUE(succeeded(incidents().apply({{made}, {}, {}, 0})));
  }
  model::Incident incident() { return *value_of(incidents().find(id_)); }
  IntelStore& intel() { return store().intel(); }
  static IntelEntry entry(std::string value, std::string label = "C2") {
    IntelEntry made;
    made.ioc = {model::IocKind::kDomain, std::move(value)};
    made.label = std::move(label);
    made.confidence = 80;
    made.tlp = model::Tlp::kGreen;
    return made;
  }
  static IntelList list(std::string name) {
    IntelList made;
    made.name = std::move(name);
    made.format = "stix";
    made.source = "ACME CERT";
    made.imported_by = "eve";
    return made;
  }
  IncidentId id_;
};
INSTANTIATE_TEST_SUITE_P(Backends, SharingContract, testing::ValuesIn(backends()), backend_name);

TEST_P(SharingContract, AnIncidentIsAmberUntilAPersonMarksIt) {
  EXPECT_EQ(incident().tlp, model::Tlp::kAmber);
  IncidentChange change;
  change.tlp = model::Tlp::kRed;
  EXPECT_EQ(value_of(incidents().update(id_, change, {})).tlp, model::Tlp::kRed);
  auto again = incident();
  again.tlp = model::Tlp::kClear;  // a machine's upsert does not touch it
  ASSERT_TRUE(succeeded(incidents().apply({{again}, {}, {}, 0})));
  reopen();
  EXPECT_EQ(incident().tlp, model::Tlp::kRed);
}

TEST_P(SharingContract, AnEditKeepsTheTextBeforeWithWhoAndWhen) {
  const auto written = now();
  const auto note = value_of(incidents().add_note(id_, "eve", "She called."));
  clock_.advance(std::chrono::minutes(5));
  const auto edited = value_of(incidents().edit_note(id_, note.id, "bob", "She did not call.", 1));
  EXPECT_EQ(edited.revision, 2);
  EXPECT_EQ(edited.edited_by, "bob");
  const auto stale = incidents().edit_note(id_, note.id, "eve", "x", 1);
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().kind, ErrorKind::kConflict);
  const auto notes = value_of(incidents().notes(id_));
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(notes[0].text, "She did not call.");
  EXPECT_EQ(notes[0].author, "eve");
  const auto revisions = value_of(incidents().note_revisions(id_, note.id));
  ASSERT_EQ(revisions.size(), 2U);
  EXPECT_EQ(revisions[0].author, "bob");
  EXPECT_EQ(revisions[0].written_at, now());
  EXPECT_EQ(revisions[1].author, "eve");
  EXPECT_EQ(revisions[1].text, "She called.");
  EXPECT_EQ(revisions[1].written_at, written);
  EXPECT_FALSE(incidents().edit_note(id_, NoteId::make(now()), "eve", "to nobody"));
  EXPECT_FALSE(incidents().note_revisions(IncidentId::make(now()), note.id));
}

TEST_P(SharingContract, TheFirstTextAndTheNewestAreKept) {
  const auto note = value_of(incidents().add_note(id_, "eve", "text 1"));
  for (auto n = 2; n <= kMaxRevisions + 20; ++n) {
    value_of(incidents().edit_note(id_, note.id, "eve", "text " + std::to_string(n)));
  }
  const auto revisions = value_of(incidents().note_revisions(id_, note.id));
  ASSERT_EQ(revisions.size(), static_cast<std::size_t>(kMaxRevisions));
  EXPECT_EQ(revisions.front().text, "text " + std::to_string(kMaxRevisions + 20));
  EXPECT_EQ(revisions.back().text, "text 1");
}

TEST_P(SharingContract, TheReplaceableNoteKeepsItsTextsToo) {
  IncidentChange change;
  for (const auto* text : {"first", "second", ""}) {
    change.analyst_notes = text;
    value_of(incidents().update(id_, change, {}));
    if (*text != '\0') {
      EXPECT_EQ(value_of(incidents().notes(id_)).at(0).text, text);
    }
  }
  EXPECT_TRUE(value_of(incidents().notes(id_)).empty());
  change.analyst_notes = "third";
  value_of(incidents().update(id_, change, {}));
  const auto notes = value_of(incidents().notes(id_));
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(value_of(incidents().note_revisions(id_, notes[0].id)).size(), 4U);
}

TEST_P(SharingContract, AListIsKeptWholeAndReplacedByItsName) {
  auto stored = value_of(
      intel().put(list("ACME"), {entry("a.example"), entry("b.example"), entry("a.example", "last")}));
  EXPECT_EQ(stored.entries, 2);
  EXPECT_EQ(stored.imported_at, now());
  reopen();
  const auto hits = value_of(intel().find({model::IocKind::kDomain, "a.example"}, now()));
  ASSERT_EQ(hits.size(), 1U);
  EXPECT_EQ(hits[0].entry.label, "last");
  EXPECT_EQ(hits[0].entry.confidence, 80);
  EXPECT_EQ(hits[0].entry.tlp, model::Tlp::kGreen);
  EXPECT_EQ(hits[0].list_name, "ACME");
  EXPECT_EQ(hits[0].source, "ACME CERT");
  EXPECT_TRUE(value_of(intel().find({model::IocKind::kUrl, "a.example"}, now())).empty());
  value_of(intel().put(list("ACME"), {entry("c.example")}));
  EXPECT_EQ(value_of(intel().lists()).size(), 1U);
  EXPECT_TRUE(value_of(intel().find({model::IocKind::kDomain, "a.example"}, now())).empty());
  EXPECT_FALSE(value_of(intel().find_list(stored.id)));
}

TEST_P(SharingContract, AnExpiredIndicatorIsNoLongerFound) {
  auto old = entry("old.example");
  old.valid_until = now() + std::chrono::hours(1);
  value_of(intel().put(list("ACME"), {old}));
  EXPECT_EQ(value_of(intel().find(old.ioc, now())).size(), 1U);
  EXPECT_TRUE(value_of(intel().find(old.ioc, now() + std::chrono::hours(1))).empty());
}

TEST_P(SharingContract, EntriesPageInOrderAndGoWithTheirList) {
  std::vector<IntelEntry> many;
  for (int n = 100; n < 125; ++n) many.push_back(entry("h" + std::to_string(n) + ".example"));
  const auto stored = value_of(intel().put(list("many"), many));
  std::vector<std::string> seen;
  std::int64_t after = 0;
  for (;;) {
    const auto page = value_of(intel().entries(stored.id, after, 10));
    if (page.empty()) break;
    for (const auto& [number, one] : page) seen.push_back(one.ioc.value);
    after = page.back().first;
  }
  ASSERT_EQ(seen.size(), 25U);
  EXPECT_EQ(seen.front(), "h100.example");
  ASSERT_TRUE(succeeded(intel().remove(stored.id)));
  EXPECT_TRUE(value_of(intel().lists()).empty());
  EXPECT_TRUE(value_of(intel().find(many[0].ioc, now())).empty());
  const auto again = intel().remove(stored.id);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::kNotFound);
}

TEST_P(SharingContract, ListsAreBoundedInNumberAndTenantsDoNotSeeEachOthers) {
  for (std::size_t n = 0; n < kMaxIntelLists; ++n) value_of(intel().put(list(std::to_string(n)), {}));
  const auto one_more = intel().put(list("one more"), {});
  ASSERT_FALSE(one_more);
  EXPECT_EQ(one_more.error().kind, ErrorKind::kInvalidInput);
  EXPECT_TRUE(intel().put(list("7"), {entry("x.example")}));  // replacing is no growth
  auto& other = database().tenant(TenantId{2}).intel();
  EXPECT_TRUE(value_of(other.lists()).empty());
  EXPECT_TRUE(value_of(other.find({model::IocKind::kDomain, "x.example"}, now())).empty());
  EXPECT_TRUE(other.put(list("7"), {}));
}

}  // namespace
}  // namespace tocsin::store::test
