// People from the command line: how the first admin of a server that listens to a network comes to be.

#include <sodium.h>

#include <cstdio>

#include "app/commands/commands.h"
#include "app/commands/environment.h"
#include "app/database.h"
#include "auth/password.h"
#include "config/config.h"
#include "store/acting.h"

namespace tocsin::app {
namespace {

// 22 characters of 57: 128 bits; none that are taken for one another.
std::string make_password() {
  constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
  std::string password;
  for (int i = 0; i < 22; ++i)
    password += kLetters[randombytes_uniform(static_cast<std::uint32_t>(kLetters.size()))];
  return password;
}

Result<config::Settings> read_settings(const AddPersonFlags& flags) {
  config::Values values;
  if (!flags.data.empty()) values.insert_or_assign("data.dir", flags.data);
  if (!flags.database.empty()) values.insert_or_assign("data.database_url", flags.database);
  TOCSIN_TRY(dotenv, read_dotenv());
  return config::load(values, config::process_environment(), dotenv, flags.config);
}

struct Added {
  bool was_needed = true;
  std::string password;
};

Result<Added> add(const AddPersonFlags& flags) {
  const auto role = model::parse_role(flags.role);
  if (!role || *role == model::Role::kIngest) {
    return error(ErrorKind::kInvalidInput, "add a person", "there is no role \"" + flags.role + "\"",
                 "roles: viewer, responder, analyst, senior, tenant-admin, admin, auditor");
  }
  TOCSIN_TRY(settings, read_settings(flags));
  const SystemClock clock;
  TOCSIN_TRY(database, open_database(settings, clock));
  TOCSIN_TRY(known, database->people().people());
  if (flags.unless_any && !known.empty()) return Added{false, {}};
  Added added{true, make_password()};
  store::Person person;
  person.login = flags.login;
  person.name = flags.name.empty() ? flags.login : flags.name;
  const bool is_admin = *role == model::Role::kAdmin;
  person.grants = {{is_admin ? store::kEveryTenant : store::kDefaultTenant.value, *role, {}}};
  TOCSIN_TRY(hash, auth::hash_password(added.password));
  person.password_hash = std::move(hash);
  person.must_change_password = true;
  const store::Acting acting({.actor = "command line"});
  TOCSIN_CHECK(database->people().add_person(std::move(person)));
  database->close();
  return added;
}

}  // namespace

int add_person(const AddPersonFlags& flags) {
  const auto added = add(flags);
  if (!added) {
    std::fprintf(stderr, "tocsin people add: %s\n", to_string(added.error()).c_str());
    return 2;
  }
  if (added->was_needed)
    std::printf("%s may sign in with the password %s and has to choose another one then\n",
                flags.login.c_str(), added->password.c_str());
  return 0;
}

}  // namespace tocsin::app
