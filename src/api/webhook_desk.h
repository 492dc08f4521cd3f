#pragma once
// The trust of a tenant's webhook sources (auth/trust_table.h): what is set, and whether a delivery has it.

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "api/services.h"
#include "auth/trust_table.h"
#include "http/http.h"

namespace tocsin::api {

struct Access;

// Thread-safe.
class WebhookDesk {
 public:
  // Another process may change what is set: what was read counts for so long.
  static constexpr std::chrono::seconds kFresh{1};

  // `access` outlives it, and is there when a delivery comes.
  WebhookDesk(Services& services, const Access* access, store::TenantId tenant);

  bool is_fresh() const;
  // Reads what is set. May block on the database. Sources whose secret no key opens accept nothing.
  Result<void> refresh();

  // The name under which trust is kept: aliases of a source are one.
  static std::string name_of(std::string_view source);
  std::optional<auth::SourceTrust> find(std::string_view source) const;

  // The key under which the delivery is taken once; empty when it is a token's, which signs nothing.
  // kForbidden is counted: it was refused.
  Result<std::string> verify(const std::string& source, const auth::SourceTrust& trust,
                             const http::Request& request);

  // False while a delivery of this key is under way.
  bool begin(const std::string& key);
  void end(const std::string& key);

  struct Refused {
    std::int64_t count = 0;  // since the start of the process
    std::optional<Timestamp> last_at;
    std::string last_reason;
  };
  Refused refused(std::string_view source) const;

  // Changes what is set; one change at a time, of other processes too (kConflict). May block.
  Result<void> change(const std::function<Result<void>(auth::TrustTable&)>& edit);

 private:
  using TablePtr = std::shared_ptr<const auth::TrustTable>;

  Result<auth::TrustTable> read() const;
  Result<void> change_held(const std::function<Result<void>(auth::TrustTable&)>& edit);
  void keep(auth::TrustTable table);
  TablePtr table() const;
  Error refuse(const std::string& source, Error why);

  Services& services_;
  const Access* access_;
  const std::string tenant_;
  const std::string owner_;  // of the lease under which changes are made
  std::mutex change_mutex_;

  mutable std::mutex mutex_;  // guards what follows
  TablePtr table_;
  Timestamp read_at_{};
  std::map<std::string, Refused, std::less<>> refused_;  // of trusted sources, so bounded as they are
  std::set<std::string> under_way_;
};

}  // namespace tocsin::api
