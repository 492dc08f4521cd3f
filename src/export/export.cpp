#include "export/export.h"

#include <array>

#include "export/alerts_csv.h"
#include "export/documents.h"

namespace tocsin::exports {
namespace {

struct Row {
  Format format;
  std::string_view name;
  std::string_view prefix;  // of the file's name, before the incident's id
  std::string_view suffix;
  std::string_view content_type;
  std::string (*write)(const Case&);
};

std::string alerts_of(const Case& incident) {
  return alerts_csv(incident.alerts);
}

constexpr std::array<Row, 7> kFormats{{
    {Format::kPack, "pack", "investigator_pack_incident_", ".json", "application/json", pack_json},
    {Format::kMarkdown, "markdown", "incident_", ".md", "text/markdown; charset=utf-8", markdown_report},
    {Format::kHtml, "html", "incident_", ".html", "text/html; charset=utf-8", html_report},
    {Format::kStix, "stix", "incident_", ".stix.json", "application/stix+json;version=2.1", stix_bundle},
    {Format::kNavigator, "navigator", "incident_", ".navigator.json", "application/json", navigator_layer},
    {Format::kMisp, "misp", "incident_", ".misp.json", "application/json", misp_event},
    {Format::kCsv, "csv", "alerts_of_incident_", ".csv", "text/csv; charset=utf-8; header=present",
     alerts_of},
}};

}  // namespace

model::Tlp marking(const Case& incident) {
  auto mark = incident.incident.tlp;
  for (const auto& alert : incident.alerts) {
    const auto own = model::parse_tlp(alert.tlp).value_or(model::Tlp::kAmber);
    if (own > model::Tlp::kAmber) mark = std::max(mark, own);
  }
  return mark;
}

std::optional<Format> parse_format(std::string_view text) {
  for (const auto& row : kFormats) {
    if (row.name == text) return row.format;
  }
  return std::nullopt;
}

File write(const Case& incident, Format format) {
  const auto& row = kFormats[static_cast<std::size_t>(format)];
  return {std::string(row.prefix) + incident.incident.id.str() + std::string(row.suffix),
          std::string(row.content_type), row.write(incident)};
}

}  // namespace tocsin::exports
