#include "auth/request_rates.h"

#include <gtest/gtest.h>

#include "model/access.h"

namespace tocsin::auth {
namespace {

using Kind = model::Principal::Kind;

class RequestRatesTest : public testing::Test {
 protected:
  // Of `count` requests at once, those that are let in.
  int let_in(int count, Kind kind, std::string id, std::int64_t tenant) {
    http::Request request;
    model::Principal caller;
    caller.kind = kind;
    caller.id = std::move(id);
    caller.tenant = tenant;
    request.principal = std::make_shared<const model::Principal>(caller);
    int taken = 0;
    for (int i = 0; i < count; ++i) {
      refusal_ = rates_.refuse(request, now_);
      taken += refusal_ ? 0 : 1;
    }
    return taken;
  }
  RequestRates::Time now_ = RequestRates::Time() + std::chrono::hours(1);
  RequestRates rates_{{.per_second = 1, .burst = 5}, {.per_second = 1, .burst = 8}};
  std::optional<http::Response> refusal_;
};

TEST_F(RequestRatesTest, AKeyIsBoundedAndSaysWhenToComeBack) {
  EXPECT_EQ(let_in(10, Kind::kKey, "KY-1", 1), 5);
  ASSERT_TRUE(refusal_);
  EXPECT_EQ(refusal_->status, 429);
  int found = 0;
  for (const auto& [name, value] : refusal_->headers) {
    if (name != "Retry-After") continue;
    ++found;
    EXPECT_GE(std::stoi(value), 1);
  }
  EXPECT_EQ(found, 1);
  now_ += std::chrono::seconds(2);
  EXPECT_EQ(let_in(10, Kind::kKey, "KY-1", 1), 2);
}

TEST_F(RequestRatesTest, KeysAndPeopleOfATenantShareItsRateAndNoOthers) {
  EXPECT_EQ(let_in(5, Kind::kKey, "KY-1", 1), 5);
  EXPECT_EQ(let_in(5, Kind::kPerson, "PE-1", 1), 3);
  EXPECT_EQ(let_in(5, Kind::kKey, "KY-2", 2), 5);
}

TEST_F(RequestRatesTest, WhoActsWithoutSignInIsNotCounted) {
  EXPECT_EQ(let_in(100, Kind::kLocal, "", 1), 100);
  EXPECT_FALSE(rates_.refuse(http::Request(), now_));
}

TEST_F(RequestRatesTest, ARateOfZeroTakesAnyNumber) {
  RequestRates any({}, {});
  http::Request request;
  model::Principal caller;
  caller.kind = Kind::kKey;
  caller.id = "KY-1";
  request.principal = std::make_shared<const model::Principal>(caller);
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(any.refuse(request, now_));
}

}  // namespace
}  // namespace tocsin::auth
