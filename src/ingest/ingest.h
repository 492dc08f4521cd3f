#pragma once
// Bytes from tools in, alerts out. One file per source in normalisers/; all of it pure: no clock, no network.
//
//   in    one payload as it came (JSON object or array, NDJSON, text lines), the source's name
//   out   a record for each alert, event or intel item inside; a rejection for each part that could not be
//   read

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/alert.h"

namespace tocsin::ingest {

struct Record {
  model::RecordKind kind = model::RecordKind::kAlert;
  model::Alert alert;     // id, received_at, priority, triage and fingerprint are left for the pipeline
  std::size_t index = 0;  // which item of the body it came from
};

// One wrong member of an input.
struct Fault {
  std::string pointer;  // JSON pointer into the body
  std::string what;     // "must be a string"
};

struct Rejection {
  std::size_t index = 0;        // place in the array, or line number from 0
  Error error;                  // `where` is a JSON pointer or "byte N"
  std::string fragment;         // the bytes of that item alone, to be kept and replayed
  std::vector<Fault> faults{};  // every wrong member, when there is more to say than `error` does
};

struct Normalised {
  std::vector<Record> records;
  std::vector<Rejection> rejections;
  bool too_many = false;  // Options::max_records was reached, and what followed was not read
};

struct Mappings;  // ingest/mapping.h

struct Options {
  Timestamp now{};                    // stands in for a missing time; also bounds wild ones
  std::size_t max_items = 10'000;     // of one body
  std::size_t max_records = 100'000;  // out of one body, whatever envelopes its items are; refused ones count
  std::size_t max_depth = 64;         // of nesting
  std::chrono::minutes zone{0};       // of syslog times that name none, east of Greenwich
  // Sources defined by files, beside the built-in ones; outlives the call.
  const Mappings* mappings = nullptr;
};

// The `source` of alerts that people make by hand.
inline constexpr std::string_view kManualSource = "manual";

enum class BodyFormat { kJson, kNdjson };

// POST /api/v1/alerts. kInvalidSyntax with the byte offset when the body as a whole cannot be read; a wrong
// item in an array or a line is a Rejection. `single` tells whether the body was one object. NDJSON: one item
// a line.
struct AlertBody {
  Normalised normalised;
  bool single = false;
};
Result<AlertBody> parse_alerts(std::string_view body, BodyFormat format, const Options& options);

// POST /api/v1/webhooks/{source} and `tocsin normalize`. kNotFound for an unknown source, with the known
// names in the hint. Aliases (sentinel, defender, guardduty …) are understood; "auto" recognises the vendor.
Result<Normalised> normalise(std::string_view source, std::string_view body, const Options& options);

// Canonical names, sorted.
std::vector<std::string_view> known_sources();
// Canonical name of a name or alias; empty when unknown.
std::string_view canonical_source(std::string_view name);

// 64-bit fingerprint: which alerts are repeats of each other (docs/normalisation.md lists what it is made
// of).
std::uint64_t fingerprint(const model::Alert& alert);

}  // namespace tocsin::ingest
