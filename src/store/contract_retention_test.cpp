// What every database behind store.h must do: retention and legal hold.

#include <gtest/gtest.h>

#include "store/backend_test.h"

namespace tocsin::store::test {
namespace {

using std::chrono::hours;

class RetentionContract : public BackendTest {
 protected:
  RetentionStore& retention() { return store().retention(); }
  std::vector<Seq> add(std::int64_t first, std::int64_t count) {
    std::vector<Seq> seqs;
    for (const auto& one : value_of(append(alerts(), make_batch(first, count, now()))))
      seqs.push_back(one.seq);
    return seqs;
  }
  IncidentId join(Seq number, const std::vector<Seq>& seqs) {
    model::Incident incident;
    incident.seq = number;
    incident.id = IncidentId::make(now());
    incident.title = "one";
    incident.lead_alert = seqs.front();
    incident.created_at = incident.updated_at = incident.first_seen = incident.last_seen = now();
    CorrelationDelta delta;
    delta.upserts = {incident};
    for (const auto seq : seqs) {
      model::Membership member;
      member.alert = seq;
      member.incident = number;
      delta.memberships.push_back(member);
    }
    delta.watermark = seqs.back();
    EXPECT_TRUE(succeeded(incidents().apply(delta)));
    return incident.id;
  }
  Removed sweep(Timestamp before, std::size_t at_once = 7) {
    Removed all;
    for (Seq after = 0;;) {
      const auto slice = value_of(retention().remove(before, after, at_once));
      all += slice.removed;
      after = slice.next;
      if (slice.done) return all;
    }
  }
  std::int64_t found(const std::string& text) {
    AlertQuery query;
    query.text = text;
    return static_cast<std::int64_t>(value_of(alerts().list(query)).items.size());
  }
  std::vector<Seq> linked() {
    std::vector<Seq> seqs;
    EXPECT_TRUE(succeeded(alerts().scan_links(0, [&](std::span<const model::LinkRecord> records) {
      for (const auto& record : records) seqs.push_back(record.seq);
      return true;
    })));
    return seqs;
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, RetentionContract, testing::ValuesIn(backends()), backend_name);

TEST_P(RetentionContract, WhatIsOldGoesFromEveryPlaceAndTheRestStays) {
  add(0, 30);
  clock_.advance(hours(48));
  const auto young = add(100, 5);
  const auto before = now() - hours(24);
  EXPECT_EQ(value_of(retention().would_remove(before)).alerts, 30);
  EXPECT_EQ(value_of(store().counts()).alerts, 35);  // a dry run
  const auto removed = sweep(before);
  EXPECT_EQ(removed.alerts, 30);
  EXPECT_FALSE(value_of(retention().would_remove(before)).any());
  const auto counts = value_of(store().counts());
  EXPECT_EQ(counts.alerts, 5);
  std::int64_t by_severity = 0;
  for (const auto& [name, count] : counts.alerts_by_severity) by_severity += count;
  EXPECT_EQ(by_severity, 5);
  EXPECT_EQ(linked(), young);
  EXPECT_FALSE(value_of(alerts().find("vendor-3")));
  EXPECT_EQ(found("alice3"), 0);
  EXPECT_EQ(found("alice103"), 1);
  EXPECT_EQ(value_of(alerts().find("vendor-103"))->message.find("Too many"), 0U);  // its document is readable
  // The id is free again.
  EXPECT_EQ(append_one(alerts(), make_alert(3, now())).kind, AppendKind::kCreated);
}

TEST_P(RetentionContract, ABlockThatIsPartlyOldKeepsTheOthersReadable) {
  auto batch = make_batch(0, 10, now());
  clock_.advance(hours(48));
  for (std::size_t n = 5; n < 10; ++n) batch.alerts[n].alert.last_seen = now();  // seen again since
  const auto outcomes = value_of(append(alerts(), std::move(batch)));
  const auto removed = sweep(now() - hours(24));
  EXPECT_EQ(removed.alerts, 5);
  EXPECT_EQ(linked().size(), 5U);
  for (std::size_t n = 0; n < 10; ++n) {
    const auto alert = value_of(alerts().find("vendor-" + std::to_string(n)));
    ASSERT_EQ(alert.has_value(), n >= 5) << n;
    if (alert) {
      EXPECT_EQ(alert->raw, R"({"n":)" + std::to_string(n) + "}");
    }
  }
}

TEST_P(RetentionContract, AnIncidentGoesWholeOrNotAtAll) {
  const auto old = add(0, 4);
  const auto whole = join(1, {old[0], old[1]});
  ASSERT_TRUE(incidents().add_note(whole, "ana", "a note"));
  clock_.advance(hours(48));
  const auto young = add(50, 1);
  const auto mixed = join(2, {old[2], young[0]});
  const auto removed = sweep(now() - hours(24));
  EXPECT_EQ(removed.alerts, 3);  // two of the incident, and the lone one
  EXPECT_EQ(removed.incidents, 1);
  EXPECT_FALSE(value_of(incidents().find(whole)));
  EXPECT_TRUE(value_of(incidents().notes(whole)).empty());
  EXPECT_EQ(value_of(incidents().find(mixed))->alert_count, 2);
  EXPECT_EQ(value_of(store().counts()).incidents, 1);
  EXPECT_EQ(linked(), (std::vector<Seq>{old[2], young[0]}));
}

TEST_P(RetentionContract, AHoldKeepsAnIncidentAndItsAlerts) {
  const auto seqs = add(0, 6);
  const auto held = join(1, {seqs[0], seqs[1], seqs[2]});
  const auto other = join(2, {seqs[3]});
  clock_.advance(hours(24 * 365));
  ASSERT_TRUE(succeeded(retention().hold(held, "case 12 of the public prosecutor")));
  EXPECT_EQ(value_of(retention().held(held))->reason, "case 12 of the public prosecutor");
  EXPECT_FALSE(value_of(retention().held(other)));
  EXPECT_EQ(value_of(retention().would_remove(now())).held_alerts, 3);
  const auto removed = sweep(now());
  EXPECT_EQ(removed.alerts, 3);
  EXPECT_EQ(removed.held_alerts, 3);
  EXPECT_EQ(value_of(incidents().find(held))->alert_count, 3);
  reopen();
  ASSERT_TRUE(succeeded(retention().release(held, "the case is closed")));
  EXPECT_EQ(sweep(now()).alerts, 3);
  EXPECT_FALSE(value_of(incidents().find(held)));
}

TEST_P(RetentionContract, AHoldNeedsAnIncidentAndAReason) {
  const auto incident = join(1, add(0, 1));
  EXPECT_EQ(retention().hold(incident, "").error().kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(retention().hold(IncidentId::make(now()), "x").error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(retention().release(incident, "x").error().kind, ErrorKind::kNotFound);
}

TEST_P(RetentionContract, WhatWasDoneIsInTheAudit) {
  const auto held = join(1, add(0, 2));
  add(10, 3);
  ASSERT_TRUE(succeeded(retention().hold(held, "case 12")));
  clock_.advance(hours(48));
  sweep(now());
  ASSERT_TRUE(succeeded(retention().release(held, "closed")));
  std::vector<std::string> actions;
  for (const auto& record : value_of(store().audit().list({})).items) {
    actions.push_back(record.action);
    if (record.action == "retention.run") {
      EXPECT_NE(record.after.find("\"alerts\":3"), std::string::npos) << record.after;
    }
  }
  for (const char* name : {"hold.set", "retention.run", "hold.release"})
    EXPECT_EQ(std::count(actions.begin(), actions.end(), name), 1) << name;
}

TEST_P(RetentionContract, NumbersAreNotGivenTwiceAfterEverythingWent) {
  const auto last = add(0, 5).back();
  clock_.advance(hours(48));
  EXPECT_EQ(sweep(now()).alerts, 5);
  EXPECT_EQ(value_of(store().counts()).correlation_behind, 0);  // nobody waits for what is gone
  reopen();
  EXPECT_GT(add(100, 1).front(), last);
  EXPECT_EQ(linked().size(), 1U);
  EXPECT_EQ(found("alice100"), 1);
}

TEST_P(RetentionContract, EventsAndDeadLettersGoByAge) {
  std::vector<model::Event> events(3);
  for (auto& event : events) {
    event.source = "aws";
    event.raw = "{}";
    event.received_at = now();
  }
  ASSERT_TRUE(store().events().append(events));
  DeadLetter letter;
  letter.id = DeadLetterId::make(now());
  letter.received_at = now();
  ASSERT_TRUE(succeeded(store().dead_letters().put({letter})));
  clock_.advance(hours(48));
  for (auto& event : events) event.received_at = now();
  ASSERT_TRUE(store().events().append(events));
  const auto removed = sweep(now() - hours(24));
  EXPECT_EQ(removed.events, 3);
  EXPECT_EQ(removed.dead_letters, 1);
  EXPECT_EQ(value_of(store().events().count()), 3);
  EXPECT_EQ(value_of(store().dead_letters().list("", 10, false)).total, 0);
}

TEST_P(RetentionContract, RoomIsCountedFromTheNewestOn) {
  add(0, 200);
  clock_.advance(hours(1));
  add(1000, 200);
  EXPECT_FALSE(value_of(retention().newest_within(std::int64_t{1} << 40)));
  const auto cut = value_of(retention().newest_within(1));
  ASSERT_TRUE(cut);
  EXPECT_EQ(*cut, now());  // the younger batch has room, the older one has not
}

TEST_P(RetentionContract, AnotherTenantIsNotTouched) {
  auto& other = database().tenant(TenantId{2});
  ASSERT_TRUE(append(other.alerts(), make_batch(0, 5, now())));
  add(0, 5);
  clock_.advance(hours(48));
  EXPECT_EQ(sweep(now()).alerts, 5);
  EXPECT_EQ(value_of(other.counts()).alerts, 5);
  EXPECT_TRUE(value_of(other.alerts().find("vendor-3")));
}

}  // namespace
}  // namespace tocsin::store::test
