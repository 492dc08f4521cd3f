// IBM QRadar offences as GET /siem/offenses answers and as forwarding scripts post them ("QRadar RESTful
// API").

#include <array>

#include "ingest/ip.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::Severity;

// Severity and magnitude count from 0 to 10.
Severity severity_of(const Node& offence) {
  for (const auto* name : {"severity", "magnitude"}) {
    const auto level = offence[name].number();
    if (!level) continue;
    if (*level >= 9) return Severity::kCritical;
    if (*level >= 7) return Severity::kHigh;
    if (*level >= 4) return Severity::kMedium;
    return *level >= 1 ? Severity::kLow : Severity::kInfo;
  }
  return Severity::kMedium;
}

struct OffenceType {
  int id;
  EntityKind kind;
  EntityRole role;
  bool observed;
};

// "offense_type": what the offence is indexed by, and so what offense_source is.
constexpr auto kTypes = std::to_array<OffenceType>({
    {0, EntityKind::kIp, EntityRole::kSource, true},
    {1, EntityKind::kIp, EntityRole::kDestination, true},
    {3, EntityKind::kUser, EntityRole::kTarget, false},
    {4, EntityKind::kMac, EntityRole::kSource, false},
    {5, EntityKind::kMac, EntityRole::kDestination, false},
    {7, EntityKind::kHost, EntityRole::kTarget, false},
    {10, EntityKind::kIp, EntityRole::kSource, true},
    {11, EntityKind::kIp, EntityRole::kDestination, true},
});

void read_offence_source(const Node& offence, AlertDraft& draft) {
  const auto source = offence["offense_source"].scalar();
  const auto type = offence["offense_type"].integer();
  const auto name = offence["offense_type_str"].text();
  for (const auto& known : kTypes) {
    if (!type || known.id != *type) continue;
    known.observed ? draft.observed(known.kind, source, known.role)
                   : draft.entity(known.kind, source, known.role);
    return;
  }
  if (parse_ip(source)) return draft.observed(EntityKind::kIp, source, EntityRole::kSource);
  if (name.find("sername") != std::string_view::npos || source.find('@') != std::string::npos)
    return draft.entity(EntityKind::kUser, source, EntityRole::kTarget);
  if (name.find("ostname") != std::string_view::npos)
    draft.entity(EntityKind::kHost, source, EntityRole::kTarget);
}

struct Addresses {
  std::string_view name;
  EntityRole role;
};

// Scripts replace the API's address ids by the addresses themselves.
constexpr auto kAddresses = std::to_array<Addresses>({
    {"source_addresses", EntityRole::kSource},
    {"source_address", EntityRole::kSource},
    {"sourceip", EntityRole::kSource},
    {"sourceAddress", EntityRole::kSource},
    {"local_destination_addresses", EntityRole::kDestination},
    {"destination_addresses", EntityRole::kDestination},
    {"destinationip", EntityRole::kDestination},
    {"destinationAddress", EntityRole::kDestination},
});

void read_entities(const Node& offence, AlertDraft& draft) {
  read_offence_source(offence, draft);
  for (const auto& known : kAddresses) {
    offence[known.name].each([&](const Node& value) {
      const Node address = value.is_object() ? value.any({"source_ip", "local_destination_ip", "ip"}) : value;
      draft.observed(EntityKind::kIp, address.text(), known.role);
    });
  }
  for (const auto* name : {"usernames", "username", "user"}) {
    offence[name].each(
        [&](const Node& user) { draft.entity(EntityKind::kUser, user.text(), EntityRole::kTarget); });
  }
}

// Their descriptions join the names of rules by line breaks: " Login Failures\n followed by …".
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : trim(text)) {
    const bool blank = is_blank(c);
    if (blank && (out.empty() || out.back() == ' ')) continue;
    out += blank ? ' ' : c;
  }
  return out;
}

void read_offence(const Node& offence, AlertDraft& draft) {
  const auto description = offence["description"].text();
  draft.source_id(offence.any({"id", "offense_id"}).scalar());
  draft.title(one_line(description));
  draft.message(description);
  draft.severity(severity_of(offence));
  for (const auto* name : {"start_time", "first_persisted_time", "last_updated_time"})
    draft.occurred_at(read_time(offence[name]));
  draft.vendor_status(offence["status"].text());
  draft.vendor_verdict(offence.any({"closing_reason", "closing_reason_text"}).text());
  draft.source_url(offence.any({"link", "offense_url", "url"}).text());
  offence["categories"].each([&](const Node& category) { draft.tag(category.text()); });
  offence["rules"].each([&](const Node& rule) {
    draft.rule(rule["id"].scalar());
    draft.tag(rule["name"].text());
  });
  offence["log_sources"].each([&](const Node& source) { draft.tag(source["type_name"].text()); });
  read_entities(offence, draft);
  draft.techniques_in(description);
  draft.mine(description);
}

bool is_offence(const Node& object) {
  return object.any({"id", "offense_id"}) && object["description"].is_string() &&
         (object["offense_source"] || object["offense_type"]) &&
         (object["magnitude"] || object["credibility"] || object["start_time"]);
}

Node inner_of(const Node& object) {
  return object.any({"offense", "offenses"});
}

}  // namespace

bool is_qradar(const Node& object) {
  return is_offence(object) || is_offence(inner_of(object));
}

void read_qradar(const Node& object, Output& out) {
  const auto add = [&](const Node& offence, std::string_view bytes) {
    if (!is_offence(offence)) {
      return out.reject_part(
          bytes, "this is not a QRadar offence",
          "It has id, description, offense_type, offense_source, severity and start_time.");
    }
    out.add(model::RecordKind::kAlert, bytes, [&](AlertDraft& draft) { read_offence(offence, draft); });
  };
  const Node inner = inner_of(object);
  if (!inner) return add(object, out.item());
  const auto* member = object["offense"] ? "offense" : "offenses";
  if (!inner.is_array()) return add(inner, find_member(out.item(), member));
  for_each_part(out.item(), member, inner,
                [&](const Node& one, std::string_view bytes, std::size_t) { add(one, bytes); });
}

}  // namespace tocsin::ingest
