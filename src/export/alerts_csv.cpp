#include "export/alerts_csv.h"

#include <array>
#include <string_view>

#include "export/text.h"

namespace tocsin::exports {
namespace {

using model::Alert;

struct Column {
  std::string_view name;
  std::string (*value)(const Alert&);
};

template <class Items, class Append>
std::string joined(const Items& items, Append append) {
  std::string text;
  for (const auto& item : items) {
    if (!text.empty()) text += "; ";
    append(text, item);
  }
  return text;
}

std::string words(const std::vector<std::string>& texts) {
  return joined(texts, [](std::string& out, const std::string& text) { out += text; });
}

std::string entities(const Alert& alert) {
  return joined(alert.entities, [](std::string& out, const model::Entity& entity) {
    out.append(to_text(entity.kind)).append(":").append(entity.value);
    out.append(" (").append(to_text(entity.role)).append(")");
  });
}

std::string iocs(const Alert& alert) {
  return joined(alert.iocs, [](std::string& out, const model::Ioc& ioc) {
    out.append(to_text(ioc.kind)).append(":").append(ioc.value);
  });
}

constexpr std::array kColumns{
    Column{"id", [](const Alert& a) { return a.id.str(); }},
    Column{"occurred_at", [](const Alert& a) { return to_rfc3339(a.occurred_at); }},
    Column{"received_at", [](const Alert& a) { return to_rfc3339(a.received_at); }},
    Column{"severity", [](const Alert& a) { return std::string(to_text(a.severity)); }},
    Column{"priority", [](const Alert& a) { return std::to_string(a.priority); }},
    Column{"status", [](const Alert& a) { return std::string(to_text(a.status)); }},
    Column{"verdict", [](const Alert& a) { return std::string(to_text(a.triage.verdict)); }},
    Column{"source", [](const Alert& a) { return a.source; }},
    Column{"source_id", [](const Alert& a) { return a.source_id.value_or(""); }},
    Column{"type", [](const Alert& a) { return a.type; }},
    Column{"title", [](const Alert& a) { return a.title; }},
    Column{"message", [](const Alert& a) { return a.message; }},
    Column{"entities", entities},
    Column{"iocs", iocs},
    Column{"techniques", [](const Alert& a) { return words(a.attack.techniques); }},
    Column{"tactics", [](const Alert& a) { return words(a.attack.tactics); }},
    Column{"occurrences", [](const Alert& a) { return std::to_string(a.occurrences); }},
    Column{"first_seen", [](const Alert& a) { return to_rfc3339(a.first_seen); }},
    Column{"last_seen", [](const Alert& a) { return to_rfc3339(a.last_seen); }},
    Column{"incident_id", [](const Alert& a) { return a.incident_id ? a.incident_id->str() : ""; }},
    Column{"assignee", [](const Alert& a) { return a.assignee.value_or(""); }},
    Column{"close_reason", [](const Alert& a) { return a.close_reason.value_or(""); }},
    Column{"tags", [](const Alert& a) { return words(a.tags); }},
    Column{"tlp", [](const Alert& a) { return a.tlp; }},
};

}  // namespace

void append_csv_header(std::string& out) {
  out += "\xEF\xBB\xBF";
  std::string_view separator;
  for (const auto& column : kColumns) {
    out += separator;
    append_csv_cell(out, column.name);
    separator = ",";
  }
  out += "\r\n";
}

void append_csv_row(std::string& out, const model::Alert& alert) {
  std::string_view separator;
  for (const auto& column : kColumns) {
    out += separator;
    append_csv_cell(out, column.value(alert));
    separator = ",";
  }
  out += "\r\n";
}

std::string alerts_csv(std::span<const model::Alert> alerts) {
  std::string out;
  append_csv_header(out);
  for (const auto& alert : alerts) append_csv_row(out, alert);
  return out;
}

}  // namespace tocsin::exports
