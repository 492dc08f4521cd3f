#include "api/export_case.h"

#include "api/hunt_case.h"
#include "api/incident_checklist.h"
#include "base/signing_key.h"

namespace tocsin::api {
namespace {

std::vector<exports::Sentence> sentences(const std::vector<triage::Sentence>& from) {
  std::vector<exports::Sentence> to;
  for (const auto& sentence : from) to.push_back({sentence.text, sentence.alert_ids});
  return to;
}

std::vector<exports::TimelineLine> timeline(const triage::IncidentView& view) {
  std::vector<exports::TimelineLine> lines;
  for (const auto& entry : view.timeline) {
    if (lines.size() == kExportedAlerts) break;
    const bool is_alert = entry.kind == triage::TimelineEntry::Kind::kAlert;
    lines.push_back({entry.at, std::string(to_text(entry.kind)), entry.title, entry.detail, entry.actor,
                     is_alert ? std::string(to_text(entry.severity)) : std::string(), entry.alert_ids});
  }
  return lines;
}

std::vector<exports::Query> queries(const Loaded& loaded) {
  std::vector<exports::Query> all;
  for (auto& query : hunt::incident_queries(hunt_case(loaded))) {
    all.push_back({std::string(to_text(query.language)),
                   std::string(title_of(query.platform)) + ": " + query.title, std::move(query.purpose),
                   std::move(query.text)});
  }
  return all;
}

exports::Check manual_check(const respond::ManualStep& step, const std::optional<Tick>& tick) {
  const bool done = tick && tick->done;
  auto reason = done ? "by " + tick->by + " at " + tick->at : std::string();
  if (tick && !tick->note.empty()) reason += (reason.empty() ? "" : ": ") + tick->note;
  return {std::string(step.title), done ? "done" : "open", std::move(reason), false};
}

std::vector<exports::Check> checks(const Checklist& list) {
  std::vector<exports::Check> all;
  for (const auto& check : list.checks)
    all.push_back({check.title, std::string(to_text(check.state)), check.reason, true});
  for (std::size_t i = 0; i < list.ticks.size(); ++i)
    all.push_back(manual_check(respond::manual_steps()[i], list.ticks[i]));
  return all;
}

std::vector<model::Alert> alerts(std::vector<triage::Member> members) {
  std::vector<model::Alert> all;
  std::size_t bytes = 0;
  for (auto& member : members) {
    bytes += member.alert.raw.size();
    if (bytes > kExportedRawBytes) member.alert.raw = R"("left out: the export would be too large")";
    all.push_back(std::move(member.alert));
  }
  return all;
}

Result<exports::Case> export_case(Context& context, Loaded loaded, std::string incident_json) {
  TOCSIN_TRY(list, load_checklist(context, loaded));
  exports::Case made;
  made.summary = sentences(loaded.view.summary);
  made.why = sentences(loaded.view.why);
  for (const auto& named : loaded.view.entities) made.entities.push_back({named.entity, named.alerts});
  made.timeline = timeline(loaded.view);
  made.queries = queries(loaded);
  made.checklist = checks(list);
  made.iocs = std::move(loaded.view.iocs);
  made.attack = std::move(loaded.view.attack);
  made.incident = std::move(loaded.facts.incident);
  made.alerts = alerts(std::move(loaded.facts.members));
  made.notes = std::move(loaded.facts.notes);
  made.actions = std::move(loaded.facts.actions);
  made.incident_json = std::move(incident_json);
  made.exported_at = context.services.clock.now();
  made.product_version = context.services.settings.version;
  return made;
}

Result<exports::File> file_of(Context& context, std::string_view format, Loaded loaded,
                              std::string incident_json) {
  const auto known = exports::parse_format(format);
  if (!known && format != "zip") {
    return error(ErrorKind::kInvalidInput, "export incident", "there is no such export format",
                 "known: json, pack, zip, markdown, html, stix, navigator, misp, csv", "format");
  }
  TOCSIN_TRY(incident, export_case(context, std::move(loaded), std::move(incident_json)));
  if (known) return exports::write(incident, *known);
  TOCSIN_TRY(key, context.services.settings.signing_key());
  return exports::write_signed_pack(incident, key);
}

}  // namespace

Result<http::Response> export_as(Context& context, std::string_view format, Loaded loaded,
                                 std::string incident_json) {
  TOCSIN_TRY(file, file_of(context, format, std::move(loaded), std::move(incident_json)));
  http::Response response;
  response.headers.emplace_back("Content-Type", std::move(file.content_type));
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + file.name + '"');
  // Opened in place of saved, a page of ours may do nothing at all.
  response.headers.emplace_back("Content-Security-Policy", "default-src 'none'; sandbox");
  response.body = std::move(file.bytes);
  return response;
}

}  // namespace tocsin::api
