#pragma once
// What a transaction changed, for those who listen elsewhere (notices.h). The writer's thread only.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "store/notices.h"

namespace tocsin::store {

class Changes {
 public:
  void alerts_stored(TenantId tenant, model::Seq up_to) { of(tenant).alerts_up_to = up_to; }
  void alert(TenantId tenant, std::string_view id) { of(tenant).alerts.emplace(id); }
  void incident(TenantId tenant, std::string_view id) { of(tenant).incidents.emplace(id); }
  void setting(TenantId tenant, std::string_view key) { of(tenant).settings.emplace(key); }
  void removed(TenantId tenant) { of(tenant).removed = true; }
  std::vector<Notice> notices() const;
  void clear() { tenants_.clear(); }

 private:
  struct Changed {
    model::Seq alerts_up_to = 0;
    std::set<std::string, std::less<>> alerts, incidents, settings;
    bool removed = false;
  };
  Changed& of(TenantId tenant) { return tenants_[tenant.value]; }

  std::map<std::int64_t, Changed> tenants_;
};

}  // namespace tocsin::store
