#pragma once
// An incident: alerts that belong together, and what people and machine say of them. CONTRACT §4.

#include <optional>
#include <string>
#include <vector>

#include "model/alert.h"
#include "model/link.h"
#include "model/tlp.h"

namespace tocsin::model {

// What is stored and listed. Everything else on an incident page is derived from its alerts when asked.
struct Incident {
  Seq seq = 0;
  IncidentId id;
  std::string title;  // plain language, from facts
  Severity severity = Severity::kMedium;
  int priority = 0;       // 0..100
  double risk_score = 0;  // 0..100
  double confidence = 0;  // 0..1
  IncidentStatus status = IncidentStatus::kOpen;
  Verdict verdict = Verdict::kUndecided;
  std::optional<std::string> assignee;
  std::optional<std::string> close_reason;
  Timestamp created_at{};
  Timestamp updated_at{};
  Timestamp first_seen{};  // of its alerts' occurred_at
  Timestamp last_seen{};
  std::int64_t alert_count = 0;
  Seq lead_alert = 0;         // the most severe, then earliest alert
  std::uint16_t tactics = 0;  // bits as in LinkRecord
  bool requires_review = false;
  std::string review_reason;
  std::optional<IncidentId> merged_into;  // set: this one is history, and the other holds its alerts
  bool decided =
      false;  // a person touched it (status, verdict, note, merge, split, assignee): machines keep its alerts
  std::optional<Timestamp> first_response_at;  // when a person first touched it
  std::int64_t version = 1;                    // grows with each change; the ETag
  Tlp tlp = Tlp::kAmber;  // with whom it may be shared; exports bear the strictest of it and its alerts'
  std::int64_t alerts_out_of_scope = 0;  // not among the above: hidden from this reader (store/scoped.h)
};

// Why an alert is in its incident: the strongest link that brought it.
enum class LinkReason : std::uint8_t {
  kOpened,          // the first alert, or one severe enough to stand alone
  kSharedEntities,  // shares `keys` with alert `linked_to` inside the window
  kKillChain,       // as above, and a forward step of tactics on the same asset
  kSameRule,        // repeats of one rule on one entity
  kAnalyst,         // a person merged or moved it
};

struct Membership {
  Seq alert = 0;
  Seq incident = 0;
  Seq linked_to = 0;  // 0 when the reason is kOpened
  LinkReason reason = LinkReason::kOpened;
  std::uint16_t weight_hundredths = 0;       // sum of link weights, 100 = the default threshold
  std::vector<std::uint8_t> entity_indexes;  // of the alert's own entities, at most 4, strongest first
  bool operator==(const Membership&) const = default;
};

struct Note {
  NoteId id;
  IncidentId incident;
  std::string author;
  std::string text;
  Timestamp created_at{};
  std::int64_t revision = 1;  // grows with each edit; the texts before are kept
  std::string edited_by;      // of the text as it is now; empty until somebody edits it
  Timestamp edited_at{};
};

// A text that a note had.
struct NoteRevision {
  std::int64_t revision = 1;
  std::string author;  // who wrote this text
  std::string text;
  Timestamp written_at{};
};

// One line of an incident's action log: a person's or the machine's act, a simulation, a state change.
struct ActionRecord {
  ActionId id;
  IncidentId incident;
  std::string actor;
  std::string action;  // "status_changed", "simulate_remediate", "merged" …
  std::string target;
  std::string detail;  // one sentence
  bool simulated = false;
  Timestamp created_at{};
};

}  // namespace tocsin::model
