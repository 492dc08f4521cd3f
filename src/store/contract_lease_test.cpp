// What every database behind store.h must do: leases, and what is written under them.

#include <gtest/gtest.h>

#include "store/backend_test.h"

namespace tocsin::store::test {
namespace {

using std::chrono::seconds;

class LeaseContract : public BackendTest {
 protected:
  LeaseStore& leases() { return store().leases(); }
  bool take(std::string_view owner) { return value_of(leases().take(kCorrelationLease, owner, seconds(5))); }
  model::Incident incident(Seq seq) {
    model::Incident made;
    made.seq = seq;
    made.id = IncidentId::make(now());
    made.created_at = made.updated_at = made.first_seen = made.last_seen = now();
    return made;
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, LeaseContract, testing::ValuesIn(backends()), backend_name);

TEST_P(LeaseContract, OneAtATimeHoldsItUntilItsTimeIsUp) {
  EXPECT_FALSE(value_of(leases().find(kCorrelationLease)));
  EXPECT_TRUE(take("a"));
  EXPECT_FALSE(take("b"));
  EXPECT_EQ(value_of(leases().find(kCorrelationLease))->owner, "a");
  clock_.advance(seconds(4));
  EXPECT_TRUE(take("a"));  // again, in time
  clock_.advance(seconds(4));
  EXPECT_FALSE(take("b"));
  clock_.advance(seconds(1));
  EXPECT_FALSE(value_of(leases().find(kCorrelationLease)));
  EXPECT_TRUE(take("b"));
  EXPECT_FALSE(take("a"));
}

TEST_P(LeaseContract, WhatIsGivenBackIsFreeAtOnceAndOnlyByItsOwner) {
  EXPECT_TRUE(take("a"));
  ASSERT_TRUE(succeeded(leases().give_back(kCorrelationLease, "b")));
  EXPECT_FALSE(take("b"));
  ASSERT_TRUE(succeeded(leases().give_back(kCorrelationLease, "a")));
  EXPECT_TRUE(take("b"));
}

TEST_P(LeaseContract, WhatIsSeizedIsLostToItsOwner) {
  EXPECT_TRUE(take("a"));
  ASSERT_TRUE(succeeded(leases().seize(kCorrelationLease, "b", seconds(5))));
  EXPECT_FALSE(take("a"));
  EXPECT_EQ(incidents().apply({{incident(1)}, {}, {}, 1, "a"}).error().kind, ErrorKind::kConflict);
}

TEST_P(LeaseContract, TenantsAndNamesHaveLeasesOfTheirOwn) {
  EXPECT_TRUE(take("a"));
  EXPECT_TRUE(value_of(leases().take("another", "b", seconds(5))));
  EXPECT_TRUE(value_of(database().tenant(TenantId{2}).leases().take(kCorrelationLease, "b", seconds(5))));
}

TEST_P(LeaseContract, ADeltaOfWhoeverLostTheLeaseIsRefusedWhole) {
  EXPECT_TRUE(take("a"));
  ASSERT_TRUE(succeeded(incidents().apply({{incident(1)}, {}, {}, 1, "a"})));
  clock_.advance(seconds(6));
  EXPECT_TRUE(take("b"));
  const auto late = incidents().apply({{incident(2)}, {}, {}, 2, "a"});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(value_of(incidents().last_incident_seq()), 1);
  EXPECT_EQ(value_of(incidents().watermark()), 1);
  ASSERT_TRUE(succeeded(incidents().apply({{incident(2)}, {}, {}, 2, "b"})));
}

}  // namespace
}  // namespace tocsin::store::test
