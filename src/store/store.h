#pragma once
// What the product asks of its database. sqlite/ implements it inside the data directory, postgres/ on a
// server that several processes may share; both pass the same contract suite (contract_*_test.cpp).
//
// Everything that holds customer data is reached through a TenantStore, which is bound to one tenant: a query
// without a tenant cannot be written. All members are thread-safe. Reads run on the calling thread and see
// what was committed; writes are gathered by one writer into group commits with full durability, and return
// (or call `done`) after their commit. kBusy: the write queue is full, nothing was taken. kStorageFull: the
// disk is, nothing was taken, reads go on.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/access.h"
#include "model/alert.h"
#include "model/condition.h"
#include "model/event.h"
#include "model/incident.h"
#include "model/link.h"
#include "store/audit.h"
#include "store/desk.h"
#include "store/dispositions.h"
#include "store/intel.h"
#include "store/inventory.h"
#include "store/leases.h"
#include "store/notices.h"
#include "store/page.h"
#include "store/people.h"
#include "store/retention.h"
#include "store/tenant_id.h"

namespace tocsin::store {

using model::Seq;

// ---- alerts
// ---------------------------------------------------------------------------------------------------

struct NewAlert {
  model::Alert alert;             // id, times, priority, fingerprint text set by the caller
  std::uint64_t fingerprint = 0;  // the number behind alert.fingerprint
};

struct IngestBatch {
  std::vector<NewAlert> alerts;
  std::string idempotency_key;  // empty: none
  std::uint64_t body_hash = 0;  // of the request body; compared when the key comes again
};

enum class AppendKind : std::uint8_t {
  kCreated,
  kOccurrence,  // same fingerprint as an open alert seen within the window: one occurrence was added to it
  kDuplicate,   // the client's own id, or the batch's Idempotency-Key, is known: nothing was changed
};

struct AppendOutcome {
  AppendKind kind = AppendKind::kCreated;
  AlertId id;  // of the stored alert: for a repeat, the older one
  Seq seq = 0;
  std::string tag{};  // that a created one was given: "repeat-of:AL-…" names the closed alert it repeats
};

using AppendDone = std::function<void(Result<std::vector<AppendOutcome>>)>;

enum class AlertSort : std::uint8_t { kNewest, kPriority, kOccurred, kOldest };

struct TimeRange {
  std::optional<Timestamp> from;   // inclusive
  std::optional<Timestamp> until;  // exclusive
};

struct AlertQuery {
  std::vector<model::Severity> severities;   // empty: any
  std::vector<model::AlertStatus> statuses;  // empty: any
  std::vector<model::Verdict> verdicts;
  std::optional<std::string> source;
  std::optional<std::string> type;
  std::vector<std::string> entities;    // exact values of user, host or ip columns; all of them
  std::optional<std::string> assignee;  // "" : nobody
  std::optional<bool> requires_review;
  std::optional<int> min_priority;
  std::optional<IncidentId> incident;
  std::string text;  // words, all of them; "" : any
  TimeRange occurred;
  // What the query language says, resolved (src/query); AND-ed with the rest. A page may then end early, with
  // a cursor that goes on; in an order other than kNewest and kOldest it may be refused as too costly.
  std::optional<model::Condition> where;
  // Only alerts in it (store/scoped.h). A page may then end early, in any order.
  std::optional<model::AlertScope> scope;
  AlertSort sort = AlertSort::kNewest;
  std::string cursor;      // from a Page before; "" : the start
  std::size_t limit = 50;  // 1..1000
  std::size_t offset = 0;  // only for the reference systems' bare arrays, at most 100,000
};

struct AlertChange {
  std::optional<model::AlertStatus> status;
  std::optional<model::Verdict> verdict;
  std::optional<std::optional<std::string>> assignee;
  std::optional<std::optional<std::string>> close_reason;
  std::optional<int> priority;
  int review_from = 80;  // with `priority`: from it on the alert needs a person, as every critical one does
  std::optional<std::vector<std::string>> tags;
  std::string actor = "local-admin";
};

struct Occurrence {
  Timestamp occurred_at{};
  Timestamp received_at{};
  std::string raw;
};

// Names with how many, the most frequent first.
using NamedCounts = std::vector<std::pair<std::string, std::int64_t>>;
struct AlertFigures {
  std::int64_t alerts = 0;
  NamedCounts by_severity;
  NamedCounts by_status;
  NamedCounts by_source;
  bool in_part = false;  // older alerts were not looked at
};
constexpr std::int64_t kScopeCounted = 100'000;

class AlertStore {
 public:
  virtual ~AlertStore() = default;
  // `done` runs on the writer's thread after the commit: hand over, do not work there. Outcomes are in the
  // order of the batch. All or nothing: an error means that nothing of the batch was stored.
  virtual void append(IngestBatch batch, AppendDone done) = 0;
  // By "AL-…" or by the client's own id (`source` narrows it; newest wins when several sources used it).
  virtual Result<std::optional<model::Alert>> find(std::string_view id_or_source_id) const = 0;
  virtual Result<std::vector<model::Alert>> by_seq(
      std::span<const Seq> seqs) const = 0;  // missing ones are left out
  // Narrow: entities, iocs, raw, facts, reasons and message are not read (they live in the document).
  virtual Result<Page<model::Alert>> list(const AlertQuery& query, bool with_documents = false) const = 0;
  // kNotFound; kConflict when if_version is given and stale. What changes on an alert of an incident is
  // written into that incident's action log, one line a call, in the same transaction.
  virtual Result<model::Alert> update(std::string_view id, const AlertChange& change,
                                      std::optional<std::int64_t> if_version = {}) = 0;
  struct BulkResult {
    std::int64_t changed = 0;
    std::vector<std::pair<std::string, std::string>> failed;  // id, reason
  };
  virtual Result<BulkResult> update_many(const std::vector<std::string>& ids, const AlertChange& change) = 0;
  virtual Result<std::int64_t> version(std::string_view id) const = 0;
  virtual Result<std::vector<Occurrence>> occurrences(
      std::string_view id) const = 0;  // newest first, at most 100
  virtual Result<Seq> last_seq() const = 0;

