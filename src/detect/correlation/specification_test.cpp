// The examples of the specification of correlation rules (2.1.0), from rule text to hits, rules matched by
// the interpreter.

#include <gmock/gmock.h>

#include "detect/correlation/correlator.h"
#include "detect/sigma/interpreter.h"
#include "detect/testing/rules.h"

namespace tocsin::detect {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Detection {
 public:
  explicit Detection(std::string_view yaml)
      : set_(tocsin::test::parse_rules(yaml)), correlator_(*Correlator::create(set_, {})) {
    for (const auto& refusal : set_.refusals) ADD_FAILURE() << to_string(refusal);
  }

  std::vector<CorrelationHit> event(std::int64_t second, std::string_view json) {
    const auto fields = tocsin::test::event_of(json);
    std::vector<std::uint32_t> matched;
    for (std::uint32_t i = 0; i < set_.rules.size(); ++i) {
      if (sigma::matches(set_.rules[i], fields)) matched.push_back(i);
    }
    std::vector<CorrelationHit> hits;
    const Timestamp at{std::chrono::seconds(second)};
    correlator_.apply({at, at, ++seq_, matched, &fields}, hits);
    return hits;
  }
  std::string title(const CorrelationHit& hit) const { return set_.correlations[hit.correlation].title; }
  const Correlator& correlator() const { return correlator_; }

 private:
  sigma::RuleSet set_;
  Correlator correlator_;
  model::Seq seq_ = 0;
};

TEST(CorrelationSpecification, FailedSignInsFollowedByASuccessfulOne) {
  Detection detection(R"(title: Many failures, then a success
correlation:
    type: temporal_ordered
    rules: [multiple_failed_login, successful_login]
    group-by: [User]
    timespan: 10m
level: high
---
title: Many failures
name: multiple_failed_login
correlation:
    type: event_count
    rules: [failed_login]
    group-by: [User]
    timespan: 10m
    condition: {gte: 10}
---
title: Failed sign-in
name: failed_login
logsource: {product: windows, service: security}
detection: {selection: {EventID: [529, 4625]}, condition: selection}
---
title: Sign-in
name: successful_login
logsource: {product: windows, service: security}
detection: {selection: {EventID: [528, 4624]}, condition: selection}
)");
  for (std::int64_t i = 0; i < 10; ++i) {
    EXPECT_THAT(detection.event(i * 30, R"({"EventID":4625,"User":"eve"})"), IsEmpty());
    if (i == 9) continue;
    EXPECT_THAT(detection.event(i * 30, R"({"EventID":4625,"User":"adam"})"), IsEmpty());
  }
  EXPECT_THAT(detection.event(300, R"({"EventID":4624,"User":"adam"})"), IsEmpty()) << "nine are not ten";
  const auto hits = detection.event(300, R"({"EventID":4624,"User":"eve"})");
  ASSERT_THAT(hits, SizeIs(1));
  EXPECT_EQ(detection.title(hits[0]), "Many failures, then a success");
  EXPECT_THAT(hits[0].group, ElementsAre("eve"));
  EXPECT_TRUE(detection.correlator().is_silent(0));
  EXPECT_TRUE(detection.correlator().is_silent(1));
}

TEST(CorrelationSpecification, AliasesNameTheSameAddressInDifferentFields) {
  Detection detection(R"(title: Error after connection
correlation:
    type: temporal
    rules: [internal_error, new_network_connection]
    group-by: [internal_ip, remote_ip]
    timespan: 10s
    aliases:
        internal_ip: {internal_error: destination.ip, new_network_connection: source.ip}
        remote_ip: {internal_error: source.ip, new_network_connection: destination.ip}
---
title: Error
name: internal_error
logsource: {category: webserver}
detection: {selection: {http.response.status_code: 500}, condition: selection}
---
title: Connection
name: new_network_connection
logsource: {category: network_connection}
detection: {selection: {event.category: network, event.outcome: success}, condition: selection}
)");
  constexpr std::string_view kConnection =
      R"({"event":{"category":"network","outcome":"success"},"source":{"ip":"10.0.0.5"},"destination":{"ip":"192.0.2.9"}})";
  const auto error_at = [&](std::int64_t second, std::string_view remote, std::string_view internal) {
    return detection.event(second, R"({"http":{"response":{"status_code":500}},"source":{"ip":")" +
                                       std::string(remote) + R"("},"destination":{"ip":")" +
                                       std::string(internal) + "\"}}");
  };
  EXPECT_THAT(error_at(0, "192.0.2.9", "10.0.0.5"), IsEmpty());
  EXPECT_THAT(error_at(1, "192.0.2.1", "10.0.0.5"), IsEmpty());
  const auto hits = detection.event(9, kConnection);
  ASSERT_THAT(hits, SizeIs(1));
  EXPECT_THAT(hits[0].group, ElementsAre("10.0.0.5", "192.0.2.9"));
  EXPECT_THAT(hits[0].events, ElementsAre(1, 3));
  EXPECT_THAT(error_at(100, "10.0.0.5", "192.0.2.9"), IsEmpty()) << "the other way round";
  EXPECT_THAT(detection.event(101, kConnection), IsEmpty());
}

TEST(CorrelationSpecification, ManyAccountsFromOneSourceToOneDestination) {
  Detection detection(R"(title: Failed sign-ins with many accounts
correlation:
    type: value_count
    rules: [failed]
    group-by: [ComputerName, WorkstationName]
    timespan: 1d
    condition: {field: User, gte: 100}
---
title: Failed sign-in
name: failed
logsource: {product: windows, service: security}
detection: {selection: {EventID: 4625}, condition: selection}
)");
  std::size_t hits = 0;
  for (int user = 0; user < 100; ++user) {
    for (int again = 0; again < 3; ++again) {
      const auto text = R"({"EventID":4625,"ComputerName":"dc","WorkstationName":"w","User":"u)" +
                        std::to_string(user) + "\"}";
      const auto found = detection.event(user * 600 + again, text);
      EXPECT_TRUE(found.empty() || (user == 99 && again == 0));
      hits += found.size();
    }
  }
  EXPECT_EQ(hits, 1u);
}

}  // namespace
}  // namespace tocsin::detect
