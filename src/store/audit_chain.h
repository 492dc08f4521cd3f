#pragma once
// Checks audit chains: recomputes every hash, follows every link, and holds the chain against signed heads.
// What was edited, taken out, put in, moved, cut off or rolled back is told with the place.
//
// What it cannot tell: records that somebody who can write the database and counts its hashes right cuts off
// or adds behind the newest head that he cannot reach. Heads are signed every minute; copies of them that lie
// elsewhere are what he cannot reach.
//
// Pure, except that check_audit() reads what it is given.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "store/audit.h"
#include "store/audit_head.h"

namespace tocsin::store {

struct ChainFault {
  TenantId tenant;
  std::int64_t number = 0;   // of the first record concerned; 0: none in particular
  std::int64_t through = 0;  // of the last one
  std::string what;          // one sentence
  // When the nearest sound records before and after it were written, or the heads were signed.
  std::optional<Timestamp> after{};
  std::optional<Timestamp> before{};
};
// "tenant 1, records 17 to 19: … (between … and …)"
std::string to_string(const ChainFault& fault);

struct AnchoredHead {
  AuditHead head;
  std::string place;  // "the database", "audit-heads.jsonl"
};

constexpr std::size_t kMaxFaults = 1000;  // told in full; the rest is counted

struct ChainReport {
  std::int64_t records = 0;
  std::int64_t heads = 0;  // whose signature is good
  bool complete = true;    // false: stopped before the end
  std::vector<ChainFault> faults;
  std::int64_t more_faults = 0;
  bool sound() const { return faults.empty() && more_faults == 0; }
  void add(ChainFault fault);
  void add(ChainReport other);
};

// One tenant's chain, record by record in order.
class ChainCheck {
 public:
  // `heads`: signed well, of this tenant.
  ChainCheck(TenantId tenant, std::vector<AnchoredHead> heads);
  void add(const AuditRecord& record);
  // `end`: what the database says of the last record; absent: it says nothing.
  void finish(const std::optional<ChainEnd>& end);
  const ChainReport& report() const { return report_; }

 private:
  void check_links(const AuditRecord& record);
  void check_heads(const AuditRecord& record);
  void check_end(const ChainEnd& end);
  void fault(std::int64_t number, std::int64_t through, std::string what, std::optional<Timestamp> after,
             std::optional<Timestamp> before);

  const TenantId tenant_;
  std::vector<AnchoredHead> heads_;  // by number
  std::size_t next_head_ = 0;
  std::int64_t last_number_ = 0;
  std::string last_hash_ = first_prev_hash();
  std::optional<Timestamp> last_at_;
  std::optional<Timestamp> last_good_head_;
  ChainReport report_;
};

// Heads by their signatures: those that do not bear one of `keys` are faults, the others are returned.
std::vector<AnchoredHead> signed_heads(std::vector<AnchoredHead> heads, const std::vector<PublicKey>& keys,
                                       ChainReport& report);

struct ChainSource {
  TenantId tenant;
  const AuditReader* reader = nullptr;
  bool standing_still = false;  // nothing is written meanwhile, so records behind the end are a fault
};
// The chain of one tenant against the heads of its database and `others` (of any tenant). `progress` is told
// the records of each chunk and may say stop.
Result<ChainReport> check_chain(const ChainSource& source, std::vector<AnchoredHead> others,
                                const std::vector<PublicKey>& keys,
                                const std::function<bool(std::size_t)>& progress);

}  // namespace tocsin::store
