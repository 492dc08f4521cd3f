#include "auth/rotation.h"

#include "auth/key_file.h"
#include "auth/sign_in.h"
#include "auth/trust_table.h"

namespace tocsin::auth {
namespace {

// False when no key opens the secret.
Result<bool> reseal(store::PeopleStore& people, const SecretBox& box, store::Person person) {
  const auto id = person.id.str();
  const auto secret = box.open(person.totp_secret, totp_owner(id));
  if (!secret) return false;
  person.totp_secret = box.seal(*secret, totp_owner(id));
  TOCSIN_CHECK(people.update_person(std::move(person)));
  return true;
}

Result<void> reseal_second_factors(store::PeopleStore& people, const SecretBox& box, Rotation& done) {
  TOCSIN_TRY(everybody, people.people());
  for (auto& person : everybody) {
    if (person.totp_secret.empty() || !box.needs_reseal(person.totp_secret)) continue;
    const auto login = person.login;
    TOCSIN_TRY(was_readable, reseal(people, box, std::move(person)));
    if (was_readable)
      ++done.resealed;
    else
      done.unreadable.push_back("the second factor of " + login);
  }
  return {};
}

// One sealed text a tenant, with the secrets of all its sources.
Result<void> reseal_trust(store::Database& database, const SecretBox& box, Rotation& done) {
  TOCSIN_TRY(tenants, database.people().tenants());
  for (const auto& tenant : tenants) {
    auto& store = database.tenant({tenant.number});
    TOCSIN_TRY(kept, store.setting(kTrustSetting));
    if (!kept || kept->empty()) continue;
    const auto number = std::to_string(tenant.number);
    const auto table = decode_trust(*kept, number, box);
    if (!table) {
      done.unreadable.push_back("the webhook secrets of the tenant " + tenant.name);
      continue;
    }
    TOCSIN_CHECK(store.set_setting(kTrustSetting, encode_trust(*table, number, box)));
    done.resealed += table->size();
  }
  return {};
}

}  // namespace

Result<Rotation> rotate_secrets(store::Database& database, const std::filesystem::path& key_file,
                                const std::optional<std::string>& passphrase) {
  TOCSIN_TRY(box, load_key_file(key_file, passphrase));
  box.add_key();
  TOCSIN_CHECK(save_key_file(key_file, box, passphrase));
  Rotation done{box.keys().front().id, 0, {}};
  TOCSIN_CHECK(reseal_second_factors(database.people(), box, done));
  TOCSIN_CHECK(reseal_trust(database, box, done));
  if (!done.unreadable.empty()) return done;
  box.drop_old_keys();
  TOCSIN_CHECK(save_key_file(key_file, box, passphrase));
  return done;
}

}  // namespace tocsin::auth
