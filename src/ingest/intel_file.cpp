#include "ingest/intel_file.h"

#include <algorithm>
#include <array>

#include "ingest/ingest.h"
#include "ingest/json.h"

namespace tocsin::ingest {
namespace {

constexpr std::size_t kMaxDepth = 64;

struct Marking {
  std::string_view id;
  model::Tlp tlp;
};
// The marking definitions of STIX 2.1 §7.2.1.4 (TLP 1.0) and of the OASIS TLP 2.0 extension.
constexpr std::array<Marking, 9> kMarkings{
    {{"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", model::Tlp::kClear},
     {"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", model::Tlp::kGreen},
     {"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", model::Tlp::kAmber},
     {"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", model::Tlp::kRed},
     {"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", model::Tlp::kClear},
     {"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", model::Tlp::kGreen},
     {"marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", model::Tlp::kAmber},
     {"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", model::Tlp::kAmberStrict},
     {"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", model::Tlp::kRed}}};

// What an indicator object says beyond its pattern.
struct Details {
  std::optional<model::Tlp> tlp;
  std::optional<Timestamp> valid_until;
  int confidence = -1;
};

void take_stricter(std::optional<model::Tlp>& mark, model::Tlp other) {
  mark = mark ? std::max(*mark, other) : other;
}

void read_markings(const Node& refs, Details& details) {
  refs.each([&](const Node& ref) {
    for (const auto& known : kMarkings) {
      if (ref.text() == known.id) take_stricter(details.tlp, known.tlp);
    }
  });
}

Details details_of(const model::Alert& record) {
  Details details;
  for (const auto& tag : record.tags) {
    const bool is_mark = tag.starts_with("tlp:") || tag.starts_with("TLP:");
    const auto tlp = is_mark ? model::parse_tlp(tag) : std::nullopt;
    if (tlp) take_stricter(details.tlp, *tlp);
  }
  const auto object = ParsedJson::parse(record.raw, kMaxDepth);
  if (!object) return details;
  const auto root = object->root();
  details.valid_until = parse_time(root["valid_until"].text());
  if (const auto confidence = root["confidence"].integer())
    details.confidence = static_cast<int>(std::clamp<std::int64_t>(*confidence, 0, 100));
  read_markings(root["object_marking_refs"], details);
  return details;
}

bool has_tag(const model::Alert& record, std::string_view tag) {
  return std::find(record.tags.begin(), record.tags.end(), tag) != record.tags.end();
}

// Observations and descriptions hold values too, but nobody says that those are bad.
bool is_wanted(const Record& record) {
  const auto& alert = record.alert;
  const bool vouches = alert.type == "indicator" || alert.type == "misp_event";
  return record.kind == model::RecordKind::kIntel && vouches && !alert.iocs.empty() &&
         alert.vendor_status != "revoked" && !has_tag(alert, "benign");
}

void add_record(const model::Alert& record, model::Tlp tlp, IntelFile& file) {
  const auto details = details_of(record);
  file.produced_at = std::max(file.produced_at, record.occurred_at);
  for (const auto& ioc : record.iocs) {
    store::IntelEntry entry;
    entry.ioc = ioc;
    entry.label = record.title;
    entry.reference = record.source_id.value_or("");
    entry.confidence = details.confidence;
    entry.tlp = details.tlp.value_or(tlp);
    entry.seen_at = record.occurred_at;
    entry.valid_until = details.valid_until;
    file.entries.push_back(std::move(entry));
  }
}

}  // namespace

Result<IntelFile> read_intel(std::string_view format, std::string_view body, model::Tlp tlp, Timestamp now) {
  if (format != "stix" && format != "misp") {
    return error(ErrorKind::kInvalidInput, "import intelligence", "there is no such format",
                 "known: stix, misp", "format");
  }
  TOCSIN_TRY(
      normalised,
      normalise(format, body,
                {.now = now, .max_items = store::kMaxIntelEntries, .max_records = store::kMaxIntelEntries}));
  IntelFile file;
  file.unreadable = normalised.rejections.size();
  for (const auto& record : normalised.records) {
    if (is_wanted(record)) {
      add_record(record.alert, tlp, file);
    } else {
      ++file.left_out;
    }
  }
  if (!normalised.rejections.empty() && normalised.records.empty())
    return normalised.rejections.front().error;
  return file;
}

}  // namespace tocsin::ingest
