#pragma once
// The answer of GET /api/v1/sources: listeners and files of the intake, then each vendor's source.

#include <map>
#include <mutex>
#include <vector>

#include "api/services.h"
#include "app/source_book.h"
#include "intake/intake.h"

namespace tocsin::app {

class SourceList {
 public:
  // `intake` may be null. What is borrowed outlives the list.
  SourceList(store::TenantStore& store, const SourceBook& book, const intake::Intake* intake)
      : store_(store), book_(book), intake_(intake) {}
  // Thread-safe.
  Result<std::vector<api::SourceStatus>> list() const;

 private:
  std::optional<Timestamp> last_stored(const std::string& source) const;

  store::TenantStore& store_;
  const SourceBook& book_;
  const intake::Intake* intake_;
  mutable std::mutex mutex_;
  // Of sources that have sent nothing since the start, for which it cannot change.
  mutable std::map<std::string, std::optional<Timestamp>> last_stored_;
};

}  // namespace tocsin::app
