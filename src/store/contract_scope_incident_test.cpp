// What every database behind store.h must do: an incident says no more than its visible alerts do.

#include <gtest/gtest.h>

#include "model/attack.h"
#include "store/scope_test_data.h"

namespace tocsin::store::test {
namespace {

class IncidentsInScope : public ScopeTest {
 protected:
  std::vector<model::Alert> visible_of(Seq incident, const model::AlertScope& scope) const {
    std::vector<model::Alert> kept;
    auto [known, added] = visible_.try_emplace(named(scope));
    if (added) known->second = visible(scope);
    std::copy_if(known->second.begin(), known->second.end(), std::back_inserter(kept),
                 [&](const auto& alert) {
                   const auto member = incident_of_.find(alert.seq);
                   return member != incident_of_.end() && member->second == incident;
                 });
    return kept;
  }

  // As its reader should find it; absent when it is hidden.
  std::optional<model::Incident> expected(model::Incident incident, const model::AlertScope& scope) const {
    if (scope.is_everything()) return incident;
    if (incident.merged_into) return merged(std::move(incident), scope);
    const auto alerts = visible_of(incident.seq, scope);
    if (alerts.empty()) return std::nullopt;
    const auto hidden = incident.alert_count - std::ssize(alerts);
    if (hidden == 0) return incident;
    auto lead = alerts.front();
    incident.tactics = 0;
    incident.first_seen = incident.last_seen = lead.occurred_at;
    for (const auto& alert : alerts) {
      const auto rank = [](const auto& a) {
        return std::tuple(-static_cast<int>(a.severity), a.occurred_at, a.seq);
      };
      if (rank(alert) < rank(lead)) lead = alert;
      incident.first_seen = std::min(incident.first_seen, alert.occurred_at);
      incident.last_seen = std::max(incident.last_seen, alert.occurred_at);
      incident.tactics = static_cast<std::uint16_t>(incident.tactics | model::tactic_bits(alert.attack));
    }
    incident.title = lead.title;
    incident.lead_alert = lead.seq;
    incident.alert_count = std::ssize(alerts);
    incident.alerts_out_of_scope = hidden;
    incident.review_reason = out_of_scope_sentence(hidden);
    return incident;
  }
  std::optional<model::Incident> merged(model::Incident incident, const model::AlertScope& scope) const {
    const auto into = std::find_if(whole_.begin(), whole_.end(),
                                   [&](const auto& other) { return other.id == incident.merged_into; });
    const auto survivor = expected(*into, scope);
    if (!survivor) return std::nullopt;
    incident.title = "Merged into " + survivor->id.str();
    incident.first_seen = survivor->first_seen;
    incident.last_seen = survivor->last_seen;
    incident.lead_alert = 0;
    incident.tactics = 0;
    incident.review_reason.clear();
    return incident;
  }

  static auto told(const model::Incident& i) {
    return std::tuple(i.seq, i.title, i.alert_count, i.alerts_out_of_scope, i.first_seen, i.last_seen,
                      i.lead_alert, i.tactics, i.review_reason, i.severity, i.priority, i.status, i.version,
                      i.updated_at, i.merged_into);
  }
  static std::vector<Seq> seqs(const std::vector<model::Incident>& incidents) {
    std::vector<Seq> all;
    for (const auto& incident : incidents) all.push_back(incident.seq);
    return all;
  }

  // The narrowed ones in the order of the sort, by plain loops.
  std::vector<Seq> listed(const model::AlertScope& scope, IncidentSort sort,
                          const std::function<bool(const model::Incident&)>& wanted) const {
    std::vector<model::Incident> kept;
    for (const auto& incident : whole_) {
      const auto seen = expected(incident, scope);
      if (seen && !seen->merged_into && wanted(*seen)) kept.push_back(*seen);
    }
    const auto key = [&](const model::Incident& i) {
      const auto first = sort == IncidentSort::kPriority  ? std::int64_t{i.priority}
                         : sort == IncidentSort::kUpdated ? to_unix_nanos(i.updated_at)
                                                          : i.seq;
      return std::pair(first, i.seq);
    };
    std::sort(kept.begin(), kept.end(), [&](const auto& a, const auto& b) { return key(a) > key(b); });
    return seqs(kept);
  }

  void SetUp() override {
    ScopeTest::SetUp();
    if (IsSkipped()) return;
    ASSERT_TRUE(succeeded(incidents().scan_incidents(0, [&](auto some) {
      whole_.insert(whole_.end(), some.begin(), some.end());
      return true;
    })));
    ASSERT_EQ(std::ssize(whole_), kIncidents);
    for (const auto& member : members_) incident_of_.emplace(member.alert, member.incident);
  }

