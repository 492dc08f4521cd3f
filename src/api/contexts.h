#pragma once
// The context that a request works in: that of its tenant, made when the tenant is first asked for.

#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "api/live.h"
#include "api/routes.h"
#include "api/services.h"
#include "http/http.h"

namespace tocsin::api {

struct Context;

// Thread-safe. What of() answers lives as long as this.
class Contexts {
 public:
  Contexts(DeskFinder find_desk, Site site);
  ~Contexts();
  Contexts(const Contexts&) = delete;
  Contexts& operator=(const Contexts&) = delete;

  // kNotFound for a tenant that the caller may not know of.
  Result<Context*> of(const http::Request& request);
  Result<Context*> of_tenant(store::TenantId tenant);

 private:
  const DeskFinder find_desk_;
  const Site site_;
  std::mutex mutex_;  // guards what follows
  std::map<store::TenantId, std::shared_ptr<Context>> contexts_;
};
using ContextsPtr = std::shared_ptr<Contexts>;

}  // namespace tocsin::api
