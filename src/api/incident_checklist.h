#pragma once
// The checklist of an incident as it stands: checks evaluated now, and what people ticked.

#include <optional>
#include <string>
#include <vector>

#include "api/context.h"
#include "api/incident_access.h"
#include "respond/checklist.h"

namespace tocsin::api {

struct Tick {
  bool done = false;
  std::string by, at, note;
};

struct Checklist {
  std::vector<respond::Check> checks;
  std::vector<std::optional<Tick>> ticks;  // one for each of respond::manual_steps()
};

// Asks the store once for each of the first 20 indicators.
Result<Checklist> load_checklist(Context& context, const Loaded& loaded);

Result<void> save_tick(store::TenantStore& store, const IncidentId& incident, std::string_view step,
                       const Tick& tick);

}  // namespace tocsin::api
