#pragma once
// One incident as files for other people and other tools.
//
//   in    a Case: the incident, its alerts, and what was derived from them, all as values
//   out   the bytes of one file with a name that is safe to download under
//
// Every text of a Case may have been written by an attacker. In each format a value stays one value: it
// cannot end its cell, start a formula, a tag, a link, a heading or another pattern. Invisible and
// directional characters are spelled out (base/display_text.h) in the formats that people read; JSON formats
// carry the text as it is. Every file bears the Traffic Light mark of the case.
//
// Pure, except for the signing key, which is read before. The namespace is not named after its folder because
// `export` is a word of the language.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/signing_key.h"
#include "model/alert.h"
#include "model/incident.h"

namespace tocsin::exports {

struct Sentence {
  std::string text;
  std::vector<std::string> alert_ids;
};

struct TimelineLine {
  Timestamp at{};
  std::string kind;  // alert note action
  std::string title;
  std::string detail;
  std::string actor;     // of notes and actions
  std::string severity;  // of alerts
  std::vector<std::string> alert_ids;
};

struct NamedEntity {
  model::Entity entity;
  std::size_t alerts = 0;
};

struct Query {
  std::string language;  // kql spl esql sql sigma
  std::string title;
  std::string purpose;
  std::string text;
};

struct Check {
  std::string name;
  std::string state;  // done open failed unknown
  std::string reason;
  bool automatic = false;  // evaluated from data, as opposed to done by a person
};

struct Case {
  model::Incident incident;
  std::vector<model::Alert> alerts;  // in the order of their arrival, with raw records
  std::vector<Sentence> summary;
  std::vector<Sentence> why;
  std::vector<NamedEntity> entities;
  std::vector<model::Ioc> iocs;
  model::Attack attack;
  std::vector<TimelineLine> timeline;
  std::vector<Query> queries;
  std::vector<Check> checklist;
  std::vector<model::Note> notes;
  std::vector<model::ActionRecord> actions;
  std::string incident_json;  // as the API shows the incident; JSON text
  Timestamp exported_at{};
  std::string product_version;
};

// The strictest of the incident's own mark and those of alerts that are stricter than the usual AMBER.
model::Tlp marking(const Case& incident);

struct File {
  std::string name;          // [A-Za-z0-9._-] only
  std::string content_type;  // with charset
  std::string bytes;
};

enum class Format : std::uint8_t { kPack, kMarkdown, kHtml, kStix, kNavigator, kMisp, kCsv };
// "pack", "markdown", "html", "stix", "navigator", "misp", "csv"
std::optional<Format> parse_format(std::string_view text);
File write(const Case& incident, Format format);

// All of the above in one signed archive; base/signing_key.h says how it is checked.
Result<File> write_signed_pack(const Case& incident, const SigningKey& key);

}  // namespace tocsin::exports
