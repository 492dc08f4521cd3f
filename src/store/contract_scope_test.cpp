// What every database behind store.h must do: a scope is all that its reader sees of the alerts.

#include <gtest/gtest.h>

#include <set>

#include "store/scope_test_data.h"

namespace tocsin::store::test {
namespace {

using AlertsInScope = ScopeTest;
INSTANTIATE_TEST_SUITE_P(Backends, AlertsInScope, testing::ValuesIn(backends()), backend_name);

std::vector<std::string> all_pages(const AlertStore& alerts, AlertQuery query) {
  std::vector<std::string> ids;
  for (int pages = 0; pages < 1000; ++pages) {
    const auto page = value_of(alerts.list(query));
    const auto some = ids_of(page);
    ids.insert(ids.end(), some.begin(), some.end());
    if (page.next_cursor.empty()) return ids;
    query.cursor = page.next_cursor;
  }
  ADD_FAILURE() << "the list has no end";
  return ids;
}

// What the whole list gives, less what is out of scope.
void check_list(AlertStore& whole, AlertStore& scoped, AlertQuery query,
                const std::set<std::string>& visible) {
  query.limit = 1000;
  auto expected = ids_of(value_of(whole.list(query)));
  std::erase_if(expected, [&](const auto& id) { return !visible.contains(id); });
  const auto page = value_of(scoped.list(query));
  EXPECT_EQ(ids_of(page), expected);
  EXPECT_EQ(page.total, static_cast<std::int64_t>(expected.size()));
  query.limit = 23;
  EXPECT_EQ(all_pages(scoped, query), expected);
  const auto first = value_of(scoped.list(query));
  EXPECT_EQ(first.total, static_cast<std::int64_t>(expected.size()));
  EXPECT_FALSE(first.total_capped);
  query.offset = 3;
  query.limit = 4;
  const auto skipped = ids_of(value_of(scoped.list(query)));
  const auto begin = expected.begin() + std::min<std::ptrdiff_t>(3, std::ssize(expected));
  const auto end = expected.begin() + std::min<std::ptrdiff_t>(7, std::ssize(expected));
  EXPECT_EQ(skipped, std::vector<std::string>(begin, end));
}

std::vector<AlertQuery> questions() {
  std::vector<AlertQuery> all;
  for (const auto sort :
       {AlertSort::kNewest, AlertSort::kPriority, AlertSort::kOccurred, AlertSort::kOldest}) {
    all.emplace_back().sort = sort;
    all.emplace_back(all.back()).severities = {model::Severity::kHigh, model::Severity::kCritical};
    all.emplace_back(all.back()).min_priority = 30;
    auto& named = all.emplace_back();
    named.sort = sort;
    named.source = "suricata";
    auto& asked = all.emplace_back();
    asked.sort = sort;
    asked.text = "alert on";
    auto& about = all.emplace_back();
    about.sort = sort;
    about.entities = {"10.9.7.1"};
    auto& where = all.emplace_back();
    where.sort = sort;
    where.where.emplace();
    where.where->kind = model::Condition::Kind::kTest;
    where.where->test = {model::Field::kTitle, model::Comparison::kMatches, {"*1*"}, {}, {}};
  }
  return all;
}

TEST_P(AlertsInScope, EveryListIsTheWholeOneLessWhatIsHidden) {
  const auto asked = questions();
  std::size_t turn = 0;  // every question of every other scope
  for (const auto& scope : scopes()) {
    SCOPED_TRACE(named(scope));
    const auto reader = scoped_store(store(), scope);
    const auto seen = ids(visible(scope));
    for (auto i = turn++ % 2; i < asked.size(); i += 2)
      check_list(alerts(), reader->alerts(), asked[i], seen);
  }
}

// Else the tests above would hold for a store that shows nothing, or everything.
TEST_P(AlertsInScope, ScopesDivideTheData) {
  for (const auto& group : {"web", "data", "dmz", "office", "lab", "v6", "mapped", "pci"}) {
    const auto some = visible({{}, {group}}).size();
    EXPECT_GT(some, 5U) << group;
    EXPECT_LT(some, truth_.size() / 2) << group;
  }
  EXPECT_GT(visible({{}, {kOddGroup}}).size(), 5U);
  EXPECT_TRUE(visible({{}, {""}}).empty());
  EXPECT_EQ(visible({}).size(), truth_.size());
}

TEST_P(AlertsInScope, WhatIsHiddenIsNotThere) {
  const model::AlertScope scope{{"suricata", "wazuh"}, {"web", "office"}};
  const auto reader = scoped_store(store(), scope);
  const auto seen = ids(visible(scope));
  std::vector<Seq> seqs;
  for (const auto& alert : truth_) {
    const auto id = alert.id.str();
    seqs.push_back(alert.seq);
    const bool is_visible = seen.contains(id);
    EXPECT_EQ(value_of(reader->alerts().find(id)).has_value(), is_visible);
    if (seqs.size() % 8 == 0) {
      EXPECT_EQ(value_of(reader->alerts().find(*alert.source_id)).has_value(), is_visible);
    }
    const auto version = reader->alerts().version(id);
    const auto repeats = reader->alerts().occurrences(id);
    EXPECT_EQ(version.ok(), is_visible);
    EXPECT_EQ(repeats.ok(), is_visible);
    if (!is_visible) {
      EXPECT_EQ(version.error().message, "there is no alert " + id);
      EXPECT_EQ(repeats.error().kind, ErrorKind::kNotFound);
    }
  }
  std::set<std::string> loaded, linked;
  for (const auto& alert : value_of(reader->alerts().by_seq(seqs))) loaded.insert(alert.id.str());
  EXPECT_EQ(loaded, seen);
  ASSERT_TRUE(succeeded(reader->alerts().scan_links(0, [&](std::span<const model::LinkRecord> records) {
    for (const auto& record : records) {
      linked.insert(
          truth_[static_cast<std::size_t>(std::find(seqs.begin(), seqs.end(), record.seq) - seqs.begin())]
              .id.str());
    }
    return true;
  })));
  EXPECT_EQ(linked, seen);
}

TEST_P(AlertsInScope, ChangesReachWhatIsVisibleAndNothingElse) {
  const model::AlertScope scope{{}, {"web"}};
  const auto reader = scoped_store(store(), scope);
  const auto seen = ids(visible(scope));
  AlertChange change;
  change.status = model::AlertStatus::kClosed;
  std::vector<std::string> asked{"no such alert"}, refused{"no such alert"};
  for (const auto& alert : truth_) {
    asked.push_back(alert.id.str());
    if (!seen.contains(alert.id.str())) refused.push_back(alert.id.str());
  }
  const auto result = value_of(reader->alerts().update_many(asked, change));
  EXPECT_EQ(result.changed, static_cast<std::int64_t>(seen.size()));
  std::vector<std::string> failed;
  for (const auto& [id, reason] : result.failed) {
    failed.push_back(id);
    EXPECT_EQ(reason, "there is no alert " + id);
  }
  EXPECT_EQ(failed, refused);
  change.status = model::AlertStatus::kInProgress;
  for (const auto& alert : truth_) {
    const auto now = value_of(alerts().find(alert.id.str()));
    EXPECT_EQ(now->status == model::AlertStatus::kClosed, seen.contains(alert.id.str()));
    const auto changed = reader->alerts().update(alert.id.str(), change);
    EXPECT_EQ(changed.ok(), seen.contains(alert.id.str()));
    if (!changed) {
      EXPECT_EQ(changed.error().kind, ErrorKind::kNotFound);
    }
  }
  const auto appended = append(reader->alerts(), make_batch(1000, 1, now()));
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().kind, ErrorKind::kForbidden);
  EXPECT_EQ(value_of(store().counts()).alerts, kAlerts);
}

TEST_P(AlertsInScope, AChangeOfTheAssetTableCountsAtOnce) {
  const model::AlertScope scope{{}, {"web"}};
  const auto reader = scoped_store(store(), scope);
  const auto check = [&](const std::string& step) {
    SCOPED_TRACE(step);
    check_list(alerts(), reader->alerts(), {}, ids(visible(scope)));
  };
  const auto before = visible(scope).size();
  assets_[6].department = "Web";  // vlan7
  const auto id = value_of(store().assets().find_by_name("vlan7"))->meta.id;
  value_of(store().assets().replace(id, assets_[6], std::nullopt));
  check("replaced");
  EXPECT_GT(visible(scope).size(), before);
  assets_.push_back(asset_of("mail", {}, {}, "", "", {"web"}));
  value_of(store().assets().put({assets_.back()}, PutMode::kAdd));
  check("added");
  ASSERT_TRUE(
      succeeded(store().assets().remove(value_of(store().assets().find_by_name("web-01"))->meta.id, {})));
  assets_.erase(assets_.begin());
  check("removed");
  reopen();
  const auto again = scoped_store(store(), scope);
  check_list(alerts(), again->alerts(), {}, ids(visible(scope)));
  assets_.clear();
  value_of(store().assets().put({}, PutMode::kReplace));
  EXPECT_TRUE(value_of(again->alerts().list({})).items.empty());
}

TEST_P(AlertsInScope, AClientsIdFindsTheNewestAlertThatIsVisible) {
  auto older = make_alert(5000, now());
  older.alert.source = "wazuh";
  auto newer = make_alert(5001, now());
  newer.alert.source = "splunk";
  newer.alert.source_id = older.alert.source_id;
  const auto first = append_one(alerts(), older);
  append_one(alerts(), newer);
  const auto reader = scoped_store(store(), {{"wazuh"}, {}});
  const auto found = value_of(reader->alerts().find(*older.alert.source_id));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, first.id);
  AlertChange change;
  change.assignee = "ana";
  EXPECT_EQ(value_of(reader->alerts().update(*older.alert.source_id, change)).id, first.id);
  EXPECT_EQ(value_of(reader->alerts().update_many({*older.alert.source_id}, change)).changed, 1);
  EXPECT_FALSE(value_of(scoped_store(store(), {{"api"}, {}})->alerts().find(*older.alert.source_id)));
}