  // What scoped.h divides by. By id as find() takes it; 0 where there is no such alert.
  virtual Result<std::vector<Seq>> seqs_of(std::span<const std::string> ids) const = 0;
  // Those of `seqs` that are in the scope, in their order.
  virtual Result<std::vector<Seq>> in_scope(std::span<const Seq> seqs,
                                            const model::AlertScope& scope) const = 0;
  // Of the newest kScopeCounted alerts those in the scope, by what they are.
  virtual Result<AlertFigures> figures(const model::AlertScope& scope) const = 0;

  // Streams link records with seq > after in order, in chunks; stops when the callback says false.
  virtual Result<void> scan_links(
      Seq after, const std::function<bool(std::span<const model::LinkRecord>)>& each) const = 0;
};

// ---- incidents
// ------------------------------------------------------------------------------------------------

enum class IncidentSort : std::uint8_t { kPriority, kNewest, kUpdated };

struct IncidentQuery {
  std::vector<model::Severity> severities;
  std::vector<model::IncidentStatus> statuses;
  std::vector<model::Verdict> verdicts;
  std::optional<std::string> assignee;
  std::optional<bool> requires_review;
  std::optional<int> min_priority;
  std::string text;  // words of the title, all of them
  TimeRange seen;
  // As in AlertQuery. With PostgreSQL a page may end early, with a cursor that goes on; in the data directory
  // it is refused as too costly beyond 250,000 incidents.
  std::optional<model::Condition> where;
  // Only incidents with an alert in it, narrowed to what those say (store/scoped.h). A page may end early.
  std::optional<model::AlertScope> scope;
  IncidentSort sort = IncidentSort::kPriority;
  std::string cursor;
  std::size_t limit = 50;
  std::size_t offset = 0;
};

struct IncidentChange {
  std::optional<model::IncidentStatus> status;
  std::optional<model::Verdict> verdict;
  std::optional<std::optional<std::string>> assignee;
  std::optional<std::optional<std::string>> close_reason;
  std::optional<std::string> analyst_notes;  // replaces the one note of the reference systems' calls
  std::optional<int> priority;
  std::optional<model::Tlp> tlp;
  std::string actor = "local-admin";
};

// What a person decided about which alerts belong together; replayed in order by every later run.
struct Decision {
  enum class Kind : std::uint8_t { kMerge, kSplit, kOpen };
  std::int64_t number = 0;  // order of decisions
  Kind kind = Kind::kMerge;
  Seq after_alert = 0;      // last alert known when it was made
  Seq incident = 0;         // merge: the one that stays; split: the one taken from; open: the new one
  Seq other_incident = 0;   // merge: the one that ends; split: the new one
  std::vector<Seq> alerts;  // split, open: the alerts concerned
  std::string actor;
  Timestamp made_at{};
};

// One step of correlation, applied in one transaction.
struct CorrelationDelta {
  std::vector<model::Incident>
      upserts;  // by seq; a machine's upsert never touches status, verdict, assignee, notes
  std::vector<model::Membership> memberships;  // insert or move
  std::vector<Seq> removed_memberships;        // alerts that no longer belong to any
  Seq watermark = 0;                           // alerts up to here have been judged
  std::string owner{};  // who must hold kCorrelationLease, else kConflict; empty: no other process may
};

constexpr std::int64_t kMaxRevisions = 200;  // of one note

// Every change below that a person makes writes its lines into the action log in the same transaction.
class IncidentStore {
 public:
  virtual ~IncidentStore() = default;
  virtual Result<Page<model::Incident>> list(const IncidentQuery& query) const = 0;
  virtual Result<std::optional<model::Incident>> find(const IncidentId& id) const = 0;  // merged ones too
  virtual Result<std::vector<model::Incident>> by_seq(std::span<const Seq> seqs) const = 0;
  // As a reader of the scope may know them, in their order (store/scoped.h); those he may not are left out.
  virtual Result<std::vector<model::Incident>> narrowed(std::vector<model::Incident> incidents,
                                                        const model::AlertScope& scope) const = 0;
  virtual Result<model::Incident> update(const IncidentId& id, const IncidentChange& change,
                                         std::optional<std::int64_t> if_version = {}) = 0;
  virtual Result<std::vector<model::Membership>> members(Seq incident,
                                                         std::size_t limit) const = 0;  // by alert seq
  virtual Result<void> scan_memberships(
      Seq after_alert, const std::function<bool(std::span<const model::Membership>)>& each) const = 0;
  virtual Result<void> scan_incidents(
      Seq after, const std::function<bool(std::span<const model::Incident>)>& each) const = 0;
  virtual Result<void> apply(const CorrelationDelta& delta) = 0;
  virtual Result<Seq> watermark() const = 0;
  virtual Result<Seq> last_incident_seq() const = 0;  // highest ever used, so that none is used twice

