// What every database behind store.h must do: tenants, people, sessions, keys.

#include <gtest/gtest.h>

#include "store/acting.h"
#include "store/backend_test.h"

namespace tocsin::store::test {
namespace {

class PeopleContract : public BackendTest {
 protected:
  PeopleStore& people() { return database().people(); }
  std::int64_t revision() { return value_of(people().revision()); }
  Person add(std::string login) {
    Person person;
    person.login = std::move(login);
    person.name = "Ana";
    return value_of(people().add_person(person));
  }
  Session session_of(const Person& person, char token) {
    Session session;
    session.id = SessionId::make(now());
    session.person = person.id;
    session.token_hash.assign(64, token);
    session.created_at = session.last_seen = now();
    session.address = "10.1.2.3";
    return session;
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, PeopleContract, testing::ValuesIn(backends()), backend_name);

TEST_P(PeopleContract, ADefaultTenantIsThereAndOthersAreNumberedOnce) {
  const auto first = value_of(people().tenants());
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].name, "default");
  EXPECT_EQ(first[0].number, kDefaultTenant.value);
  Tenant acme{.name = "acme", .title = "ACME"};
  const auto made = value_of(people().add_tenant(acme));
  EXPECT_EQ(made.number, 2);
  EXPECT_EQ(people().add_tenant(acme).error().kind, ErrorKind::kConflict);
  reopen();
  EXPECT_EQ(value_of(people().tenants()).size(), 2U);
}

TEST_P(PeopleContract, ATenantIsChangedAtItsVersionOnly) {
  auto tenant = value_of(people().tenants())[0];
  tenant.suspended = true;
  tenant.alerts_per_second = 50;
  const auto changed = value_of(people().update_tenant(tenant));
  EXPECT_EQ(changed.version, tenant.version + 1);
  EXPECT_EQ(people().update_tenant(tenant).error().kind, ErrorKind::kConflict);
  tenant.number = 77;
  EXPECT_EQ(people().update_tenant(tenant).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(value_of(people().tenants())[0].alerts_per_second, 50);
}

TEST_P(PeopleContract, APersonIsStoredWholeAndLoginsAreUniqueWithoutCase) {
  Person person;
  person.login = "Ana";
  person.name = "Ana María";
  person.grants = {{1, model::Role::kAnalyst, {{"suricata"}, {"finance"}}},
                   {kEveryTenant, model::Role::kAuditor, {}}};
  person.password_hash = "$argon2id$…";
  person.totp_secret = "sealed";
  person.totp_step = 7;
  person.recovery_hashes = {"a", "b"};
  person.external_id = "https://idp|42";
  const auto made = value_of(people().add_person(person));
  EXPECT_EQ(made.login, "ana");
  Person same;
  same.login = "ANA";
  EXPECT_EQ(people().add_person(same).error().kind, ErrorKind::kConflict);
  same.login = "bob";
  same.external_id = person.external_id;
  EXPECT_EQ(people().add_person(same).error().kind, ErrorKind::kConflict);
  reopen();
  const auto stored = value_of(people().people());
  ASSERT_EQ(stored.size(), 1U);
  EXPECT_EQ(stored[0].id, made.id);
  EXPECT_EQ(stored[0].name, person.name);
  EXPECT_EQ(stored[0].grants, person.grants);
  EXPECT_EQ(stored[0].password_hash, person.password_hash);
  EXPECT_EQ(stored[0].totp_secret, person.totp_secret);
  EXPECT_EQ(stored[0].totp_step, 7);
  EXPECT_EQ(stored[0].recovery_hashes, person.recovery_hashes);
  EXPECT_EQ(stored[0].external_id, person.external_id);
  EXPECT_FALSE(stored[0].last_sign_in);
}

TEST_P(PeopleContract, APersonIsChangedAtItsVersionOnly) {
  auto ana = add("ana");
  add("bob");
  ana.disabled = true;
  ana.last_sign_in = now();
  const auto changed = value_of(people().update_person(ana));
  EXPECT_EQ(people().update_person(ana).error().kind, ErrorKind::kConflict);
  auto taken = changed;
  taken.login = "BOB";
  EXPECT_EQ(people().update_person(taken).error().kind, ErrorKind::kConflict);
  EXPECT_TRUE(value_of(people().people())[0].disabled);
  EXPECT_EQ(value_of(people().people())[0].last_sign_in, now());
}

TEST_P(PeopleContract, SessionsComeAreTouchedAndEnd) {
  const auto ana = add("ana");
  const auto one = session_of(ana, '1');
  auto two = session_of(ana, '2');
  EXPECT_TRUE(succeeded(people().add_session(one)));
  EXPECT_TRUE(succeeded(people().add_session(two)));
  const auto later = now() + std::chrono::minutes(5);
  EXPECT_TRUE(succeeded(people().touch_sessions({{two.id, later}})));
  EXPECT_TRUE(succeeded(people().end_sessions({one.id})));
  const auto left = value_of(people().sessions());
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].id, two.id);
  EXPECT_EQ(left[0].token_hash, two.token_hash);
  EXPECT_EQ(left[0].last_seen, later);
  EXPECT_EQ(left[0].address, "10.1.2.3");
}

