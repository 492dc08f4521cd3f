#pragma once
// Refused sign-ins on their way into the audit log. Whoever guesses makes them by the thousand, so they are
// counted here and written at most once a minute for each name and address, and at most kRecordsPerMinute in
// all: nobody fills the disk by failing.
//
//   refusals.add(Refusal::kPassword, "ana", "10.1.2.3");   // never blocks, never writes
//
// A name that nobody here has is recorded as a keyed hash: people type passwords into the field for names.

#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "auth/directory.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/audit.h"

namespace tocsin::auth {

enum class Refusal : std::uint8_t {
  kPassword,   // name or password is not right
  kCode,       // the second factor is not
  kDisabled,   // all was right, but the account is disabled
  kSuspended,  // all was right, but every tenant of the person is suspended
  kThrottled,  // turned away unread
  kProvider,   // the OpenID provider, or what it said, was refused
  kToken,      // a key or an ingest token that is not known or over
};
constexpr std::size_t kRefusals = 7;
std::string_view to_text(Refusal why);

// Thread-safe.
class RefusalLog {
 public:
  static constexpr std::size_t kRecordsPerMinute = 30;
  static constexpr std::size_t kMaxEntries =
      4096;  // names with their addresses; the rest is counted together

  // `key` is secret and hashes names that nobody has. All others outlive it.
  RefusalLog(const Directory& directory, store::AuditStore& audit, const Clock& clock, std::string key);
  ~RefusalLog();
  RefusalLog(const RefusalLog&) = delete;
  RefusalLog& operator=(const RefusalLog&) = delete;

  // `login` as it was typed, or empty; `detail` is ours, never the client's.
  void add(Refusal why, std::string_view login, std::string_view address, std::string_view detail = {});

  // Writes every second what is due; on stop what is left.
  void start();
  void stop();
  // One round of it. An error leaves what was not written for the next.
  Result<void> write_due(bool all = false);

 private:
  struct Entry {
    std::string object;  // "PE-…", "unknown:" and 16 hex digits, or empty
    std::string login;   // of a person
    std::string address;
    std::string detail;
    std::array<std::int64_t, kRefusals> counts{};
    Timestamp first{};
    Timestamp last{};
    Timestamp written{};  // the epoch: never
    bool is_pending() const;
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  Entry describe(std::string_view login, std::string_view address) const;
  std::vector<Entries::value_type> take_due(Timestamp now, bool all);
  void put_back(const Entries::value_type& entry);
  Result<void> write(const Entry& entry);

  const Directory& directory_;
  store::AuditStore& audit_;
  const Clock& clock_;
  const std::string key_;
  std::mutex mutex_;  // guards what follows
  Entries entries_;
  Timestamp minute_{};  // when the present one began
  std::size_t written_in_minute_ = 0;
  std::jthread thread_;
};

}  // namespace tocsin::auth
