#include "store/sql/created_alerts.h"

#include <algorithm>

namespace tocsin::store {

void CreatedAlerts::add(model::Severity severity, model::AlertStatus status, std::string_view source) {
  ++severities_[static_cast<std::size_t>(severity)];
  ++statuses_[static_cast<std::size_t>(status)];
  auto found =
      std::find_if(sources_.begin(), sources_.end(), [&](const auto& s) { return s.first == source; });
  if (found == sources_.end()) found = sources_.insert(sources_.end(), {std::string(source), 0});
  ++found->second;
}

void CreatedAlerts::write(TenantId tenant, WriteContext& context) const {
  auto& counters = context.counters;
  std::int64_t all = 0;
  for (std::size_t i = 0; i < severities_.size(); ++i) {
    if (severities_[i] == 0) continue;
    counters.add(tenant, Counter::kAlertSeverity, to_text(static_cast<model::Severity>(i)), severities_[i]);
    all += severities_[i];
  }
  for (std::size_t i = 0; i < statuses_.size(); ++i) {
    if (statuses_[i] == 0) continue;
    counters.add(tenant, Counter::kAlertStatus, to_text(static_cast<model::AlertStatus>(i)), statuses_[i]);
  }
  for (const auto& [source, alerts] : sources_) {
    counters.add(tenant, Counter::kAlertSource,
                 context.names.counted_as(tenant, Counter::kAlertSource, source), alerts);
  }
  if (all > 0) counters.add(tenant, Counter::kAlerts, "", all);
}

// Alerts of one source mostly follow one another.
void IngestedParts::add(std::string_view source, const AppendOutcome& outcome) {
  if (outcome.kind == AppendKind::kDuplicate) return;
  const auto same = [&](const IngestedPart& part) { return part.source == source; };
  auto part = std::find_if(parts_.rbegin(), parts_.rend(), same);
  if (part == parts_.rend() && parts_.size() == kIngestSources) part = parts_.rbegin();
  if (part == parts_.rend()) {
    parts_.push_back({.source = parts_.size() + 1 < kIngestSources ? source : kOtherSources});
    part = parts_.rbegin();
  }
  if (outcome.kind == AppendKind::kOccurrence) {
    ++part->occurrences;
    return;
  }
  ++part->alerts;
  if (part->first_seq == 0) part->first_seq = outcome.seq;
  part->last_seq = outcome.seq;
}

void IngestedParts::hand_over(TenantId tenant, const IngestedBlock& block, WriteContext& context) {
  for (const auto& part : parts_) context.ingested.add(tenant, *context.origin, context.now, part, block);
  parts_.clear();
}

}  // namespace tocsin::store
