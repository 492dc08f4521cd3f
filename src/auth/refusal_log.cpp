#include "auth/refusal_log.h"

#include <algorithm>
#include <condition_variable>
#include <numeric>

#include "auth/sodium.h"
#include "base/sha256.h"
#include "base/this_thread.h"
#include "store/acting.h"
#include "store/audit_fields.h"

namespace tocsin::auth {
namespace {

constexpr std::array<std::string_view, kRefusals> kNames{"wrong_name_or_password", "wrong_code", "disabled",
                                                         "tenants_suspended",      "throttled",  "provider",
                                                         "unknown_token"};
constexpr std::chrono::minutes kOnce{1};
constexpr std::chrono::seconds kRound{1};
constexpr std::size_t kHashDigits = 16;

std::string counts_json(const std::array<std::int64_t, kRefusals>& counts) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    for (std::size_t i = 0; i < kRefusals; ++i) {
      if (counts[i] > 0) json.member(kNames[i], counts[i]);
    }
  });
  return out;
}

}  // namespace

std::string_view to_text(Refusal why) {
  return kNames[static_cast<std::size_t>(why)];
}

bool RefusalLog::Entry::is_pending() const {
  return std::any_of(counts.begin(), counts.end(), [](std::int64_t count) { return count > 0; });
}

RefusalLog::RefusalLog(const Directory& directory, store::AuditStore& audit, const Clock& clock,
                       std::string key)
    : directory_(directory), audit_(audit), clock_(clock), key_(std::move(key)) {}

RefusalLog::~RefusalLog() {
  stop();
}

RefusalLog::Entry RefusalLog::describe(std::string_view login, std::string_view address) const {
  Entry entry;
  entry.address = address;
  if (login.empty()) return entry;
  if (const auto person = directory_.person_by_login(login)) {
    entry.object = person->id.str();
    entry.login = person->login;
  } else {
    entry.object = "unknown:" + to_hex(hmac_sha256(key_, login)).substr(0, kHashDigits);
  }
  return entry;
}

void RefusalLog::add(Refusal why, std::string_view login, std::string_view address, std::string_view detail) {
  auto described = describe(login, address);
  const auto now = clock_.now();
  const std::lock_guard lock(mutex_);
  auto key = described.object + " " + described.address;
  const bool has_room = entries_.size() < kMaxEntries || entries_.contains(key);
  if (!has_room) {
    key.clear();
    described = Entry{.object = "others"};
  }
  auto& entry = entries_.try_emplace(std::move(key), std::move(described)).first->second;
  if (!entry.is_pending()) entry.first = now;
  entry.last = now;
  if (!detail.empty()) entry.detail = detail;
  ++entry.counts[static_cast<std::size_t>(why)];
}

// Those that waited longest first. What is taken counts as written.
std::vector<RefusalLog::Entries::value_type> RefusalLog::take_due(Timestamp now, bool all) {
  const std::lock_guard lock(mutex_);
  if (now - minute_ >= kOnce) {
    minute_ = now;
    written_in_minute_ = 0;
  }
  std::vector<Entries::iterator> due;
  for (auto at = entries_.begin(); at != entries_.end();) {
    const bool is_old = now - at->second.written >= kOnce;
    if (is_old && !at->second.is_pending()) {
      at = entries_.erase(at);
      continue;
    }
    if (at->second.is_pending() && (is_old || all)) due.push_back(at);
    ++at;
  }
  std::sort(due.begin(), due.end(),
            [](const auto& a, const auto& b) { return a->second.first < b->second.first; });
  due.resize(std::min(due.size(), kRecordsPerMinute - std::min(written_in_minute_, kRecordsPerMinute)));
  written_in_minute_ += due.size();
  std::vector<Entries::value_type> taken;
  for (const auto at : due) {
    taken.emplace_back(*at);
    at->second.counts = {};
    at->second.written = now;
  }
  return taken;
}

void RefusalLog::put_back(const Entries::value_type& entry) {
  const std::lock_guard lock(mutex_);
  const auto [at, is_gone] = entries_.try_emplace(entry.first, entry.second);
  if (is_gone) return;
  auto& kept = at->second;
  if (!kept.is_pending()) kept.last = entry.second.last;
  kept.first = entry.second.first;
  kept.written = entry.second.written;
  std::transform(kept.counts.begin(), kept.counts.end(), entry.second.counts.begin(), kept.counts.begin(),
                 std::plus<>());
}

Result<void> RefusalLog::write(const Entry& entry) {
  store::AuditFields fields;
  if (!entry.login.empty()) fields.is("login", entry.login);
  const auto total = std::accumulate(entry.counts.begin(), entry.counts.end(), std::int64_t{0});
  fields.is("count", total).is_json("reasons", counts_json(entry.counts));
  fields.is("first_at", entry.first).is("last_at", entry.last);
  if (!entry.detail.empty()) fields.is("detail", entry.detail);
  // Who tried is not known: that somebody typed a name does not make it theirs.
  const store::Acting acting(
      {.actor = "nobody", .kind = store::ActorKind::kPerson, .address = entry.address});
  return audit_.add({store::AuditAction::kSessionRefused, entry.object, fields.before(), fields.after()});
}

Result<void> RefusalLog::write_due(bool all) {
  const auto due = take_due(clock_.now(), all);
  Result<void> outcome;
  for (const auto& entry : due) {
    if (outcome) outcome = write(entry.second);
    if (!outcome) put_back(entry);
  }
  return outcome;
}

void RefusalLog::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    name_this_thread("refusals");
    std::mutex mutex;
    std::condition_variable_any wake;
    while (!stop.stop_requested()) {
      std::unique_lock lock(mutex);
      wake.wait_for(lock, stop, kRound, [] { return false; });
      (void)write_due(stop.stop_requested());  // while the database is away, they are kept and counted on
    }
  });
}

void RefusalLog::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

}  // namespace tocsin::auth
