#pragma once
// Hunting queries in KQL (Microsoft Sentinel), SPL (Splunk) and Athena SQL, from questions and from
// incidents. By rule: a query is built of what was recognised and never invented; every foreign value stands
// in one escaped literal. Pure, thread-safe.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/alert.h"

namespace tocsin::copilot {

enum class Platform : std::uint8_t { kKql, kSpl, kBoth };
std::optional<Platform> parse_platform(std::string_view text);  // kql spl both

// S1's answer to POST /api/v1/query.
struct QueryAnswer {
  std::string question;
  std::string kql_query;  // empty when not asked for
  std::string spl_query;
  std::string explanation;  // what it reads, keeps and leaves out; fit to show
  std::string performance_notes;
};

// kInvalidInput (422), listing what was not understood, when nothing in the question can be acted on.
Result<QueryAnswer> build_queries(std::string_view question, const model::Alert* alert_context,
                                  Platform platform);

struct TimeWindow {
  Timestamp from{};   // inclusive
  Timestamp until{};  // exclusive
};

struct IncidentQueries {
  std::string kql, spl, athena_sql;  // empty when no entity can be searched there
  std::vector<std::string> notes;
};
// Everything that names one of the entities in the window: at most 20 values, in the order given.
IncidentQueries incident_queries(const std::vector<model::Entity>& entities, const TimeWindow& window);

}  // namespace tocsin::copilot
