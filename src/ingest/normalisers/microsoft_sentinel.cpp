// Microsoft Sentinel: incidents (REST, SDK in snake_case, Logic App trigger, SecurityIncident row) and alerts
// (SecurityAlert row, REST).

#include <algorithm>
#include <array>

#include "ingest/normalisers/microsoft_entities.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityRole;
using model::Severity;

// "firstActivityTimeUtc" gives "first_activity_time_utc".
std::string snake(std::string_view camel) {
  std::string out;
  for (const char c : camel) {
    if (is_upper(c)) out += '_';
    out += lower(c);
  }
  return out;
}

// A property in the REST spelling or the SDK's.
Node pick(const Node& object, std::string_view camel) {
  const Node found = object[camel];
  return found ? found : object[snake(camel)];
}

// Names in a list, in a string with commas, or in a JSON array inside a string.
template <class F>
void each_name(const Node& value, const Options& options, F f) {
  if (!value.is_string() || value.text().starts_with('[')) {
    return each_in_text(value, options, [&](const Node& name) { f(name.text()); });
  }
  auto rest = value.text();
  while (!rest.empty()) f(trim(take_until(rest, ',')));
}

void read_tactics(const Node& object, const Options& options, AlertDraft& draft) {
  each_name(object.any({"tactics", "Tactics", "intent", "Intent"}), options,
            [&](std::string_view name) { read_intent(name, draft); });
  for (const auto* member : {"techniques", "Techniques", "subTechniques", "SubTechniques"}) {
    each_name(object[member], options, [&](std::string_view name) { draft.technique(name); });
  }
}

Severity severity_of(std::string_view word) {
  return severity_from_word(word).value_or(Severity::kMedium);
}

void read_label(const Node& label, AlertDraft& draft) {
  draft.tag(label.is_string() ? label.text() : label.any({"labelName", "label_name"}).text());
}

// ---- incidents ----

void read_related(const Node& properties, const Options& options, AlertDraft& draft) {
  const auto add = [&](const Node& entity) { read_microsoft_entity(entity, EntityRole::kRelated, draft); };
  pick(properties, "relatedEntities").each(add);
  pick(properties, "alerts").each([&](const Node& alert) {
    const Node inner = alert["properties"] ? alert["properties"] : alert;
    draft.rule(inner.any({"alertType", "AlertType"}).text());
    read_tactics(inner, options, draft);
    inner["entities"].each(add);
  });
}

void read_incident(const Node& incident, const Node& properties, const Options& options, AlertDraft& draft) {
  const auto description = properties.any({"description", "Description"}).text();
  auto id = incident["name"].scalar();
  if (id.empty())
    id = properties.any({"IncidentName", "incidentNumber", "incident_number", "IncidentNumber"}).scalar();
  if (id.empty()) id = incident["id"].scalar();
  draft.source_id(id);
  draft.title(properties.any({"title", "Title"}).text());
  draft.message(description);
  draft.severity(severity_of(properties.any({"severity", "Severity"}).text()));
  for (const auto* member :
       {"firstActivityTimeUtc", "createdTimeUtc", "lastActivityTimeUtc", "lastModifiedTimeUtc"}) {
    draft.occurred_at(read_time(pick(properties, member)));
  }
  draft.occurred_at(read_time(properties.any({"FirstActivityTime", "CreatedTime", "TimeGenerated"})));
  draft.source_url(properties.any({"incidentUrl", "incident_url", "IncidentUrl"}).text());
  draft.vendor_status(properties.any({"status", "Status"}).text());
  draft.vendor_verdict(properties.any({"classification", "Classification"}).text());
  each_in_text(properties.any({"labels", "Labels"}), options,
               [&](const Node& label) { read_label(label, draft); });
  const Node more = properties.any({"additionalData", "additional_data", "AdditionalData"});
  each_in_text(more, options, [&](const Node& data) { read_tactics(data, options, draft); });
  draft.mine(description);
  read_related(properties, options, draft);
}

bool is_incident(const Node& properties) {
  return (properties["title"] &&
          (pick(properties, "incidentNumber") || pick(properties, "createdTimeUtc"))) ||
         (properties["Title"] && (properties["IncidentNumber"] || properties["IncidentName"]));
}

// ---- alerts ----

bool is_alert(const Node& row) {
  return row.any({"SystemAlertId", "systemAlertId"}) &&
         row.any({"AlertName", "DisplayName", "alertDisplayName", "AlertDisplayName"});
}

// A scheduled rule's AlertType is made of GUIDs; only a word says what the alert is.
void read_type(std::string_view type, AlertDraft& draft) {
  draft.rule(type);
  const bool ids =
      type.find('-') != std::string_view::npos && type.find_first_of("0123456789") != std::string_view::npos;
  if (!type.empty() && !ids) draft.type(slug(type));
}

void read_resources(const Node& row, AlertDraft& draft) {
  draft.entity(model::EntityKind::kCloudResource, row.any({"ResourceId", "AzureResourceId"}).text(),
               EntityRole::kTarget);
  row["resourceIdentifiers"].each([&](const Node& resource) {
    draft.entity(model::EntityKind::kCloudResource, resource["azureResourceId"].text(), EntityRole::kTarget);
  });
}

struct Extended {
  std::string_view name;  // lower case
  void (*read)(std::string_view value, AlertDraft&);
};

void read_extended_process(std::string_view path, AlertDraft& draft) {
  draft.entity(model::EntityKind::kProcess, path, EntityRole::kRelated);
}

