#include "auth/sign_in.h"

#include "auth/totp.h"
#include "store/acting.h"

namespace tocsin::auth {

SecretOwner totp_owner(const std::string& person_id) {
  return {"", "totp", person_id};
}

void SignIn::attempt(Attempt attempt, Done done) {
  const auto wait = throttle_.begin(attempt.login, attempt.address);
  if (wait.count() > 0) return done(Outcome(Wait{wait}));
  const auto origin = store::Acting::current();
  auto queued = pool_.submit([this, attempt, done, origin] {
    auto acting_as = origin;
    acting_as.actor = attempt.login;
    const store::Acting acting(std::move(acting_as));
    done(judge(attempt));
  });
  if (queued) return;
  throttle_.take_back(attempt.login, attempt.address);
  done(queued.error());
}

bool SignIn::is_password(const store::Person& person, std::string_view password) const {
  return !person.password_hash.empty() && verify_password(person.password_hash, password);
}

Result<std::optional<store::Person>> SignIn::check_code(store::Person person, std::string_view code) const {
  const auto id = person.id.str();
  TOCSIN_TRY(secret, secrets_.open(person.totp_secret, totp_owner(id)));
  if (const auto step = accept_totp(secret, code, clock_.now(), person.totp_step)) {
    person.totp_step = *step;
    return std::optional(std::move(person));
  }
  const auto recovery = find_recovery_code(person.recovery_hashes, code, cost_);
  if (!recovery) return std::optional<store::Person>();
  person.recovery_hashes.erase(person.recovery_hashes.begin() + static_cast<std::ptrdiff_t>(*recovery));
  return std::optional(std::move(person));
}

Result<SignIn::Outcome> SignIn::judge(const Attempt& attempt) {
  auto person = directory_.person_by_login(attempt.login);
  const bool has_password = person && !person->password_hash.empty();
  const bool is_right = has_password ? verify_password(person->password_hash, attempt.password)
                                     : verify_nobody(attempt.password, cost_);
  if (!is_right) return Outcome(Wrong{});
  if (person->disabled) return Outcome(Wrong{true});
  if (!person->totp_secret.empty()) {
    if (attempt.code.empty()) {
      throttle_.take_back(attempt.login, attempt.address);
      return Outcome(NeedsCode{false});
    }
    TOCSIN_TRY(accepted, check_code(*person, attempt.code));
    if (!accepted) return Outcome(NeedsCode{true});
    person = std::move(accepted);
  }
  if (needs_rehash(person->password_hash, cost_)) {
    TOCSIN_TRY(hash, hash_password(attempt.password, cost_));
    person->password_hash = std::move(hash);
  }
  person->last_sign_in = clock_.now();
  // At the version that was read: of two sign-ins with one code only one gets through.
  auto stored = directory_.update_person(*std::move(person));
  if (!stored && stored.error().kind == ErrorKind::kConflict) return Outcome(NeedsCode{true});
  if (!stored) return stored.error();
  throttle_.succeeded(attempt.login, attempt.address);
  if (!directory_.has_tenant(*stored)) return Outcome(Suspended{});
  if (attempt.ends) TOCSIN_CHECK(directory_.end_sessions({*attempt.ends}));
  TOCSIN_TRY(session, directory_.begin_session(*stored, attempt.address, attempt.user_agent));
  return Outcome(SignedIn{*std::move(stored), std::move(session)});
}

}  // namespace tocsin::auth
