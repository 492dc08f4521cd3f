#pragma once
// The context that a request works in: that of its tenant, made when the tenant is first asked for. A caller
// with a scope works in one whose store shows nothing else (store/scoped.h).

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "api/live.h"
#include "api/read_back.h"
#include "api/routes.h"
#include "api/services.h"
#include "http/http.h"
#include "model/access.h"

namespace tocsin::api {

struct Context;

using ContextPtr = std::shared_ptr<Context>;

// Thread-safe.
class Contexts {
 public:
  Contexts(DeskFinder find_desk, Site site);
  ~Contexts();
  Contexts(const Contexts&) = delete;
  Contexts& operator=(const Contexts&) = delete;

  static constexpr std::size_t kMaxScoped = 64;  // kept; each has a thread

  // What the caller sees. kNotFound for a tenant that they may not know of. Answers that come later hold it.
  Result<ContextPtr> of(const http::Request& request);
  // All of the caller's tenant, whatever their scope. Lives as long as this.
  Result<Context*> whole_of(const http::Request& request);
  Result<Context*> of_tenant(store::TenantId tenant);
  // Whether whole_of() answers at once; else it reads the store.
  bool is_open(const http::Request& request) const;
  // Runs `work` soon on a thread that may block; false when too much waits.
  bool try_run_soon(std::function<void()> work) { return opener_.try_run_soon(std::move(work)); }

 private:
  struct Scoped {
    ContextPtr context;
    std::uint64_t used = 0;  // number of its last use
  };
  using Part = std::pair<store::TenantId, model::AlertScope>;

  Result<ContextPtr> find(store::TenantId tenant);
  ContextPtr scoped(Context& whole, const Part& part);  // with mutex_ held

  const DeskFinder find_desk_;
  const Site site_;
  mutable std::mutex mutex_;  // guards what follows, up to opener_
  std::map<store::TenantId, ContextPtr> contexts_;
  std::map<Part, Scoped> scoped_;
  std::uint64_t uses_ = 0;
  ReadBack opener_;
};
using ContextsPtr = std::shared_ptr<Contexts>;

}  // namespace tocsin::api
