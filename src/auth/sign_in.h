#pragma once
// Signing in with a name, a password and, where it is set up, a second factor. The slow part runs on the
// password pool; tries are throttled by name and address (throttle.h).

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "auth/directory.h"
#include "auth/password.h"
#include "auth/password_pool.h"
#include "auth/secret_box.h"
#include "auth/throttle.h"

namespace tocsin::auth {

// What TOTP secrets are sealed for.
SecretOwner totp_owner(const std::string& person_id);

class SignIn {
 public:
  // All outlive it.
  SignIn(Directory& directory, PasswordPool& pool, SignInThrottle& throttle, const SecretBox& secrets,
         const Clock& clock, PasswordCost cost = {})
      : directory_(directory),
        pool_(pool),
        throttle_(throttle),
        secrets_(secrets),
        clock_(clock),
        cost_(cost) {}

  struct Attempt {
    std::string login;
    std::string password;
    std::string code;  // of the authenticator, or a recovery code; empty: none was typed
    std::string address;
    std::string user_agent;
    std::optional<SessionId> ends;  // the session that the browser had before: a new one takes its place
  };
  struct Wrong {               // name or password: which, is not said
    bool is_disabled = false;  // for the audit log: all was right, and the account is disabled
  };
  struct NeedsCode {
    bool was_wrong = false;  // one was typed
  };
  struct Suspended {};  // all was right, and every tenant of the person is suspended
  struct Wait {
    std::chrono::seconds time;
  };
  struct SignedIn {
    store::Person person;
    Directory::NewSession session;
  };
  using Outcome = std::variant<SignedIn, Wrong, NeedsCode, Suspended, Wait>;
  using Done = std::function<void(Result<Outcome>)>;

  // `done` runs on a thread of the pool, or on this one when nothing was tried. kBusy: too many are waiting.
  void attempt(Attempt attempt, Done done);

  // The same check for a person who is signed in and does something grave. On the pool.
  bool is_password(const store::Person& person, std::string_view password) const;

 private:
  Result<Outcome> judge(const Attempt& attempt);
  // The person as they are to be stored when the code was right.
  Result<std::optional<store::Person>> check_code(store::Person person, std::string_view code) const;

  Directory& directory_;
  PasswordPool& pool_;
  SignInThrottle& throttle_;
  const SecretBox& secrets_;
  const Clock& clock_;
  PasswordCost cost_;
};

}  // namespace tocsin::auth
