#pragma once
// What is known locally about an alert's hosts, users, addresses and indicators, put onto it as facts.
//
//   in    an alert as normalised; tables and lists compiled into a Knowledge
//   out   facts with subject, origin, its age and the time of the look-up; asset_tier raised; values that are
//         no indicators moved from iocs to entities; a stricter tlp where a list demands it
//
// A Knowledge is immutable: any number of threads ask it, and a change makes a new one. No I/O, no network.

#include <memory>
#include <vector>

#include "enrich/geo.h"
#include "enrich/intel_index.h"
#include "enrich/inventory_index.h"
#include "enrich/known_exploited.h"
#include "enrich/warning_lists.h"

namespace tocsin::enrich {

// The parts are shared between one Knowledge and the next, since a change concerns one of them.
struct Knowledge {
  std::shared_ptr<const AssetIndex> assets = std::make_shared<AssetIndex>();
  std::shared_ptr<const UserIndex> users = std::make_shared<UserIndex>();
  std::shared_ptr<const IntelIndex> intel = std::make_shared<IntelIndex>();
  std::shared_ptr<const WarningIndex> warnings = std::make_shared<WarningIndex>();
  std::shared_ptr<const ExploitedIndex> exploited;  // null: none
  std::shared_ptr<const std::vector<GeoDatabase>> geo = std::make_shared<std::vector<GeoDatabase>>();
};

// The alert has at most model::kMaxFacts facts afterwards; what weighs on its priority comes first.
void apply(const Knowledge& knowledge, model::Alert& alert, Timestamp now);

}  // namespace tocsin::enrich