  void check_list(const model::AlertScope& scope, IncidentQuery query,
                  const std::function<bool(const model::Incident&)>& wanted) {
    const auto reader = scoped_store(store(), scope);
    for (const auto sort : {IncidentSort::kPriority, IncidentSort::kNewest, IncidentSort::kUpdated}) {
      query.sort = sort;
      query.cursor.clear();
      query.offset = 0;
      const auto all = listed(scope, sort, wanted);
      std::vector<Seq> paged;
      query.limit = 3;
      do {
        const auto page = value_of(reader->incidents().list(query));
        EXPECT_EQ(page.total, std::ssize(all));
        EXPECT_FALSE(page.total_capped);
        const auto some = seqs(page.items);
        paged.insert(paged.end(), some.begin(), some.end());
        query.cursor = page.next_cursor;
      } while (!query.cursor.empty() && paged.size() < 100);
      EXPECT_EQ(paged, all);
      query.cursor.clear();
      query.offset = 1;
      query.limit = 1000;
      EXPECT_EQ(seqs(value_of(reader->incidents().list(query)).items),
                std::vector<Seq>(all.begin() + std::min<std::ptrdiff_t>(1, std::ssize(all)), all.end()));
    }
  }

  std::vector<model::Incident> whole_;
  std::unordered_map<Seq, Seq> incident_of_;                          // by alert
  mutable std::map<std::string, std::vector<model::Alert>> visible_;  // by scope: the way of the slow, once
};
INSTANTIATE_TEST_SUITE_P(Backends, IncidentsInScope, testing::ValuesIn(backends()), backend_name);

TEST_P(IncidentsInScope, EachIsWhatItsVisibleAlertsSay) {
  int hidden = 0, mixed = 0;
  for (const auto& scope : scopes()) {
    SCOPED_TRACE(named(scope));
    const auto reader = scoped_store(store(), scope);
    std::vector<Seq> visible;
    for (const auto& incident : whole_) {
      const auto seen = expected(incident, scope);
      const auto found = value_of(reader->incidents().find(incident.id));
      EXPECT_EQ(found.has_value(), seen.has_value()) << incident.seq;
      if (found && seen) {
        EXPECT_EQ(told(*found), told(*seen));
      }
      if (seen) visible.push_back(incident.seq);
      hidden += seen ? 0 : 1;
      mixed += seen && seen->alerts_out_of_scope > 0 ? 1 : 0;
    }
    EXPECT_EQ(seqs(value_of(reader->incidents().by_seq(seqs(whole_)))), visible);
    std::vector<Seq> scanned;
    ASSERT_TRUE(succeeded(reader->incidents().scan_incidents(0, [&](auto some) {
      for (const auto& one : some) scanned.push_back(one.seq);
      return true;
    })));
    EXPECT_EQ(scanned, visible);
  }
  EXPECT_GT(hidden, 20);
  EXPECT_GT(mixed, 50);
}

TEST_P(IncidentsInScope, ListsGiveWhatIsVisibleOnceInOrder) {
  for (const auto& scope : scopes()) {
    SCOPED_TRACE(named(scope));
    check_list(scope, {}, [](const auto&) { return true; });
    IncidentQuery query;
    query.severities = {model::Severity::kHigh, model::Severity::kLow};
    query.min_priority = 10;
    check_list(scope, query, [](const auto& i) {
      return i.priority >= 10 &&
             (i.severity == model::Severity::kHigh || i.severity == model::Severity::kLow);
    });
  }
}

// A filter that looked at the whole would tell of hidden alerts.
TEST_P(IncidentsInScope, FiltersAskTheNarrowedIncident) {
  const model::AlertScope scope{{}, {"web", "office"}};
  IncidentQuery words;
  words.text = "secret5";
  check_list(scope, words, [](const auto& i) { return i.title.find("secret5") != std::string::npos; });
  words.text = "on SURICATA";
  check_list(scope, words, [](const auto& i) { return i.title.ends_with("on suricata"); });
  IncidentQuery seen;
  seen.seen.from = now() - std::chrono::minutes(60);
  check_list(scope, seen, [&](const auto& i) { return i.last_seen >= *seen.seen.from; });
  seen.seen = {{}, now() - std::chrono::minutes(420)};
  check_list(scope, seen, [&](const auto& i) { return i.first_seen < *seen.seen.until; });
  IncidentQuery where;
  where.where.emplace();
  where.where->kind = model::Condition::Kind::kTest;
  where.where->test = {
      model::Field::kAlertCount, model::Comparison::kInRange, {}, model::Bound{std::int64_t{4}, true}, {}};
  check_list(scope, where, [](const auto& i) { return i.alert_count >= 4; });
}

TEST_P(IncidentsInScope, MembersAreVisibleAlertsAndCiteNoOthers) {
  for (const auto& scope : scopes()) {
    SCOPED_TRACE(named(scope));
    const auto reader = scoped_store(store(), scope);
    std::set<Seq> seen;
    for (const auto& alert : visible(scope)) seen.insert(alert.seq);
    std::vector<model::Membership> expected, scanned, of_first;
    for (auto member : members_) {
      if (!seen.contains(member.alert)) continue;
      if (member.linked_to != 0 && !seen.contains(member.linked_to))
        member = {member.alert, member.incident, 0, model::LinkReason::kOpened, 0, {}};
      expected.push_back(member);
      if (member.incident == 1) of_first.push_back(member);
    }
    ASSERT_TRUE(succeeded(reader->incidents().scan_memberships(0, [&](auto some) {
      scanned.insert(scanned.end(), some.begin(), some.end());
      return true;
    })));
    EXPECT_EQ(scanned, expected);
    EXPECT_EQ(value_of(reader->incidents().members(1, 1000)), of_first);
    of_first.resize(std::min<std::size_t>(of_first.size(), 2));
    EXPECT_EQ(value_of(reader->incidents().members(1, 2)), of_first);
  }
}

TEST_P(IncidentsInScope, PeopleWorkOnWhatTheySee) {
  const model::AlertScope scope{{}, {"dmz"}};
  const auto reader = scoped_store(store(), scope);
  IncidentChange change;
  change.assignee = "ana";
  for (const auto& incident : whole_) {
    const auto seen = expected(incident, scope);
    const auto changed = reader->incidents().update(incident.id, change);
    EXPECT_EQ(changed.ok(), seen.has_value());
    EXPECT_EQ(reader->incidents().add_note(incident.id, "ana", "a note").ok(), seen.has_value());
    EXPECT_EQ(reader->incidents().notes(incident.id).ok(), seen.has_value());
    EXPECT_EQ(reader->incidents().actions(incident.id, 10).ok(), seen.has_value());
    EXPECT_EQ(reader->retention().held(incident.id).ok(), seen.has_value());
    if (changed && seen) {
      EXPECT_EQ(changed->title, seen->title);
    }
    if (!changed) {
      EXPECT_EQ(changed.error().kind, ErrorKind::kNotFound);
    }
    EXPECT_EQ(value_of(incidents().find(incident.id))->assignee.has_value(), seen.has_value());
  }
  const auto refused = [](const auto& result) {
    return !result.ok() && result.error().kind == ErrorKind::kForbidden;
  };
  EXPECT_TRUE(refused(reader->incidents().apply({})));
  EXPECT_TRUE(refused(reader->incidents().decide({}, {})));
  EXPECT_TRUE(refused(reader->incidents().decisions()));
}

TEST_P(IncidentsInScope, PeopleHoldWhatTheySee) {
  const model::AlertScope scope{{}, {"dmz"}};
  const auto reader = scoped_store(store(), scope);
  std::size_t held = 0;
  for (const auto& incident : whole_) {
    if (incident.merged_into) continue;
    const auto seen = expected(incident, scope).has_value();
    const auto done = reader->retention().hold(incident.id, "a lawsuit");
    EXPECT_EQ(done.ok(), seen);
    if (!done) {
      EXPECT_EQ(done.error().kind, ErrorKind::kNotFound);
    }
    EXPECT_EQ(value_of(store().retention().held(incident.id)).has_value(), seen);
    EXPECT_EQ(reader->retention().release(incident.id, "it ended").ok(), seen);
    held += seen ? 1 : 0;
  }
  EXPECT_GT(held, 0U);
}

TEST(OutOfScope, IsOneSentenceWithANumber) {
  EXPECT_EQ(out_of_scope_sentence(0), "");
  EXPECT_EQ(out_of_scope_sentence(1), "1 alert outside your scope also belongs to this incident");
  EXPECT_EQ(out_of_scope_sentence(12), "12 alerts outside your scope also belong to this incident");
}

}  // namespace
}  // namespace tocsin::store::test
