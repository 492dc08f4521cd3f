#pragma once
// A directory over an empty database, with people and keys made in a line.

#include <gtest/gtest.h>

#include "auth/directory.h"
#include "auth/password.h"
#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::auth::test {

inline constexpr PasswordCost kCheap{8 << 10, 1};

class AccessTest : public testing::Test {
 protected:
  AccessTest() { EXPECT_TRUE(directory_.load()); }
  ~AccessTest() override { database_->close(); }

  store::Person add(std::string login, std::vector<store::Grant> grants, std::string_view password = {}) {
    store::Person person;
    person.login = std::move(login);
    person.grants = std::move(grants);
    if (!password.empty()) person.password_hash = *hash_password(password, kCheap);
    auto added = directory_.add_person(std::move(person));
    EXPECT_TRUE(added);
    return *added;
  }
  store::Person add(std::string login, model::Role role) { return add(std::move(login), {{1, role, {}}}); }
  std::string session_of(const store::Person& person) {
    return directory_.begin_session(person, "10.1.2.3", "test")->token;
  }
  std::string key_of(model::Role role, std::string source = {}) {
    store::ApiKey key;
    key.name = "key";
    key.role = role;
    key.verbs = model::verbs_of(role);
    key.source = std::move(source);
    return directory_.add_key(std::move(key))->token;
  }

  store::test::TempDir folder_;
  store::test::FakeClock clock_;
  std::unique_ptr<store::Database> database_ = open();
  Directory directory_{database_->people(), clock_};

 private:
  std::unique_ptr<store::Database> open() {
    store::SqliteOptions options;
    options.file = folder_.file("tocsin.db");
    options.clock = &clock_;
    auto opened = store::open_sqlite(options);
    if (!opened) throw std::runtime_error(to_string(opened.error()));
    return *std::move(opened);
  }
};

}  // namespace tocsin::auth::test
