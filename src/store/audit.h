#pragma once
// The audit: every change by a person, a key or a machine, as one record in the transaction of the change.
// The records of a tenant are numbered without gaps and each holds the hash of the one before it, so that
// nothing can be edited, taken out, put in or moved without the rest telling; audit_chain.h tells it, and
// audit_head.h anchors the newest record with a signature. docs/security/audit.md is the whole story.
//
// What writes a record: every mutating method of the stores (contract_audit_test.cpp goes through them).
// What does not, and why: unaudited_writes().
//
// Everything here is pure, except for the interface AuditStore.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "store/acting.h"
#include "store/page.h"
#include "store/tenant_id.h"

namespace tocsin::store {

// What was done. The one table of names is in audit.cpp: a name never changes once it was written.
enum class AuditAction : std::uint8_t {
  kIngestBatch,
  kIngestEvents,
  kAlertUpdate,
  kIncidentUpdate,
  kIncidentMerge,
  kIncidentSplit,
  kIncidentOpen,
  kIncidentAction,
  kNoteAdd,
  kNoteEdit,
  kDeadLetterPut,
  kDeadLetterMark,
  kJobEnqueue,
  kJobRetry,
  kJobDiscard,
  kIntelPut,
  kIntelRemove,
  kAssetPut,
  kAssetReplace,
  kAssetRemove,
  kUserPut,
  kUserReplace,
  kUserRemove,
  kReferencePut,
  kReferenceRemove,
  kFeedbackAdd,
  kSettingSet,
  kPersonCreate,
  kPersonUpdate,
  kPersonRemove,
  kPersonPassword,
  kPersonSecondFactor,
  kSessionSignIn,
  kSessionRefused,
  kSessionSignOut,
  kSessionRevoke,
  kKeyCreate,
  kKeyUpdate,
  kKeyRevoke,
  kTokenCreate,
  kTokenRevoke,
  kTenantCreate,
  kTenantUpdate,
  kTenantRemove,
  kSecretSet,
  kSecretRotate,
  kSecretRemove,
  kHoldSet,
  kHoldRelease,
  kRetentionRun,
  kAuditExport,
};
struct AuditActionName {
  std::string_view name;         // "alert.update"
  std::string_view object_kind;  // "alert"
};
AuditActionName name_of(AuditAction action);
std::span<const AuditActionName> audit_actions();  // all of them

struct AuditRecord {
  std::int64_t number = 0;  // 1, 2, 3 … within the tenant
  TenantId tenant;
  Timestamp at{};  // of the transaction; the machine's clock, which may have been set back
  std::string actor;
  ActorKind actor_kind = ActorKind::kMachine;
  std::string address;   // empty: the machine itself
  std::string trace_id;  // of the request; may be empty
  std::string action;
  std::string object_kind;
  std::string object_id;  // empty: several, listed in `after`
  std::string before;     // JSON object of what changed; empty: it was not there
  std::string after;      // likewise; empty: it is gone
  std::string reason;     // as the person gave it
  std::string prev_hash;  // 32 bytes: of the record before, or kFirstPrevHash
  std::string hash;       // 32 bytes: hash_of(*this)
};

// Bounds. What is longer is cut and says so (a "cut", "bytes" and "sha256" in its place).
constexpr std::size_t kAuditNameChars = 200;  // actor, address, trace id, object id
constexpr std::size_t kAuditReasonChars = 1000;
constexpr std::size_t kAuditSideBytes = 16 * 1024;  // of `before` and of `after`

// 32 zero bytes.
std::string first_prev_hash();
// SHA-256 over a fixed word and every field but `hash`: numbers as 8 bytes, texts with their length before
// them, so that no two different records have the same bytes.
std::string hash_of(const AuditRecord& record);

// What a change says of itself.
struct AuditEntry {
  AuditAction action = AuditAction::kAlertUpdate;
  std::string object_id;
  std::string before;  // audit_fields.h makes both
  std::string after;
};

// Where a chain ends; number 0: it has no record yet.
struct ChainEnd {
  TenantId tenant;
  std::int64_t number = 0;
  std::string hash = first_prev_hash();
};
// The record that follows `end`, whole, with all texts bounded and made displayable.
AuditRecord next_record(const ChainEnd& end, const Origin& origin, Timestamp now, AuditEntry entry);

// Writes that leave no record, with the reason.
struct UnauditedWrite {
  std::string_view what;  // "JobStore::lease"
  std::string_view why;
};
std::span<const UnauditedWrite> unaudited_writes();
// Whether a setting is the program's own bookkeeping (one of unaudited_writes()).
bool is_bookkeeping_setting(std::string_view key);

struct AuditQuery {
  std::optional<std::string> actor;
  std::optional<std::string> action;
  std::optional<std::string> object;  // its id
  std::optional<Timestamp> from;      // inclusive
  std::optional<Timestamp> until;     // exclusive
  std::string text;                   // words, each somewhere in the record, without case; "": any
  std::string cursor;
  std::size_t limit = 50;  // 1..1000
  bool counted = true;     // false: `total` is not looked for
};

struct AuditHead;

// What a check of the chain reads.
class AuditReader {
 public:
  virtual ~AuditReader() = default;
  // Every record after that number in order, in chunks; stops when the callback says false.
  virtual Result<void> scan(std::int64_t after,
                            const std::function<bool(std::span<const AuditRecord>)>& each) const = 0;
  virtual Result<ChainEnd> end() const = 0;
  // Signed heads (audit_head.h) of records after that number, oldest first. Kept for good.
  virtual Result<std::vector<AuditHead>> heads(std::int64_t after, std::size_t limit) const = 0;
};

class AuditStore : public AuditReader {
 public:
  // Newest first. A page may end early, with a cursor that goes on, when few of many records fit.
  virtual Result<Page<AuditRecord>> list(const AuditQuery& query) const = 0;
  virtual Result<std::optional<AuditRecord>> find(std::int64_t number) const = 0;
  // For what is done without another write: an export, a refused sign-in. Durable when it returns.
  virtual Result<void> add(const AuditEntry& entry) = 0;
  virtual Result<void> add_head(const AuditHead& head) = 0;
  // Heads of records before that number, the newest first.
  virtual Result<std::vector<AuditHead>> newest_heads(std::int64_t before, std::size_t limit) const = 0;
};

}  // namespace tocsin::store
