#pragma once
// Slows down whoever guesses passwords, by name and by address.
//
// A name is locked for 15 minutes at its tenth failed try in a row, and the tries from the fifth on wait 1,
// 2, 4, 8 and 16 seconds. While a name or an address has to wait, tries are turned away unread and do not
// count, so a lock always ends by itself: nobody can lock an account out for good. What an attacker could
// still do is to take the one try that each 15 minutes allow, so an address from which the same name signed
// in before has a count of its own: who works from the usual place is not touched by what happens elsewhere.
//
// A try counts when it begins, not when it fails: a hundred at the same time are a hundred.
// All tables are bounded and in memory; several server processes count apart, and a restart forgets.

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

#include "base/clock.h"

namespace tocsin::auth {

struct FailurePolicy {
  unsigned free_tries;                // no wait after these
  unsigned locked_at;                 // failed tries in a row until the full lock; > free_tries
  std::chrono::seconds lock;          // how long; also the longest wait before
  std::chrono::seconds forget_after;  // without a failed try the count starts anew
};

struct ThrottleOptions {
  FailurePolicy name{4, 10, std::chrono::minutes(15), std::chrono::hours(24)};
  // Many people may share one address.
  FailurePolicy address{20, 60, std::chrono::minutes(15), std::chrono::hours(1)};
  std::size_t max_entries = 65'536;  // of each table, about 150 bytes an entry
};

// Thread-safe; each call costs a few hash look-ups.
class SignInThrottle {
 public:
  // `clock` outlives it.
  explicit SignInThrottle(const Clock& clock, ThrottleOptions options = {});
  ~SignInThrottle();
  SignInThrottle(const SignInThrottle&) = delete;
  SignInThrottle& operator=(const SignInThrottle&) = delete;

  // Zero: go on, and the try is counted. Else how long to wait (Retry-After), and nothing was counted. Ask
  // before the password is looked at, for names that do not exist too. Names compare without ASCII case; IPv6
  // addresses by their first 64 bits, which is what one customer of a provider has.
  std::chrono::seconds begin(std::string_view name, std::string_view address);

  // After the last factor: forgets the name's failures and remembers that it signs in from here.
  void succeeded(std::string_view name, std::string_view address);

  // The try was never judged, for instance because the pool was full.
  void take_back(std::string_view name, std::string_view address);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tocsin::auth
