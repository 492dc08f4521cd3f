#pragma once
// An alert as the whole product sees it: CONTRACT §3 as a value. Text fields are UTF-8 and hostile: every one
// of them may have been written by an attacker.

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "model/names.h"

namespace tocsin::model {

struct Entity {
  EntityKind kind = EntityKind::kHost;
  std::string value;
  EntityRole role = EntityRole::kRelated;
  auto operator<=>(const Entity&) const = default;
};

// An indicator of compromise: public, refanged, normalised (lower case where case carries no meaning).
struct Ioc {
  IocKind kind = IocKind::kIp;
  std::string value;
  auto operator<=>(const Ioc&) const = default;
};

struct Attack {
  std::vector<std::string> techniques;  // "T1110.001", current ids of the ATT&CK table, each once
  std::vector<std::string> tactics;     // "TA0006", in kill-chain order, each once
  bool operator==(const Attack&) const = default;
};

// One sentence that speaks for (weight > 0) or against (weight < 0) the alert being real or urgent.
struct Reason {
  std::string text;
  double weight = 0;                  // -1..1
  std::vector<std::string> evidence;  // "AL-…#/entities/0"
  bool operator==(const Reason&) const = default;
};

// What was known of the likes of an alert when it came: of its source and type, on its asset and anywhere.
// Older ones count less.
struct Habit {
  double on_asset = 0;              // earlier alerts of its kind on its asset
  double anywhere = 0;              // on any asset
  double hours = 0;                 // for which alerts were watched, faded alike
  std::uint32_t new_on_asset = 0;   // other kinds that came up on its asset for the first time just before
  std::uint32_t new_elsewhere = 0;  // and on others
  // What people called its kind on its asset, as much as their words count.
  double called_real = 0;
  double called_benign = 0;
  std::uint8_t asset = 0;  // which of the entities is its asset; kNoAsset: none is
  bool operator==(const Habit&) const = default;
};
constexpr std::uint8_t kNoAsset = 255;

struct Triage {
  Verdict verdict = Verdict::kUndecided;
  double fp_probability = 0.5;  // 0..1
  double confidence = 0;        // 0..1, how much is known, not how real
  std::vector<Reason> reasons;
  std::optional<Habit> habit;  // absent: nobody looked when it came
  bool operator==(const Triage&) const = default;
};

struct Process {
  std::optional<std::string> command_line;
  std::optional<std::string> parent;
  std::optional<std::string> hash;
  bool operator==(const Process&) const = default;
};

// Something that enrichment knew: about what, from which origin, how old the origin was, and when it was
// asked.
struct Fact {
  std::string name;
  std::string value;
  std::string from;
  Timestamp as_of{};    // of what the origin says
  std::string subject;  // the entity or indicator it is about; empty: the alert as a whole
  Timestamp at{};       // of the look-up
  bool operator==(const Fact&) const = default;
};

struct Alert {
  AlertId id;
  std::string source;                    // "suricata"; never empty
  std::optional<std::string> source_id;  // vendor's or client's own id
  std::string type;                      // snake_case family: "ssh_bruteforce"
  std::string title;                     // one line, never empty
  std::string message;
  Severity severity = Severity::kMedium;
  Timestamp occurred_at{};
  Timestamp received_at{};
  AlertStatus status = AlertStatus::kNew;
  std::vector<Entity> entities;  // each (kind, value, role) once; at most kMaxEntities
  std::vector<Ioc> iocs;         // each once; at most kMaxIocs
  Attack attack;
  AssetTier asset_tier = AssetTier::kNormal;
  std::string fingerprint;  // 16 hex digits
  std::int64_t occurrences = 1;
  Timestamp first_seen{};
  Timestamp last_seen{};
  std::optional<IncidentId> incident_id;
  int priority = 0;  // 0..100
  bool requires_review = false;
  Triage triage;
  std::optional<std::string> source_url;
  std::optional<std::string> vendor_status;
  std::optional<std::string> vendor_verdict;
  std::vector<std::string> tags;
  Process process;
  std::vector<Fact> facts;
  std::optional<std::string> assignee;
  std::optional<std::string> close_reason;
  std::string tlp = "AMBER";
  std::int64_t seq = 0;  // its place in the tenant's stream (model/link.h); 0 until it is stored
  std::string raw;       // the record as it came, valid JSON text (an object, or a string for text formats)
};

constexpr std::size_t kMaxEntities = 64;
constexpr std::size_t kMaxIocs = 128;
constexpr std::size_t kMaxFacts = 96;

// What the machine's numbers, taken at arrival, say by themselves; people decide beside it (Triage::verdict)
// and never change it. docs/scoring.md has the bands.
Verdict suggested_verdict(Severity severity, double fp_probability, double confidence);

// Value of the first entity of that kind with one of the roles, in the order given; empty when there is none.
std::string_view find_entity(const Alert& alert, EntityKind kind, std::initializer_list<EntityRole> roles);

}  // namespace tocsin::model
