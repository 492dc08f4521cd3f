#pragma once
// An incident put into words and lists from its facts: no model, and each sentence names the alerts it rests
// on.
//
//   in    the stored incident, its alerts with their memberships, notes and action log
//   out   title, summary, why[], merged entities, IoCs and ATT&CK, timeline of real times
//
// Pure and deterministic. Foreign text inside sentences went through display_text (base/display_text.h);
// entity and IoC values are as stored. Nothing is invented: what is not stored is not said.

#include <span>
#include <string>
#include <vector>

#include "model/alert.h"
#include "model/incident.h"

namespace tocsin::triage {

struct Sentence {
  std::string text;
  std::vector<std::string> alert_ids;  // at most kMaxSentenceIds
};
constexpr std::size_t kMaxSentenceIds = 50;

// One alert of an incident; membership.alert is its place in the stream.
struct Member {
  model::Alert alert;
  model::Membership membership;
};

struct IncidentFacts {
  model::Incident incident;
  std::vector<Member> members;  // any order; for very large incidents the caller may pass a part
  std::vector<model::Note> notes;
  std::vector<model::ActionRecord> actions;
};

struct CountedEntity {
  model::Entity entity;  // with the role it has most often
  std::size_t alerts = 0;
};

struct TimelineEntry {
  enum class Kind : std::uint8_t { kAlert, kNote, kAction };
  Timestamp at{};           // alerts: occurred_at; notes and actions: when they were made
  Timestamp recorded_at{};  // alerts: received_at; else `at`
  Kind kind = Kind::kAlert;
  std::string title;
  std::string detail;
  std::string actor;                                  // of a note or action
  model::Severity severity = model::Severity::kInfo;  // of an alert
  std::vector<std::string> tactics;                   // of an alert
  std::string source;                                 // of an alert
  std::vector<std::string> alert_ids;
};
std::string_view to_text(TimelineEntry::Kind kind);  // alert note action

struct IncidentView {
  std::string title;
  std::vector<Sentence> summary;
  std::vector<Sentence> why;
  std::vector<CountedEntity> entities;  // most alerts first; at most kMaxViewEntities
  std::vector<model::Ioc> iocs;         // at most kMaxViewIocs
  model::Attack attack;
  std::vector<TimelineEntry> timeline;  // by `at`, then as given
};
constexpr std::size_t kMaxViewEntities = 200;
constexpr std::size_t kMaxViewIocs = 500;
constexpr std::size_t kMaxWhy = 40;  // sentences; one more then says how many links are left

IncidentView make_incident_view(const IncidentFacts& facts);

// "SSH password guessing on web-01, user admin, from 1.2.3.4, and 4 related alerts": what happened to whom.
// `lead` is the incident's lead alert. At most about 200 characters.
std::string incident_title(const model::Alert& lead, const model::Incident& incident);

// The sentences of a summary or of why[] as one paragraph.
std::string joined(const std::vector<Sentence>& sentences);

}  // namespace tocsin::triage
