#pragma once
// What the routes may call. The app module builds the pieces and fills this in; nothing here knows of HTTP.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/signing_key.h"
#include "enrich/library.h"
#include "hunt/links.h"
#include "ingest/ingest.h"
#include "model/alert.h"
#include "model/incident.h"
#include "observe/source_stats.h"
#include "respond/playbook.h"
#include "store/audit_chain.h"
#include "store/store.h"
#include "triage/triage.h"

namespace tocsin::api {

class EventDesk;

}  // namespace tocsin::api

namespace tocsin::detect {

class RuleLibrary;

}  // namespace tocsin::detect

namespace tocsin::api {

// The way in for alerts: parse, normalise, fingerprint, enrich, score, store, publish.
class Pipeline {
 public:
  virtual ~Pipeline() = default;

  struct Item {
    std::size_t index = 0;
    store::AppendKind kind = store::AppendKind::kCreated;
    AlertId id{};
    std::shared_ptr<const model::Alert> alert{};  // when the reply is for a single created alert
  };
  struct Rejected {
    std::size_t index = 0;
    std::string reason;   // with hint
    std::string pointer;  // JSON pointer or "byte N"
    ErrorKind kind = ErrorKind::kInvalidInput;
    DeadLetterId dead_letter;
    std::vector<ingest::Fault> faults{};
  };
  struct Reply {
    bool single = false;
    std::vector<Item> items;         // created, occurrences and duplicates, in order
    std::vector<Rejected> rejected;  // kept as dead letters
    std::size_t events = 0;          // records that were events, kept as such
    std::size_t accepted() const;    // created + occurrences + events
    std::size_t duplicates() const;
  };
  using Done = std::function<void(Result<Reply>)>;

  struct Delivery {
    std::string body;
    std::string source;  // "api" for POST /alerts, else a normaliser's name or alias
    std::string content_type;
    std::string idempotency_key;
    std::string trace_id;
    bool with_reasons = false;  // a single created alert comes back with its triage.reasons
    std::string actor;          // who sent it, as far as is known
  };
  // POST /api/v1/alerts. `done` runs on any thread after the durable commit.
  virtual void ingest_alerts(Delivery delivery, Done done) = 0;
  // POST /api/v1/webhooks/{source}
  virtual void ingest_payload(Delivery delivery, Done done) = 0;
  // Alerts that we made (detections, the demo): through the same stages; waits for the commit.
  virtual Result<Reply> submit(std::vector<model::Alert> alerts) = 0;
  // Sends a dead letter through its source again; marks it.
  virtual Result<Reply> replay(const DeadLetterId& id) = 0;
  // A person's verdict or correction speaks for a rule from the next alert on. Cheap; any thread.
  virtual void rules_changed() = 0;
};

// Joining alerts into incidents; the live part runs by itself.
class Correlation {
 public:
  virtual ~Correlation() = default;
  struct Report {
    std::string run_id;
    std::int64_t incidents_created = 0;  // since the last rebuild, by whichever way
    std::int64_t incidents_changed = 0;
    std::int64_t clusters = 0;  // open incidents after it
    std::int64_t alerts_correlated = 0;
    std::int64_t kept_decisions = 0;
    double seconds = 0;
    bool dry_run = false;
    struct Difference {      // at most 100 of each, only for dry runs
      std::string incident;  // id, or "new"
      std::string change;    // one sentence
    };
    std::vector<Difference> differences;
  };
  virtual Result<Report> rebuild(bool dry_run) = 0;
  virtual Result<model::Incident> merge(const IncidentId& into, const std::vector<IncidentId>& others,
                                        std::string_view actor) = 0;
  virtual Result<model::Incident> split(const IncidentId& from, const std::vector<std::string>& alert_ids,
                                        std::string_view actor) = 0;
  virtual Result<model::Incident> open(const std::vector<std::string>& alert_ids, std::string_view actor) = 0;
  // What follows from its alerts and its priority (review, severity …), again: a person changed the priority.
  virtual Result<model::Incident> describe(const IncidentId& id) = 0;
  // Judges what has been committed so far, now instead of within two seconds. For tests and the demo.
  virtual Result<void> catch_up() = 0;
};

// The believable company of `--demo` and of the buttons in the console.
class Demo {
 public:
  virtual ~Demo() = default;
  // "critical_threat", "crypto_surge", "bot_attack", "geo_impossible" or one of S4's threat types.
  // kInvalidInput for another name, with the known ones. Answers the alerts that came of it.
  virtual Result<std::vector<model::Alert>> trigger(std::string_view scenario_or_threat_type) = 0;
  // S3's events of /demo/run, sent through /ingest's code.
  virtual Result<std::vector<model::Event>> detection_events() = 0;
  // "none", "loading" or "loaded": whether the company of `--demo` is in this data directory.
  virtual std::string_view state() const = 0;
};

// Files that a person or a script hands in (docs/uploads.md).
struct UploadReport {
  enum class State : std::uint8_t { kRunning, kDone, kFailed };
  struct Unreadable {
    std::uint64_t line = 0;  // from 1; 0: the file as a whole
    std::string reason;
    std::string dead_letter;  // id
  };
  static constexpr std::size_t kMaxListed = 100;  // of unreadable items
  static constexpr std::size_t kMaxAlerts = 200;