  // Saves the decision and the delta it leads to, together.
  virtual Result<std::int64_t> decide(const Decision& decision, const CorrelationDelta& delta) = 0;
  virtual Result<std::vector<Decision>> decisions() const = 0;

  virtual Result<model::Note> add_note(const IncidentId& id, std::string_view author,
                                       std::string_view text) = 0;
  virtual Result<std::vector<model::Note>> notes(const IncidentId& id) const = 0;
  // The text before is kept as a revision. kNotFound; kConflict when `if_revision` is given and stale.
  virtual Result<model::Note> edit_note(const IncidentId& id, const NoteId& note, std::string_view author,
                                        std::string_view text,
                                        std::optional<std::int64_t> if_revision = {}) = 0;
  // Every text that the note had, the newest first. Of more than kMaxRevisions the first and the newest are
  // kept.
  virtual Result<std::vector<model::NoteRevision>> note_revisions(const IncidentId& id,
                                                                  const NoteId& note) const = 0;
  virtual Result<void> log_action(const model::ActionRecord& record) = 0;
  virtual Result<std::vector<model::ActionRecord>> actions(const IncidentId& id, std::size_t limit) const = 0;
};

// ---- dead letters, jobs, events, the rest
// -------------------------------------------------------------------------

struct DeadLetter {
  DeadLetterId id;
  std::string source;  // of the webhook or "api"
  std::string content_type;
  std::string reason;  // with the place: "…at byte 17"
  std::string body;    // as it came, at most kDeadLetterBytes
  bool truncated = false;
  Timestamp received_at{};
  int attempts = 1;
  bool resolved = false;  // replayed with success
};
constexpr std::size_t kDeadLetterBytes = 1 << 20;

class DeadLetterStore {
 public:
  virtual ~DeadLetterStore() = default;
  virtual Result<void> put(std::vector<DeadLetter> letters) = 0;
  virtual Result<Page<DeadLetter>> list(std::string_view cursor, std::size_t limit,
                                        bool unresolved_only) const = 0;
  virtual Result<std::optional<DeadLetter>> find(const DeadLetterId& id) const = 0;
  virtual Result<void> mark(const DeadLetterId& id, bool resolved, std::string_view reason) = 0;
};

enum class JobState : std::uint8_t { kWaiting, kLeased, kDone, kDead };

struct Job {
  JobId id;
  std::string kind;
  std::string payload;     // JSON
  std::string dedupe_key;  // empty: none; a waiting job with the same kind and key is not added twice
  int urgency = 0;         // 0..100, higher first: severity and asset tier
  JobState state = JobState::kWaiting;
  int attempts = 0;
  int max_attempts = 5;
  Timestamp run_at{};
  Timestamp lease_until{};
  std::string last_error;
};

class JobStore {
 public:
  virtual ~JobStore() = default;
  virtual Result<JobId> enqueue(Job job) = 0;
  // Takes up to `limit` due jobs of the kinds, most urgent first; they come back to others after `lease`.
  virtual Result<std::vector<Job>> lease(std::span<const std::string> kinds, std::size_t limit,
                                         std::chrono::seconds lease) = 0;
  virtual Result<void> complete(const JobId& id) = 0;
  // Back to waiting with exponential backoff, or dead after max_attempts.
  virtual Result<void> fail(const JobId& id, std::string_view why) = 0;
  virtual Result<void> retry(const JobId& id) = 0;  // a dead one, by hand
  // Forgets a waiting or a dead one, by hand. kConflict while it is at work, or when it is done.
  virtual Result<void> discard(const JobId& id) = 0;
  virtual Result<Page<Job>> list(std::optional<JobState> state, std::string_view cursor,
                                 std::size_t limit) const = 0;
};

constexpr std::size_t kEventBytesAtOnce = 64U << 20;  // a sender may make events as large as a body

class EventStore {
 public:
  virtual ~EventStore() = default;
  virtual Result<std::vector<Seq>> append(const std::vector<model::Event>& events) = 0;
  // May end early once about kEventBytesAtOnce were read; only an empty answer is the end.
  virtual Result<std::vector<model::Event>> after(Seq seq, std::size_t limit) const = 0;
  // The number of the first event after `seq`; absent when there is none yet. Cheap.
  virtual Result<std::optional<Seq>> next(Seq seq) const = 0;
  // Newest first, those below `seq`; ends early as after() does.
  virtual Result<std::vector<model::Event>> before(Seq seq, std::size_t limit) const = 0;
  virtual Result<std::int64_t> count() const = 0;
  virtual Result<std::vector<std::pair<std::string, std::int64_t>>> count_by_source() const = 0;
};

// By how much a person moved the priority of an alert from what was computed. The last one on an alert
// counts.
struct PriorityCorrection {
  std::string source;  // of the alert
  std::string type;
  std::string alert_id;  // "AL-…"
  int delta = 0;         // -100..100
};

struct Feedback {
  std::optional<std::string> alert_id;
  std::optional<IncidentId> incident_id;
  std::optional<model::Verdict> verdict;
  std::optional<int> correct_priority;  // 0..100
  std::string body;                     // whole, as JSON
  std::optional<PriorityCorrection> correction;
  std::string actor;
  Timestamp created_at{};
};

struct Counts {
  std::int64_t alerts = 0;
  std::int64_t incidents = 0;
  std::int64_t incidents_open = 0;
  std::int64_t dead_letters = 0;
  std::int64_t jobs_waiting = 0;
  std::int64_t jobs_dead = 0;
  std::int64_t search_behind = 0;       // alerts not yet in full-text search
  std::int64_t correlation_behind = 0;  // alerts not yet judged
  NamedCounts alerts_by_severity;       // kept as counters, not counted
  NamedCounts alerts_by_status;
  NamedCounts alerts_by_source;  // at most 100
  bool in_part = false;  // in a scope: of alerts the newest kScopeCounted were looked at, of incidents 10,000
};

// The answer to a call that carried an Idempotency-Key.
struct KeptAnswer {
  std::uint64_t request_hash = 0;  // of what was asked; another one under the same key is a mistake
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

class TenantStore {
 public:
  virtual ~TenantStore() = default;
  virtual AlertStore& alerts() = 0;
  virtual IncidentStore& incidents() = 0;
  virtual DeadLetterStore& dead_letters() = 0;
  virtual JobStore& jobs() = 0;
  virtual EventStore& events() = 0;
  virtual IntelStore& intel() = 0;
  virtual AssetTable& assets() = 0;
  virtual UserTable& users() = 0;
  virtual ReferenceStore& references() = 0;
  virtual AuditStore& audit() = 0;
  virtual LeaseStore& leases() = 0;
  virtual DispositionStore& dispositions() = 0;
  virtual DeskStore& desk() = 0;
  virtual RetentionStore& retention() = 0;
  virtual Result<void> add_feedback(const Feedback& feedback) = 0;
  virtual Result<std::optional<std::string>> setting(std::string_view key) const = 0;
  virtual Result<void> set_setting(std::string_view key, std::string_view value) = 0;
  virtual Result<Counts> counts() const = 0;
  // How many of the last 1,000 closed alerts of this source and type were false positives: the documented
  // prior.
  struct RuleHistory {
    std::int64_t closed = 0;
    std::int64_t false_positives = 0;
    std::int64_t corrections = 0;  // of priorities of its alerts; the newest 100 are looked at
    double mean_correction = 0;    // points, -100..100
  };
  virtual Result<RuleHistory> rule_history(std::string_view source, std::string_view type) const = 0;

  // Absent when the key is unknown or older than a day.
  virtual Result<std::optional<KeptAnswer>> kept_answer(std::string_view key) const = 0;
  virtual Result<void> keep_answer(std::string_view key, const KeptAnswer& answer) = 0;
};

class Database {
 public:
  virtual ~Database() = default;
  virtual TenantStore& tenant(TenantId tenant) = 0;
  virtual PeopleStore& people() = 0;
  // Finishes what was queued, then stops the writer. Later writes get kUnavailable.
  virtual void close() = 0;
  // Empty when writes work; else why not ("disk full since …").
  virtual std::string trouble() const = 0;
  virtual Result<void> backup(const std::string& file) = 0;
  // Names this process among those that share the database; empty: there are no others.
  virtual std::string process() const { return {}; }
  // What other processes commit from now on is told to `handler`; once. Where there are none: nothing.
  virtual Result<void> listen(NoticeHandler handler) {
    (void)handler;
    return {};
  }
  // Where the audit chain of each tenant that has one ends, by tenant.
  virtual Result<std::vector<ChainEnd>> chain_ends() const = 0;
};

}  // namespace tocsin::store
