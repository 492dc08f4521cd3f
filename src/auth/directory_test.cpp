#include "auth/directory.h"

#include "auth/testing_access.h"

namespace tocsin::auth {
namespace {

using model::Role;
using namespace std::chrono_literals;

class DirectoryTest : public test::AccessTest {};

TEST_F(DirectoryTest, IsOpenUntilThereIsAPerson) {
  EXPECT_TRUE(directory_.is_open());
  EXPECT_FALSE(directory_.has_admin());
  add("vera", Role::kViewer);
  EXPECT_FALSE(directory_.is_open());
  EXPECT_FALSE(directory_.has_admin());
  add("ada", Role::kAdmin);
  EXPECT_TRUE(directory_.has_admin());
}

TEST_F(DirectoryTest, ASessionIsItsPersonWithTheRightsOfTheTenant) {
  const auto acme = directory_.add_tenant({.name = "acme", .title = "ACME"});
  ASSERT_TRUE(acme);
  const auto ana = add("Ana", {{1, Role::kAnalyst, {{"suricata"}, {}}}, {acme->number, Role::kViewer, {}}});
  const auto token = session_of(ana);
  const auto here = directory_.find_session(token, "");
  ASSERT_TRUE(here.principal);
  EXPECT_EQ(here.principal->name, "ana");
  EXPECT_EQ(here.principal->role, Role::kAnalyst);
  EXPECT_EQ(here.principal->scope.sources, std::vector<std::string>{"suricata"});
  const auto there = directory_.find_session(token, "acme");
  ASSERT_TRUE(there.principal);
  EXPECT_EQ(there.principal->tenant, acme->number);
  EXPECT_FALSE(there.principal->may(model::Verb::kAlertsTriage));
  const auto foreign = directory_.find_session(token, "umbrella");
  EXPECT_FALSE(foreign.principal);
  EXPECT_TRUE(foreign.foreign_tenant);
}

TEST_F(DirectoryTest, ASuspendedTenantIsNobodys) {
  const auto ana = add("ana", Role::kAdmin);
  const auto token = session_of(ana);
  auto tenant = *directory_.tenant(1);
  tenant.suspended = true;
  ASSERT_TRUE(directory_.update_tenant(tenant));
  EXPECT_FALSE(directory_.find_session(token, "").principal);
}

TEST_F(DirectoryTest, SessionsEndByIdlenessAndByAge) {
  const auto ana = add("ana", Role::kAnalyst);
  const auto idle = session_of(ana);
  clock_.advance(61min);
  EXPECT_FALSE(directory_.find_session(idle, "").principal);
  const auto busy = session_of(ana);
  for (int i = 0; i < 24; ++i) {
    EXPECT_TRUE(directory_.find_session(busy, "").principal) << i;
    clock_.advance(30min);
  }
  clock_.advance(1min);
  EXPECT_FALSE(directory_.find_session(busy, "").principal);
}

TEST_F(DirectoryTest, WhatIsTakenAwayHoldsNoMore) {
  auto ana = add("ana", Role::kAnalyst);
  const auto token = session_of(ana);
  const auto before = directory_.find_session(token, "").principal;
  ASSERT_TRUE(before);
  EXPECT_TRUE(directory_.still_holds(*before));
  int told = 0;
  directory_.on_change([&] { ++told; });
  ana.grants[0].role = Role::kViewer;
  ana = *directory_.update_person(ana);
  EXPECT_GE(told, 1);
  EXPECT_FALSE(directory_.still_holds(*before));
  EXPECT_EQ(directory_.find_session(token, "").principal->role, Role::kViewer);
  ana.disabled = true;
  ASSERT_TRUE(directory_.update_person(ana));
  EXPECT_FALSE(directory_.find_session(token, "").principal);
  EXPECT_TRUE(directory_.sessions_of(ana.id).empty());
}

TEST_F(DirectoryTest, WhoMustChangeThePasswordMayDoNothingElse) {
  auto ana = add("ana", Role::kAdmin);
  ana.must_change_password = true;
  ana = *directory_.update_person(ana);
  const auto token = session_of(ana);
  const auto caller = directory_.find_session(token, "").principal;
  ASSERT_TRUE(caller);
  EXPECT_TRUE(caller->may(model::Verb::kOwnAccount));
  EXPECT_EQ(caller->verbs.count(), 2U);
  ana.must_change_password = false;
  ASSERT_TRUE(directory_.update_person(ana));
  EXPECT_TRUE(directory_.find_session(token, "").principal->may(model::Verb::kTenantsWrite));
}

TEST_F(DirectoryTest, SigningOutEverywhereSparesOne) {
  const auto ana = add("ana", Role::kAnalyst);
  const auto kept = session_of(ana);
  const auto other = session_of(ana);
  const auto id = directory_.find_session(kept, "").principal->session;
  ASSERT_TRUE(directory_.end_sessions_of(ana.id, id));
  EXPECT_TRUE(directory_.find_session(kept, "").principal);
  EXPECT_FALSE(directory_.find_session(other, "").principal);
}

TEST_F(DirectoryTest, AKeyIsKnownUntilItExpiresOrIsRevoked) {
  store::ApiKey key;
  key.name = "ci";
  key.role = Role::kAnalyst;
  key.verbs.set(static_cast<std::size_t>(model::Verb::kAlertsRead));
  key.expires_at = clock_.now() + 1h;
  const auto made = directory_.add_key(key);
  ASSERT_TRUE(made);
  const auto found = directory_.find_key(made->token, "");
  ASSERT_TRUE(found.principal);
  EXPECT_TRUE(found.principal->may(model::Verb::kAlertsRead));
  EXPECT_FALSE(found.principal->may(model::Verb::kAlertsTriage));
  EXPECT_FALSE(directory_.find_session(made->token, "").principal);
  EXPECT_TRUE(directory_.find_key(made->token, "other").foreign_tenant);
  clock_.advance(1h);
  EXPECT_FALSE(directory_.find_key(made->token, "").principal);
  const auto second = key_of(Role::kViewer);
  ASSERT_TRUE(directory_.revoke_key(directory_.keys(1).back().id));
  EXPECT_FALSE(directory_.find_key(second, "").principal);
}

TEST_F(DirectoryTest, WhatAnotherProcessChangedShowsAfterARefresh) {
  Directory other(database_->people(), clock_);
  ASSERT_TRUE(other.load());
  const auto ana = add("ana", Role::kAnalyst);
  const auto token = session_of(ana);
  EXPECT_FALSE(other.find_session(token, "").principal);
  ASSERT_TRUE(other.refresh());
  EXPECT_TRUE(other.find_session(token, "").principal);
  ASSERT_TRUE(directory_.end_sessions_of(ana.id));
  ASSERT_TRUE(other.refresh());
  EXPECT_FALSE(other.find_session(token, "").principal);
}

TEST_F(DirectoryTest, TheTimeOfLastUseIsWrittenDown) {
  const auto ana = add("ana", Role::kAnalyst);
  const auto token = session_of(ana);
  clock_.advance(5min);
  EXPECT_TRUE(directory_.find_session(token, "").principal);
  ASSERT_TRUE(directory_.refresh());
  EXPECT_EQ(database_->people().sessions()->front().last_seen, clock_.now());
}

}  // namespace
}  // namespace tocsin::auth
