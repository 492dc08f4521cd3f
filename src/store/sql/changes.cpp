#include "store/sql/changes.h"

namespace tocsin::store {

std::vector<Notice> Changes::notices() const {
  std::vector<Notice> notices;
  for (const auto& [tenant, changed] : tenants_) {
    notices.push_back({.tenant = {tenant},
                       .alerts_up_to = changed.alerts_up_to,
                       .alerts = {changed.alerts.begin(), changed.alerts.end()},
                       .incidents = {changed.incidents.begin(), changed.incidents.end()},
                       .settings = {changed.settings.begin(), changed.settings.end()},
                       .removed = changed.removed});
  }
  return notices;
}

}  // namespace tocsin::store
