#include "correlate/campaigns.h"

namespace tocsin::correlate {

bool Campaigns::goes_with_open(const CampaignAlert& alert) const {
  if (!open_) return false;
  const auto seen = open_->assets.find(alert.asset);
  return seen != open_->assets.end() && alert.at - seen->second <= options_.same_asset;
}

CampaignPlace Campaigns::place(const CampaignAlert& alert) {
  using Kind = CampaignPlace::Kind;
  if (alert.is_known_real) {
    auto known = kinds_.find(alert.signature);
    if (known == kinds_.end()) {
      if (kinds_.size() >= options_.most_kinds) kinds_.erase(kinds_.begin());  // hashes: any of them
      known = kinds_.emplace(alert.signature, next_id()).first;
    }
    return {Kind::kKnownKind, known->second};
  }
  if (open_ && alert.at - open_->last > options_.quiet_after) open_.reset();
  if (alert.score >= options_.opens_at) {
    if (!open_) open_ = Open{next_id(), alert.at, {}};
    open_->last = alert.at;
    if (open_->assets.size() < options_.most_assets || open_->assets.contains(alert.asset))
      open_->assets[alert.asset] = alert.at;
    return {Kind::kCampaign, open_->id};
  }
  if (goes_with_open(alert)) return {Kind::kCampaign, open_->id};
  const auto hours = alert.at.time_since_epoch() / options_.rest;
  if (rest_hours_ != hours) {
    rest_hours_ = hours;
    rest_id_ = next_id();
  }
  return {Kind::kRest, rest_id_};
}

}  // namespace tocsin::correlate