// "IP Address: 198.51.100.7", or the address alone.
void read_extended_address(std::string_view text, AlertDraft& draft) {
  const auto colon = text.rfind(": ");
  draft.observed(model::EntityKind::kIp, colon == std::string_view::npos ? text : text.substr(colon + 2),
                 EntityRole::kSource);
}

// Defender for Cloud's alerts say in words of their own what entities leave out.
constexpr auto kExtended = std::to_array<Extended>({
    {"command line", [](std::string_view text, AlertDraft& draft) { draft.command_line(text); }},
    {"suspicious command line", [](std::string_view text, AlertDraft& draft) { draft.command_line(text); }},
    {"parent process", [](std::string_view text, AlertDraft& draft) { draft.parent_process(text); }},
    {"process name", read_extended_process},
    {"suspicious process", read_extended_process},
    {"attacker source ip", read_extended_address},
    {"client ip address", read_extended_address},
    {"source ip address", read_extended_address},
});

void read_extended(const Node& properties, AlertDraft& draft) {
  properties.members([&](std::string_view name, const Node& value) {
    for (const auto& known : kExtended) {
      if (equal_ignoring_case(known.name, name)) known.read(value.text(), draft);
    }
  });
}

// Called after the entities: a bare name among them says of what kind it is.
void read_compromised(std::string_view name, AlertDraft& draft) {
  const auto& known = draft.alert().entities;
  const bool named = std::any_of(known.begin(), known.end(), [&](const model::Entity& entity) {
    return equal_ignoring_case(entity.value, name) ||
           (entity.kind == model::EntityKind::kUser && entity.value.starts_with(std::string(name) + '@'));
  });
  if (named) return;
  const bool account = name.find_first_of("@\\") != std::string_view::npos;
  const bool resource = name.find("/subscriptions/") != std::string_view::npos;
  const auto kind = resource  ? model::EntityKind::kCloudResource
                    : account ? model::EntityKind::kUser
                              : model::EntityKind::kHost;
  draft.entity(kind, name, EntityRole::kTarget);
}

void read_alert(const Node& row, const Options& options, AlertDraft& draft) {
  const auto description = row.any({"Description", "description"}).text();
  draft.source_id(row.any({"SystemAlertId", "systemAlertId"}).text());
  draft.title(row.any({"DisplayName", "AlertName", "alertDisplayName", "AlertDisplayName"}).text());
  read_type(row.any({"AlertType", "alertType"}).text(), draft);
  draft.message(description);
  draft.severity(severity_of(row.any({"AlertSeverity", "severity", "Severity"}).text()));
  for (const auto* member : {"StartTime", "StartTimeUtc", "startTimeUtc", "TimeGenerated", "timeGenerated"}) {
    draft.occurred_at(read_time(row[member]));
  }
  draft.source_url(row.any({"AlertLink", "alertLink", "alertUri", "AlertUri"}).text());
  draft.vendor_status(row.any({"Status", "status"}).text());
  draft.tag(row.any({"ProductName", "productName"}).text());
  draft.tag(row.any({"ProviderName", "providerAlertId"}).text());
  each_in_text(row.any({"Entities", "entities"}), options,
               [&](const Node& entity) { read_microsoft_entity(entity, EntityRole::kRelated, draft); });
  read_compromised(row.any({"CompromisedEntity", "compromisedEntity"}).text(), draft);
  read_tactics(row, options, draft);
  read_resources(row, draft);
  each_in_text(row.any({"ExtendedProperties", "extendedProperties"}), options,
               [&](const Node& properties) { read_extended(properties, draft); });
  draft.mine(description);
}

// ---- wrappers ----

void read_one(const Node& object, std::string_view bytes, Output& out) {
  const Node properties = object["properties"] ? object["properties"] : object;
  if (is_alert(properties)) {
    out.add(model::RecordKind::kAlert, bytes,
            [&](AlertDraft& d) { read_alert(properties, out.options(), d); });
  } else if (is_incident(properties)) {
    out.add(model::RecordKind::kAlert, bytes,
            [&](AlertDraft& d) { read_incident(object, properties, out.options(), d); });
  } else {
    out.reject_part(bytes, "neither a Sentinel incident nor a SecurityAlert",
                    "Send the incident (REST, SDK or Logic App trigger body) or rows of SecurityAlert or "
                    "SecurityIncident.");
  }
}

bool is_insights_object(const Node& object) {
  return object["type"].text().find("Microsoft.SecurityInsights") != std::string_view::npos;
}

}  // namespace

bool is_sentinel(const Node& object) {
  const Node inner = object["object"]             ? object["object"]
                     : object["value"].is_array() ? object["value"].at(0)
                                                  : object;
  const Node properties = inner["properties"] ? inner["properties"] : inner;
  return is_insights_object(inner) || is_alert(properties) || (object["object"] && is_incident(properties)) ||
         (is_incident(properties) && properties.any({"incidentUrl", "incident_url", "incidentNumber",
                                                     "incident_number", "IncidentNumber"}));
}

void read_sentinel(const Node& object, Output& out) {
  if (const Node trigger = object["object"]; trigger.is_object()) return read_one(trigger, out.item(), out);
  if (const Node list = object["value"]; list.is_array()) {
    return for_each_part(
        out.item(), "value", list,
        [&](const Node& one, std::string_view bytes, std::size_t) { read_one(one, bytes, out); });
  }
  read_one(object, out.item(), out);
}

}  // namespace tocsin::ingest
