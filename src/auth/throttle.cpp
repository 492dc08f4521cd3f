#include "auth/throttle.h"

#include <arpa/inet.h>

#include <mutex>

#include "auth/failure_table.h"
#include "base/ascii.h"

namespace tocsin::auth {
namespace {

// Names come from outside and stay in the table: longer ones share an entry.
constexpr std::size_t kMaxKey = 128;

std::string name_key(std::string_view name) {
  return to_lower(name.substr(0, kMaxKey));
}

std::string address_key(std::string_view address) {
  in6_addr v6{};
  const std::string text(address.substr(0, kMaxKey));
  if (inet_pton(AF_INET6, text.c_str(), &v6) != 1 || IN6_IS_ADDR_V4MAPPED(&v6)) return text;
  return std::string(reinterpret_cast<const char*>(v6.s6_addr), 8);
}

std::string pair_key(std::string_view name, std::string_view address) {
  return name_key(name) + '\0' + address_key(address);
}

}  // namespace

struct SignInThrottle::State {
  State(const Clock& c, const ThrottleOptions& options)
      : clock(c),
        names(options.name, options.max_entries),
        addresses(options.address, options.max_entries),
        usual(options.name, options.max_entries) {}

  // Where the name's failures are counted: a usual pair of name and address has a count of its own.
  FailureTable& table_of(const std::string& pair) { return usual.contains(pair) ? usual : names; }
  std::string key_of(const std::string& pair, std::string_view name) const {
    return usual.contains(pair) ? pair : name_key(name);
  }

  const Clock& clock;
  std::mutex mutex;
  FailureTable names;
  FailureTable addresses;
  FailureTable usual;  // key: pair; no failures when it only says that somebody signed in from there
};

SignInThrottle::SignInThrottle(const Clock& clock, ThrottleOptions options)
    : state_(std::make_unique<State>(clock, options)) {}
SignInThrottle::~SignInThrottle() = default;

std::chrono::seconds SignInThrottle::begin(std::string_view name, std::string_view address) {
  const auto pair = pair_key(name, address);
  const auto from = address_key(address);
  const std::lock_guard lock(state_->mutex);
  const auto now = state_->clock.now();
  auto& table = state_->table_of(pair);
  const auto key = state_->key_of(pair, name);
  const auto wait = std::max(table.wait(key, now), state_->addresses.wait(from, now));
  if (wait > std::chrono::seconds(0)) return wait;
  table.add(key, now);
  state_->addresses.add(from, now);
  return wait;
}

void SignInThrottle::succeeded(std::string_view name, std::string_view address) {
  const auto pair = pair_key(name, address);
  const std::lock_guard lock(state_->mutex);
  // Only what was counted here is forgotten: a sign-in from the usual place does not free a guesser
  // elsewhere.
  if (!state_->usual.contains(pair)) state_->names.forget(name_key(name));
  state_->usual.forget(pair);
  state_->usual.add(pair, state_->clock.now());
  state_->usual.take_back(pair);
  state_->addresses.take_back(address_key(address));
}

void SignInThrottle::take_back(std::string_view name, std::string_view address) {
  const auto pair = pair_key(name, address);
  const std::lock_guard lock(state_->mutex);
  state_->table_of(pair).take_back(state_->key_of(pair, name));
  state_->addresses.take_back(address_key(address));
}

}  // namespace tocsin::auth
