#pragma once
// Writes audit records inside the writer's transaction.

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/sha256.h"
#include "store/audit.h"
#include "store/sql/connection.h"

namespace tocsin::store {

struct WriteContext;

// One record, on behalf of context.origin, in the transaction at hand. Call it after the change, once.
Result<void> write_audit(WriteContext& context, TenantId tenant, AuditEntry entry);

// As above for whoever has no WriteContext.
Result<void> append_audit(Connection& db, TenantId tenant, const Origin& origin, Timestamp now,
                          AuditEntry entry);

Result<ChainEnd> chain_end(Connection& db, TenantId tenant);
Result<std::vector<ChainEnd>> chain_ends(Connection& db);  // of all tenants

// Of one block, and of one commit. A delivery names its sources itself: beyond that many the rest is counted
// with another one, under kOtherSources.
constexpr std::size_t kIngestSources = 64;
constexpr std::string_view kOtherSources = "(others)";

// What one block of a batch brought, of one source.
struct IngestedPart {
  std::string_view source;
  std::int64_t alerts = 0;       // created
  std::int64_t occurrences = 0;  // added to alerts that were there
  std::int64_t first_seq = 0;    // of the created ones; 0: none
  std::int64_t last_seq = 0;
};
struct IngestedBlock {
  std::int64_t number = 0;
  std::int64_t first_seq = 0;
  std::string_view digest;  // of its bytes (block_digest)
};

// Deliveries are many and small: what they brought is gathered until the commit and becomes one record for
// each origin and source. Like the counters it is forgotten at a rollback and gathered anew.
class IngestAudit {
 public:
  void add(TenantId tenant, const Origin& origin, Timestamp now, const IngestedPart& part,
           const IngestedBlock& block);
  Result<void> write(Connection& db);  // and forget it
  void clear() { groups_.clear(); }

 private:
  struct Group {
    Origin origin;
    std::string source;
    Timestamp at{};
    std::int64_t blocks = 0;
    std::int64_t first_block = 0;
    std::int64_t last_block = 0;
    IngestedPart sum{};  // its source is unset
    Sha256 hash;
    bool one_trace = true;
  };
  // Tenant, kind, actor, address, source.
  using Key = std::tuple<std::int64_t, ActorKind, std::string, std::string, std::string>;
  Group& group_of(TenantId tenant, const Origin& origin, std::string_view source);

  std::map<Key, Group> groups_;
};

// What a block's bytes are recorded by: SHA-256 over the length of `links` (8 bytes, little-endian), `links`
// and `docs`, as the table `blocks` holds them.
std::string block_digest(std::string_view links, std::string_view docs);

}  // namespace tocsin::store