TEST_P(PeopleContract, KeysAreKeptWithTheirRightsAndRevoked) {
  ApiKey key;
  key.id = KeyId::make(now());
  key.name = "ci";
  key.token_hash.assign(64, '9');
  key.role = model::Role::kIngest;
  key.verbs = model::verbs_of(key.role);
  key.scope = {{"suricata"}, {}};
  key.source = "suricata";
  key.created_by = "ana";
  key.created_at = now();
  key.expires_at = now() + std::chrono::hours(24);
  EXPECT_TRUE(succeeded(people().add_key(key)));
  EXPECT_TRUE(succeeded(people().touch_keys({{key.id, now()}})));
  EXPECT_TRUE(succeeded(people().revoke_key(key.id)));
  EXPECT_EQ(people().revoke_key(KeyId::make(now())).error().kind, ErrorKind::kNotFound);
  const auto stored = value_of(people().keys());
  ASSERT_EQ(stored.size(), 1U);
  EXPECT_EQ(stored[0].token_hash, key.token_hash);
  EXPECT_EQ(stored[0].verbs, key.verbs);
  EXPECT_EQ(stored[0].scope, key.scope);
  EXPECT_EQ(stored[0].expires_at, key.expires_at);
  EXPECT_EQ(stored[0].last_used, now());
  EXPECT_TRUE(stored[0].revoked);
}

TEST_P(PeopleContract, TheRevisionGrowsWithWhatOthersMustSee) {
  const auto before = revision();
  const auto ana = add("ana");
  EXPECT_EQ(revision(), before + 1);
  const auto session = session_of(ana, '1');
  EXPECT_TRUE(succeeded(people().add_session(session)));
  EXPECT_EQ(revision(), before + 2);
  EXPECT_TRUE(succeeded(people().touch_sessions({{session.id, now()}})));
  EXPECT_EQ(revision(), before + 2);
  EXPECT_TRUE(succeeded(people().end_sessions({session.id})));
  EXPECT_EQ(revision(), before + 3);
}

TEST_P(PeopleContract, EveryChangeIsAuditedWithoutASecret) {
  const Acting acting({.actor = "root", .kind = ActorKind::kPerson, .address = "10.9.9.9"});
  auto ana = add("ana");
  ana.password_hash = "$argon2id$secret";
  ana = value_of(people().update_person(ana));
  ana.totp_secret = "sealed-secret";
  ana.grants = {{1, model::Role::kSenior, {}}};
  ana = value_of(people().update_person(ana));
  const auto session = session_of(ana, 's');
  EXPECT_TRUE(succeeded(people().add_session(session)));
  EXPECT_TRUE(succeeded(people().touch_sessions({{session.id, now()}})));
  EXPECT_TRUE(succeeded(people().end_sessions({session.id})));
  ApiKey key;
  key.id = KeyId::make(now());
  key.token_hash.assign(64, 'k');
  EXPECT_TRUE(succeeded(people().add_key(key)));
  EXPECT_TRUE(succeeded(people().revoke_key(key.id)));
  auto acme = value_of(people().add_tenant({.name = "acme"}));
  EXPECT_FALSE(people().add_tenant({.name = "acme"}));
  acme.suspended = true;
  EXPECT_TRUE(people().update_tenant(acme));
  std::vector<std::string> actions;
  std::string all;
  EXPECT_TRUE(succeeded(store().audit().scan(0, [&](std::span<const AuditRecord> records) {
    for (const auto& record : records) {
      actions.push_back(record.action);
      all += record.before + record.after;
      EXPECT_EQ(record.actor, "root");
    }
    return true;
  })));
  EXPECT_EQ(actions, (std::vector<std::string>{"person.create", "person.password", "person.second_factor",
                                               "session.sign_in", "session.sign_out", "api_key.create",
                                               "api_key.revoke", "tenant.create", "tenant.update"}));
  const std::vector<std::string> secrets{"argon2id", "sealed-secret", session.token_hash, key.token_hash};
  for (const auto& secret : secrets) EXPECT_EQ(all.find(secret), std::string::npos) << secret;
}

}  // namespace
}  // namespace tocsin::store::test
