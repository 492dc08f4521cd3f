#pragma once
// Stored alerts that new ones might repeat, of one tenant, and those of the group at hand beside them.

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/postgres/connection.h"
#include "store/sqlite/prepared_batch.h"

namespace tocsin::store {

struct Candidate {
  model::Seq seq = 0;
  std::string ulid;
  std::string source;
  std::string source_id;
  std::uint64_t fingerprint = 0;
  model::AlertStatus status = model::AlertStatus::kNew;
  Timestamp first_seen{};
  Timestamp last_seen{};
  std::int64_t occurrences = 0;
  std::int64_t added = 0;  // occurrences, by this group
  std::string close_reason{};
};

// What is stored under the keys ?2 (of ids) and ?3 (of fingerprints) of the tenant ?1; for tests of its plan.
std::string_view append_lookup_sql();

class AppendLookup {
 public:
  // One statement for all keys of the batches. Other processes cannot add to the tenant meanwhile.
  Result<void> read(Connection& db, TenantId tenant, std::span<const PreparedBatch* const> batches);

  // The alert that has this client's id, or took a repeat that had it; null: none. Until the next add().
  Candidate* with_client_id(const PreparedAlert& added, const PreparedBatch& batch);
  // Those with this fingerprint, newest first, at most eight.
  std::vector<Candidate*> with_fingerprint(const PreparedAlert& added);

  void add(const PreparedAlert& added, const PreparedBatch& batch, model::Seq seq);
  void add_repeat(const PreparedAlert& added, const PreparedBatch& batch, const Candidate& taken_by);
  // Those that took repeats.
  std::vector<const Candidate*> repeated() const;

 private:
  struct Repeat {
    std::string source_id;
    std::size_t place;
  };
  using Places = std::unordered_map<Key, std::vector<std::size_t>>;
  void read_row(const Statement& row);
  std::size_t place_of(const Statement& row);

  std::vector<Candidate> candidates_;
  std::unordered_map<model::Seq, std::size_t> places_;
  Places by_id_, by_fingerprint_;  // oldest first
  std::unordered_map<Key, std::vector<Repeat>> by_repeat_;
};

}  // namespace tocsin::store
