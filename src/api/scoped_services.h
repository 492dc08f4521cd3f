#pragma once
// What a caller with a scope may call: the tenant's services over a store that shows the scope alone. What
// concerns the whole tenant is refused by the gate already (model::verbs_in_scope) and here once more.

#include <memory>

#include "api/services.h"
#include "model/access.h"

namespace tocsin::api {

class ScopedServices {
 public:
  // `whole` outlives it.
  ScopedServices(Services& whole, const model::AlertScope& scope);
  ~ScopedServices();
  ScopedServices(const ScopedServices&) = delete;
  ScopedServices& operator=(const ScopedServices&) = delete;

  const std::shared_ptr<store::TenantStore>& store() const { return store_; }
  Services& services() { return services_; }

 private:
  const std::shared_ptr<store::TenantStore> store_;
  const std::unique_ptr<Pipeline> pipeline_;
  const std::unique_ptr<Correlation> correlation_;
  Services services_;
};

}  // namespace tocsin::api