TEST_P(AlertsInScope, CountsAreOfTheScope) {
  for (const auto& scope : scopes()) {
    SCOPED_TRACE(named(scope));
    std::map<std::string, std::int64_t> by_source, by_severity;
    const auto seen = visible(scope);
    for (const auto& alert : seen) {
      ++by_source[alert.source];
      ++by_severity[std::string(to_text(alert.severity))];
    }
    const auto reader = scoped_store(store(), scope);
    const auto counts = value_of(reader->counts());
    EXPECT_EQ(counts.alerts, static_cast<std::int64_t>(seen.size()));
    const auto as_map = [](const NamedCounts& c) {
      return std::map<std::string, std::int64_t>(c.begin(), c.end());
    };
    EXPECT_EQ(as_map(counts.alerts_by_source), by_source);
    EXPECT_EQ(as_map(counts.alerts_by_severity), by_severity);
    EXPECT_EQ(counts.incidents, value_of(reader->incidents().list({})).total);
    EXPECT_EQ(counts.incidents_open, counts.incidents);
    EXPECT_EQ(counts.dead_letters, 0);
    EXPECT_FALSE(counts.in_part);
  }
}

TEST_P(AlertsInScope, WhatCannotBeDividedIsRefused) {
  const auto reader = scoped_store(store(), {{"wazuh"}, {"web"}});
  const auto refused = [](const auto& result) {
    return !result.ok() && result.error().kind == ErrorKind::kForbidden;
  };
  EXPECT_TRUE(refused(reader->dead_letters().list("", 10, false)));
  EXPECT_TRUE(refused(reader->jobs().list({}, "", 10)));
  EXPECT_TRUE(refused(reader->events().after(0, 10)));
  EXPECT_TRUE(refused(reader->audit().list({})));
  EXPECT_TRUE(refused(reader->leases().find("correlation")));
  EXPECT_TRUE(refused(reader->retention().would_remove(now())));
  EXPECT_TRUE(refused(reader->retention().remove(now(), 0, 10)));
  EXPECT_TRUE(refused(reader->references().put({})));
  EXPECT_TRUE(refused(reader->intel().put({}, {})));
  EXPECT_TRUE(refused(reader->users().put({}, PutMode::kMerge)));
  EXPECT_TRUE(refused(reader->assets().put({}, PutMode::kReplace)));
  EXPECT_EQ(value_of(store().assets().count("")), std::ssize(assets_));
}

