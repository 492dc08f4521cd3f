#include "auth/rotation.h"

#include "auth/key_file.h"
#include "auth/sign_in.h"
#include "auth/testing_access.h"
#include "auth/trust_table.h"

namespace tocsin::auth {
namespace {

class RotationTest : public test::AccessTest {
 protected:
  store::Person add_with_secret(const std::string& login, const SecretBox& box, std::string_view secret) {
    auto person = add(login, model::Role::kAnalyst);
    person.totp_secret = box.seal(secret, totp_owner(person.id.str()));
    return *directory_.update_person(std::move(person));
  }
  std::vector<store::Person> everybody() { return *database_->people().people(); }

  std::filesystem::path file_ = folder_.file("secrets.key");
};

TEST_F(RotationTest, EverySecretIsSealedAnewAndTheOldKeyIsGone) {
  const auto before = *load_key_file(file_, {});
  for (int i = 0; i < 20; ++i)
    add_with_secret("p" + std::to_string(i), before, "secret " + std::to_string(i));
  add("without", model::Role::kViewer);
  const auto done = rotate_secrets(*database_, file_, {});
  ASSERT_TRUE(done.ok()) << to_string(done.error());
  EXPECT_EQ(done->resealed, 20u);
  EXPECT_TRUE(done->unreadable.empty());
  const auto after = *load_key_file(file_, {});
  ASSERT_EQ(after.keys().size(), 1u);
  EXPECT_EQ(after.keys()[0].id, done->key_id);
  EXPECT_NE(after.keys()[0].id, before.keys()[0].id);
  int readable = 0;
  for (const auto& person : everybody()) {
    if (person.totp_secret.empty()) continue;
    EXPECT_FALSE(before.open(person.totp_secret, totp_owner(person.id.str())).ok());
    readable += after.open(person.totp_secret, totp_owner(person.id.str())).ok() ? 1 : 0;
  }
  EXPECT_EQ(readable, 20);
}

TEST_F(RotationTest, AnInterruptedRunIsFinishedByTheNext) {
  auto box = *load_key_file(file_, {});
  add_with_secret("a", box, "one");
  box.add_key();
  ASSERT_TRUE(save_key_file(file_, box, {}).ok());
  add_with_secret("b", box, "two");
  const auto done = rotate_secrets(*database_, file_, {});
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->resealed, 2u);
  EXPECT_EQ(load_key_file(file_, {})->keys().size(), 1u);
}

TEST_F(RotationTest, ASecretThatNoKeyOpensKeepsTheOldKeysAndIsNamed) {
  const auto box = *load_key_file(file_, {});
  add_with_secret("a", box, "one");
  add_with_secret("lost", SecretBox::create(), "two");
  const auto done = rotate_secrets(*database_, file_, {});
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->resealed, 1u);
  EXPECT_EQ(done->unreadable, std::vector<std::string>{"the second factor of lost"});
  EXPECT_EQ(load_key_file(file_, {})->keys().size(), 2u);
}

TEST_F(RotationTest, WebhookSecretsOfEveryTenantAreSealedAnew) {
  const auto before = *load_key_file(file_, {});
  const auto other = *directory_.add_tenant({.name = "acme"});
  const std::vector<std::int64_t> tenants{1, other.number};
  for (const auto number : tenants) {
    const TrustTable table{{"suricata", {.secret = "a secret of tenant " + std::to_string(number)}},
                           {"wazuh", {.secret = "another secret"}}};
    ASSERT_TRUE(database_->tenant({number}).set_setting(kTrustSetting,
                                                        encode_trust(table, std::to_string(number), before)));
  }
  const auto done = rotate_secrets(*database_, file_, {});
  ASSERT_TRUE(done.ok()) << to_string(done.error());
  EXPECT_EQ(done->resealed, 4U);
  const auto after = *load_key_file(file_, {});
  for (const auto number : tenants) {
    const auto value = **database_->tenant({number}).setting(kTrustSetting);
    EXPECT_FALSE(decode_trust(value, std::to_string(number), before).ok());
    const auto table = decode_trust(value, std::to_string(number), after);
    ASSERT_TRUE(table.ok()) << to_string(table.error());
    EXPECT_EQ(table->at("suricata").secret, "a secret of tenant " + std::to_string(number));
  }
}

TEST_F(RotationTest, WebhookSecretsThatNoKeyOpensAreNamed) {
  (void)*load_key_file(file_, {});
  ASSERT_TRUE(database_->tenant({1}).set_setting(
      kTrustSetting, encode_trust({{"suricata", {.secret = "x"}}}, "1", SecretBox::create())));
  const auto done = rotate_secrets(*database_, file_, {});
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->unreadable, std::vector<std::string>{"the webhook secrets of the tenant default"});
  EXPECT_EQ(load_key_file(file_, {})->keys().size(), 2U);
}

}  // namespace
}  // namespace tocsin::auth
