#include "app/foreign_changes.h"

#include <algorithm>

#include "model/suppressed.h"

namespace tocsin::app {
namespace {

constexpr model::Seq kShownOneByOne = 20;  // of the alerts of one commit; the rest is counted
constexpr std::size_t kReadOneByOne = 50;  // changed alerts and incidents; beyond: read your lists again

}  // namespace

void ForeignChanges::hear(const store::Notice& notice) {
  if (!notice.everything && notice.tenant != tenant_) return;
  if (notice.everything || notice.alerts_up_to > 0) alerts_came_();
  if (live_.listening()) {
    if (notice.alerts_up_to > shown_) show_stored(notice.alerts_up_to);
    show_changed(notice);
  }
  shown_ = std::max(shown_, notice.alerts_up_to);
}

void ForeignChanges::show_stored(model::Seq up_to) {
  const auto first = std::max({shown_ + 1, up_to - kShownOneByOne + 1, model::Seq{1}});
  std::vector<model::Seq> seqs;
  for (auto seq = first; seq <= up_to; ++seq) seqs.push_back(seq);
  auto alerts = store_.alerts().by_seq(seqs);
  if (alerts) std::erase_if(*alerts, model::is_suppressed);
  const auto stored = shown_ == 0 ? up_to - first + 1 : up_to - shown_;
  if (alerts) live_.alerts_stored(std::move(*alerts), static_cast<std::size_t>(stored), up_to);
}

void ForeignChanges::show_changed(const store::Notice& notice) {
  if (notice.everything || notice.removed || notice.alerts.size() + notice.incidents.size() > kReadOneByOne)
    return live_.many_changed();
  for (const auto& id : notice.alerts) {
    const auto alert = store_.alerts().find(id);
    if (alert && *alert) live_.alert_changed(**alert);
  }
  for (const auto& id : notice.incidents) {
    const auto parsed = IncidentId::parse(id);
    if (!parsed) continue;
    const auto incident = store_.incidents().find(*parsed);
    if (incident && *incident) live_.incident_changed(**incident);
  }
}

}  // namespace tocsin::app