  std::string id;  // "UP-" and 24 hex digits: the same file read as the same source has the same
  State state = State::kRunning;
  std::string filename;
  std::string sha256;  // of the bytes as they came
  std::string source;  // whose records they are; "auto": each item by its own shape
  std::string format;  // ingest::to_text(FileKind), with "+gzip" when it was compressed
  bool detected = false;
  double confidence = 1;  // of the detection
  std::string why;
  std::vector<std::string> ignored_columns;
  std::uint64_t bytes = 0;        // unpacked, read so far
  std::uint64_t items = 0;        // lines, rows, objects read so far
  std::uint64_t alerts = 0;       // new ones
  std::uint64_t occurrences = 0;  // repeats that were added to an open alert
  std::uint64_t duplicates = 0;   // known already: nothing was changed
  std::uint64_t events = 0;
  std::uint64_t dead_letters = 0;
  std::vector<Unreadable> unreadable;  // the first of them
  std::vector<std::string> alert_ids;  // the first of those made or added to
  std::uint64_t chunks = 0;            // stored; where a restart goes on
  bool repeat = false;                 // this very file was read before
  std::optional<Error> error;          // of kFailed
  std::string actor;
  Timestamp started_at{};
  std::optional<Timestamp> finished_at;
};

class Uploads {
 public:
  virtual ~Uploads() = default;
  struct Upload {
    std::string body;
    std::string source;  // a normaliser's or mapping's name, or "auto"
    std::string filename;
    std::string actor;
  };
  using Done = std::function<void(Result<UploadReport>)>;
  // `done` runs on another thread: for a small file when all of it is stored, for a large one when it is safe
  // on disk and will be read whatever happens (then kRunning). kBusy when too many wait.
  virtual void start(Upload upload, Done done) = 0;
  virtual Result<std::optional<UploadReport>> find(std::string_view id) = 0;
};

// One row of GET /api/v1/sources.
struct SourceStatus {
  std::string name;
  std::string kind;       // "listener", "file" or "source" (a vendor, whichever way it sends)
  std::string transport;  // "tcp", "udp", "tls", "file"; empty for a source
  std::string address;    // where it listens, or the paths it follows
  std::string reads_as;   // the source whose normaliser reads it, or "auto"
  std::chrono::seconds expected_interval{0};  // zero: none is known
  observe::SourceReport report;               // since the start of the process
  std::int64_t alerts_stored = 0;             // of a source, ever
  std::int64_t events_stored = 0;
};

struct Services {
  store::TenantStore& store;
  Pipeline& pipeline;
  Correlation& correlation;
  Demo& demo;
  const Clock& clock;
  struct Settings {
    triage::Options scoring;
    std::string version;
    std::string sentinel_workspace_id;
    std::function<bool()> open_mode = [] { return true; };  // nobody has to sign in
    // The key that signs packs; made at first use. Any thread.
    std::function<Result<SigningKey>()> signing_key = [] { return SigningKey::make(); };
    // Signed heads of the audit that lie outside of the database. Any thread.
    std::function<Result<std::vector<store::AnchoredHead>>()> audit_heads = [] {
      return std::vector<store::AnchoredHead>();
    };
    hunt::Links siem_links;  // checked templates
    // The shipped playbooks, or those with the organisation's own among them. Never null.
    std::shared_ptr<const respond::Library> playbooks =
        std::make_shared<const respond::Library>(respond::Library{respond::shipped_playbooks(), {}});
    // Empty when ready; else what is not, in words ("database: disk full", "starting").
    std::function<std::vector<std::string>()> not_ready;
    std::function<Result<std::vector<SourceStatus>>()> sources;  // absent: none are known
    Uploads* uploads = nullptr;                                  // null: files are not taken here
    detect::RuleLibrary* rules = nullptr;                        // never null while a route runs
    EventDesk* events = nullptr;            // null to a caller with a scope: raw events are not divided
    enrich::Library* enrichment = nullptr;  // never null while a route runs
  } settings;
};

}  // namespace tocsin::api
