#pragma once
// Which alerts belong to one run of unusual things, whatever entities they share: an intruder goes from host
// to host under many names, and what his alerts have in common is that none of them is usual.
//
//   in    alerts that a person would see, in order of time, with how unusual each is
//   out   the place of each: a campaign, a kind that a person called real, or the rest of its hours
//
// A campaign is open while something very unusual comes within the hour; what else comes up on its assets
// within ten minutes goes with it. The rest is told together, six hours at a time. Not thread-safe: one
// owner. Bounded.

#include <cstdint>
#include <map>
#include <optional>

#include "base/clock.h"

namespace tocsin::correlate {

struct CampaignOptions {
  double opens_at =
      6;  // score in log-odds (triage/learn/disposition_model.h) from which an alert is very unusual
  std::chrono::minutes quiet_after{60};
  std::chrono::minutes same_asset{10};
  std::chrono::hours rest{6};
  std::size_t most_kinds = 4096;
  std::size_t most_assets = 4096;  // of the open campaign
};

struct CampaignAlert {
  Timestamp at;
  std::uint64_t signature = 0;  // hashes
  std::uint64_t asset = 0;
  double score = 0;
  bool is_known_real = false;  // people called its like real
};

struct CampaignPlace {
  enum class Kind : std::uint8_t { kCampaign, kKnownKind, kRest };
  Kind kind = Kind::kRest;
  std::uint64_t id = 0;  // the same for what belongs together; of all kinds, from 1 on
  bool operator==(const CampaignPlace&) const = default;
};

class Campaigns {
 public:
  explicit Campaigns(const CampaignOptions& options = {}) : options_(options) {}

  CampaignPlace place(const CampaignAlert& alert);

 private:
  struct Open {
    std::uint64_t id = 0;
    Timestamp last;
    std::map<std::uint64_t, Timestamp> assets;  // when each was last seen in it
  };

  bool goes_with_open(const CampaignAlert& alert) const;
  std::uint64_t next_id() { return ++last_id_; }

  const CampaignOptions options_;
  std::uint64_t last_id_ = 0;
  std::optional<Open> open_;
  std::map<std::uint64_t, std::uint64_t> kinds_;  // by signature
  std::optional<std::int64_t> rest_hours_;        // which hours rest_id_ is of
  std::uint64_t rest_id_ = 0;
};

}  // namespace tocsin::correlate