TEST_P(AlertsInScope, TheReadersAssetsAreThoseOfHisGroups) {
  const auto reader = scoped_store(store(), {{}, {"WEB", "lab"}});
  std::vector<std::string> names;
  for (const auto& row : value_of(reader->assets().list("", "", 100))) names.push_back(row.name);
  EXPECT_EQ(names, (std::vector<std::string>{"shared.a.example", "vlan7", "Web-01", "web-02"}));
  EXPECT_EQ(value_of(reader->assets().count("")), 4);
  EXPECT_EQ(value_of(reader->assets().list("", "shared.a.example", 1)).at(0).name, "vlan7");
  EXPECT_TRUE(value_of(reader->assets().find_by_name("web-01")));
  EXPECT_FALSE(value_of(reader->assets().find_by_name("office")));
  EXPECT_EQ(value_of(scoped_store(store(), {{"api"}, {}})->assets().count("")), std::ssize(assets_));
}

TEST_P(AlertsInScope, FeedbackIsTakenOnWhatIsVisible) {
  const model::AlertScope scope{{}, {"office"}};
  const auto reader = scoped_store(store(), scope);
  const auto seen = ids(visible(scope));
  for (const auto& alert : truth_) {
    Feedback feedback;
    feedback.alert_id = alert.id.str();
    feedback.body = "{}";
    EXPECT_EQ(reader->add_feedback(feedback).ok(), seen.contains(alert.id.str()));
  }
}

}  // namespace
}  // namespace tocsin::store::test
