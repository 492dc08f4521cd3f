// Views of one incident: itself, export. Timeline and graph: incident_story.cpp.

#include "api/case_loader.h"
#include "api/changes.h"
#include "api/context.h"
#include "api/dto/analysis_dto.h"
#include "api/dto/incident_dto.h"
#include "api/dto/page_dto.h"
#include "api/dto/plan_dto.h"
#include "api/dto/view_dto.h"
#include "api/export_case.h"
#include "api/incident_access.h"
#include "api/reasons.h"
#include "api/retention_settings.h"
#include "triage/suggestion.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

// ---- the incident itself
// ------------------------------------------------------------------------------------------

template <class T, class Write>
void write_list(JsonWriter& json, std::string_view name, const std::vector<T>& items, Write write) {
  json.member(name, [&] {
    json.array([&] {
      for (const auto& item : items) write(json, item);
    });
  });
}

model::Verdict suggested_verdict(const triage::IncidentFacts& facts,
                                 const std::optional<CaseJudgement>& judged) {
  if (!judged) return model::Verdict::kUndecided;
  return triage::suggest(facts.incident, judged->input.alerts.front()).verdict;
}

void write_whole_incident(JsonWriter& json, const Loaded& loaded, const std::optional<CaseJudgement>& judged,
                          const Context& context) {
  const auto& [facts, view] = loaded;
  json.object([&, &known = facts, &shown = view] {
    write_incident_members(json, known.incident, shown.attack.techniques, context.first_response_minutes());
    json.member("suggested_verdict", to_text(suggested_verdict(known, judged)));
    json.member("summary", triage::joined(shown.summary));
    json.member("summary_sentences", [&] { write_sentences(json, shown.summary); });
    json.member("alerts", [&] { write_member_alerts(json, known.members, kAlertsShown, false); });
    json.member("entities", [&] { write_entities(json, shown.entities); });
    json.member("iocs", [&] { write_iocs(json, shown.iocs); });
    json.member("why", [&] { write_sentences(json, shown.why); });
    json.key("response_plan");
    judged ? write_plan(json, judged->plan) : json.value(nullptr);
    json.key("analyses");
    judged ? write_analyses(json, judged->analyses) : json.value(nullptr);
    write_list(json, "notes", known.notes, write_note);
    write_list(json, "actions", known.actions, write_action);
    json.key("hold");
    const auto hold = context.store().retention().held(known.incident.id);
    write_hold(json, hold ? *hold : std::nullopt);
  });
}

Result<std::optional<CaseJudgement>> judge_members(Context& context, const triage::IncidentFacts& facts) {
  if (facts.members.empty()) return std::optional<CaseJudgement>{};  // merged away
  CaseLoader loader(context.services);
  TOCSIN_TRY(judged, judge_incident(loader, context.services, facts.incident, lead_first(facts)));
  return std::optional(std::move(judged));
}

Result<Response> get_incident(Context& context, const Request& request) {
  TOCSIN_TRY(loaded, load_view(context, request, kViewAlerts));
  TOCSIN_TRY(judged, judge_members(context, loaded.facts));
  ReasonWriter reasons(context.services);
  for (auto& member : loaded.facts.members) reasons.add(member.alert);
  std::string out;
  JsonWriter json(out);
  write_whole_incident(json, loaded, judged, context);
  auto response = http::json_response(200, std::move(out));
  set_etag(response, loaded.facts.incident.version);
  return response;
}

// ---- export
// -------------------------------------------------------------------------------------------------------

void write_export(JsonWriter& json, const Loaded& loaded, const std::optional<CaseJudgement>& judged,
                  const Context& context) {
  json.object([&] {
    json.member("format", "tocsin-incident-1");
    json.member("exported_at", context.services.clock.now());
    json.member("incident", [&] { write_whole_incident(json, loaded, judged, context); });
    json.member("alerts", [&] { write_member_alerts(json, loaded.facts.members, kExportedAlerts, true); });
    json.member("timeline", [&] { write_timeline(json, loaded.facts, loaded.view, false); });
    write_list(json, "notes", loaded.facts.notes, write_note);
    write_list(json, "actions", loaded.facts.actions, write_action);
  });
}

Result<Response> export_incident(Context& context, const Request& request) {
  auto format = request.query_param("format").value_or("json");
  if (format == "pack" && request.header("Accept") == "application/zip") format = "zip";
  TOCSIN_TRY(loaded, load_view(context, request, kExportedAlerts));
  TOCSIN_TRY(judged, judge_members(context, loaded.facts));
  std::string out;
  JsonWriter json(out);
  if (format != "json") {
    write_whole_incident(json, loaded, judged, context);
    return export_as(context, format, std::move(loaded), std::move(out));
  }
  write_export(json, loaded, judged, context);
  auto response = http::json_response(200, std::move(out));
  response.headers.emplace_back(
      "Content-Disposition", "attachment; filename=\"incident_" + loaded.facts.incident.id.str() + ".json\"");
  return response;
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/incidents/{id}", get_incident},
    {Method::kGet, "/api/v1/incidents/{id}/export", export_incident},
};

}  // namespace

void add_incident_view_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
