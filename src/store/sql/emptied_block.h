#pragma once
// What is left of a block when some of its alerts are gone.

#include <set>
#include <string>
#include <string_view>

#include "store/sql/core.h"
#include "store/sqlite/block.h"

namespace tocsin::store {

using Slots = std::set<std::size_t>;
struct LeftSlots {
  const Slots& alerts;   // that are still there
  const Slots& repeats;  // of any alert
};
struct EmptiedBlock {
  std::string links;
  std::string docs;  // packed
};

// Every slot keeps its place. A link record without a time of receipt is an alert that is gone
// (SqlAlertStore::scan_links). kInternal for damaged links. Pure.
Result<EmptiedBlock> emptied_block(std::string_view links, const BlockReader& docs, const LeftSlots& left);

// The kept counters, of an alert that goes.
void count_gone(WriteContext& context, TenantId tenant, const model::Alert& alert);

}  // namespace tocsin::store
