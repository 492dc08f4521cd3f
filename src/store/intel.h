#pragma once
// Lists of indicators that somebody gave us: imported from STIX and MISP, asked by enrichment. Part of what
// store.h promises: one tenant, thread-safe, durable when a write returns.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/alert.h"
#include "model/tlp.h"

namespace tocsin::store {

struct IntelList {
  IntelListId id;
  std::string name;    // unique in the tenant
  std::string format;  // "stix", "misp"
  std::string source;  // who made it, as the file says; may be empty
  model::Tlp tlp = model::Tlp::kAmber;
  Timestamp produced_at{};  // newest date that the file gives for itself; its age is counted from here
  Timestamp imported_at{};
  std::string imported_by;
  std::int64_t entries = 0;
};

struct IntelEntry {
  model::Ioc ioc;
  std::string label;      // what it is said to be: "Emotet C2"; at most kMaxIntelLabel bytes
  std::string reference;  // the id in its source
  int confidence = -1;    // 0..100; -1: the source does not say
  model::Tlp tlp = model::Tlp::kAmber;
  Timestamp seen_at{};                   // when its source last vouched for it
  std::optional<Timestamp> valid_until;  // after it, find() no longer answers it
};

// One indicator on one list.
struct IntelHit {
  IntelEntry entry;
  IntelListId list;
  std::string list_name;
  std::string source;
};

constexpr std::size_t kMaxIntelLists = 200;
constexpr std::size_t kMaxIntelEntries = 200'000;  // of one list
constexpr std::size_t kMaxIntelLabel = 300;
constexpr std::size_t kMaxIntelHits = 50;  // of one indicator

class IntelStore {
 public:
  virtual ~IntelStore() = default;
  // Takes the place of the list of the same name, whole. Sets id, entries (each indicator once; the last of
  // its repeats stays) and imported_at. kInvalidInput beyond the bounds above.
  virtual Result<IntelList> put(IntelList list, std::vector<IntelEntry> entries) = 0;
  virtual Result<std::vector<IntelList>> lists() const = 0;  // by name
  virtual Result<std::optional<IntelList>> find_list(const IntelListId& id) const = 0;
  // After the one with that number of a page before; 0: from the start. At most `limit`, with their numbers.
  virtual Result<std::vector<std::pair<std::int64_t, IntelEntry>>> entries(const IntelListId& id,
                                                                           std::int64_t after,
                                                                           std::size_t limit) const = 0;
  virtual Result<void> remove(const IntelListId& id) = 0;  // kNotFound
  // What the lists say of the indicator at `now`, by list name.
  virtual Result<std::vector<IntelHit>> find(const model::Ioc& ioc, Timestamp now) const = 0;
};

}  // namespace tocsin::store
