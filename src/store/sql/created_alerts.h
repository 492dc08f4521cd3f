#pragma once
// What a batch brought: for the kept counters, and for the audit.

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/sql/audit_log.h"
#include "store/sql/core.h"

namespace tocsin::store {

class CreatedAlerts {
 public:
  void add(model::Severity severity, model::AlertStatus status, std::string_view source);
  void write(TenantId tenant, WriteContext& context) const;

 private:
  std::array<std::int64_t, 5> severities_{};
  std::array<std::int64_t, 3> statuses_{};
  std::vector<std::pair<std::string, std::int64_t>> sources_;
};

// What a block brought of each source.
class IngestedParts {
 public:
  // `source` outlives hand_over().
  void add(std::string_view source, const AppendOutcome& outcome);
  void hand_over(TenantId tenant, const IngestedBlock& block, WriteContext& context);  // and forget it

 private:
  std::vector<IngestedPart> parts_;
};

}  // namespace tocsin::store
