#pragma once
// What the agents weigh beside alerts (triage/agents/case_data.h), kept as settings of the tenant: the
// customer's policy, the newest changes, the newest advisories. docs/agents.md tells what becomes of it.

#include <functional>
#include <string>
#include <vector>

#include "model/change.h"
#include "store/store.h"
#include "triage/agents/case_data.h"

namespace tocsin::api {

constexpr std::size_t kMaxAllowEntries = 1000;
constexpr std::size_t kMaxRateLimits = 100;
constexpr std::size_t kMaxMaintenance = 200;
constexpr std::size_t kMaxPolicySettings = 100;
constexpr std::size_t kMaxChanges = 500;     // kept; the oldest go
constexpr std::size_t kMaxAdvisories = 200;  // the same
constexpr std::size_t kMaxAdvisoryNames = 200;
constexpr std::size_t kMaxAdvisoryText = 1000;  // bytes kept to be read by people

struct StoredPolicy {
  triage::CustomerPolicy policy;
  std::int64_t version = 0;  // 0: nobody set one
  std::string set_by;
  Timestamp set_at{};
};
struct StoredAdvisory {
  triage::Advisory advisory;
  std::string text;
  std::string url;
  std::string posted_by;
};

// Empty, when there is none yet. kInternal when what is stored is damaged.
Result<StoredPolicy> read_policy(const store::TenantStore& store);
Result<std::vector<model::Change>> read_changes(const store::TenantStore& store);      // newest first
Result<std::vector<StoredAdvisory>> read_advisories(const store::TenantStore& store);  // newest first

// Their JSON, in the API and in the store.
void append_policy(std::string& out, const StoredPolicy& stored);
void append_change(std::string& out, const model::Change& change);
void append_advisory(std::string& out, const StoredAdvisory& stored);

// One edit at a time, of other processes too: each reads, changes and writes one value. `edit` may refuse.
// kConflict when another server's edit does not end.
using Edit = std::function<Result<void>()>;
Result<void> edit_case_data(store::TenantStore& store, const Edit& edit);

// Under edit_case_data().
Result<void> save_policy(store::TenantStore& store, const StoredPolicy& stored);
Result<void> add_changes(store::TenantStore& store, std::vector<model::Change> changes);
Result<void> save_advisories(store::TenantStore& store, std::vector<StoredAdvisory> advisories);

// Ids that a value keeps as long as it is what it is, so that findings can name it.
void name_items(triage::CustomerPolicy& policy);

}  // namespace tocsin::api
