#include "app/triage_memory.h"

#include <algorithm>
#include <array>
#include <bit>
#include <unordered_map>

#include "base/hash.h"

namespace tocsin::app {
namespace {

constexpr model::Seq kRemembered = 262'144;      // newest alerts that are read at the start
constexpr std::size_t kSaidRemembered = 16'384;  // newest dispositions
constexpr std::size_t kAtOnce = 1000;
constexpr double kOfRealIncident = 0.5;  // not all that is in a real incident is real
constexpr std::chrono::milliseconds kGather{100};
constexpr std::chrono::seconds kLongestSleep{10};  // in case that nobody told of a change
// Another process may commit what it decided a little earlier.
constexpr std::chrono::seconds kOverlap{30};

std::uint64_t keyed(std::uint64_t hash, std::uint64_t secret) {
  const auto bytes = std::bit_cast<std::array<char, sizeof hash>>(hash);
  return hash64({bytes.data(), bytes.size()}, secret);
}

}  // namespace

TriageMemory::TriageMemory(store::TenantStore& store, std::uint64_t secret,
                           std::function<void(const Error&)> on_error)
    : store_(store), secret_(secret), on_error_(std::move(on_error)) {}

TriageMemory::~TriageMemory() {
  stop();
}

void TriageMemory::start() {
  if (const auto done = catch_up(); !done) on_error_(done.error());
  thread_.start("remember", [this](BackgroundThread::Rest& rest) { run(rest); });
}

void TriageMemory::stop() {
  thread_.stop();
}

void TriageMemory::notify() {
  thread_.notify();
}

void TriageMemory::run(BackgroundThread::Rest& rest) {
  bool had_trouble = false;
  while (!rest.is_stopping()) {
    const auto done = catch_up();
    if (!done && !std::exchange(had_trouble, true)) on_error_(done.error());
    if (done) had_trouble = false;
    rest.until_notified(kLongestSleep);
    rest.pause(
        kGather);  // while alerts keep coming they are read some at a time: a look at the store has its price
  }
}

triage::Sighting TriageMemory::sighting(std::uint64_t type_hash, const model::LinkKey* asset,
                                        Timestamp at) const {
  return {keyed(type_hash, secret_), asset == nullptr ? 0 : keyed(asset->hash, secret_), at};
}

model::Habit TriageMemory::look(const model::Alert& alert) {
  const auto asset = asset_of(alert);
  const auto like = sighting(type_hash_of(alert), asset ? &*asset : nullptr, alert.received_at);
  const std::lock_guard lock(mutex_);
  const auto rarity = rarity_.look(like);
  const auto votes = votes_.of(like, alert.received_at);
  return {.on_asset = rarity.on_asset,
          .anywhere = rarity.anywhere,
          .hours = rarity.hours,
          .new_on_asset = rarity.new_on_asset,
          .new_elsewhere = rarity.new_elsewhere,
          .called_real = votes.real,
          .called_benign = votes.benign,
          .asset = asset ? asset->entity_index : model::kNoAsset};
}

std::size_t TriageMemory::bytes() {
  const std::lock_guard lock(mutex_);
  return rarity_.bytes() + votes_.bytes();
}

Result<void> TriageMemory::catch_up() {
  const std::lock_guard lock(reading_);
  if (!has_started_) {
    TOCSIN_TRY(last, store_.alerts().last_seq());
    last_alert_ = std::max<model::Seq>(0, last - kRemembered);
    TOCSIN_TRY(said, store_.dispositions().newest(kSaidRemembered));
    for (std::size_t i = 0; i < said.size(); i += kAtOnce) {
      const auto end = said.begin() + static_cast<std::ptrdiff_t>(std::min(i + kAtOnce, said.size()));
      TOCSIN_CHECK(learn({said.begin() + static_cast<std::ptrdiff_t>(i), end}));
    }
    if (!said.empty()) last_said_ = said.back().decided_at;
    has_started_ = true;
  }
  TOCSIN_CHECK(read_alerts());
  return read_dispositions();
}

Result<void> TriageMemory::read_alerts() {
  return store_.alerts().scan_links(last_alert_, [&](std::span<const model::LinkRecord> records) {
    const std::lock_guard lock(mutex_);
    for (const auto& record : records) {
      rarity_.add(sighting(record.type_hash, asset_of(record.keys), record.received_at));
      last_alert_ = record.seq;
    }
    return true;
  });
}

Result<void> TriageMemory::read_dispositions() {
  auto at = last_said_ - kOverlap;
  model::Seq last = 0;
  for (;;) {
    TOCSIN_TRY(said, store_.dispositions().after(at, last, kAtOnce));
    if (said.empty()) return {};
    TOCSIN_CHECK(learn(said));
    at = said.back().decided_at;
    last = said.back().alert;
    last_said_ = std::max(last_said_, at);
  }
}

// A disposition that was read before is learned again, which changes nothing.
Result<void> TriageMemory::learn(const std::vector<store::Disposition>& said) {
  std::vector<model::Seq> seqs;
  for (const auto& one : said) seqs.push_back(one.alert);
  TOCSIN_TRY(alerts, store_.alerts().by_seq(seqs));
  std::unordered_map<model::Seq, const model::Alert*> by_seq;
  for (const auto& alert : alerts) by_seq.emplace(alert.seq, &alert);
  const std::lock_guard lock(mutex_);
  for (const auto& one : said) {
    const auto alert = by_seq.find(one.alert);
    if (alert == by_seq.end()) continue;  // removed meanwhile
    const auto asset = asset_of(*alert->second);
    const auto like = sighting(type_hash_of(*alert->second), asset ? &*asset : nullptr, one.decided_at);
    const auto number = static_cast<std::uint64_t>(one.alert);
    if (one.verdict == model::Verdict::kUndecided) {
      votes_.take_back(like, number);
      continue;
    }
    const bool is_real = one.verdict == model::Verdict::kTruePositive;
    votes_.put(like, {.alert = number,
                      .person = hash64(one.actor, secret_),
                      .at = one.decided_at,
                      .is_real = is_real,
                      .word = one.word * (one.of_incident && is_real ? kOfRealIncident : 1)});
  }
  return {};
}

}  // namespace tocsin::app
