#include "copilot/query.h"

#include "base/display_text.h"
#include "copilot/ask.h"
#include "copilot/question.h"
#include "escape/literals.h"

namespace tocsin::copilot {
namespace {

using model::EntityKind;

constexpr std::string_view kWidened =
    "A value holds characters that a Splunk search cannot take literally (*, ` or control characters); there "
    "they are "
    "matched by a wildcard.";

std::string listed(const std::vector<std::string>& items) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
}

std::string tables_text(const Ask& ask) {
  std::vector<std::string> parts;
  for (const auto* table : ask.tables)
    parts.push_back(std::string(table->name) + " (" + std::string(table->words) + ")");
  return listed(parts);
}

std::string conditions_text(const Ask& ask) {
  std::vector<std::string> parts;
  for (const auto& one : ask.conditions)
    parts.push_back(std::string(to_text(one.kind)) + " " + display_text(one.value, 60));
  return listed(parts);
}

// Conditions that no table of the query can express: it is wider than the question, and must say so.
std::string not_filtered(const Ask& ask) {
  std::vector<std::string> parts;
  for (const auto& one : ask.conditions) {
    const bool expressed = std::any_of(ask.tables.begin(), ask.tables.end(), [&](const Table* table) {
      return find_field(*table, one.kind) != nullptr;
    });
    if (!expressed) parts.push_back(std::string(to_text(one.kind)) + " " + display_text(one.value, 60));
  }
  return listed(parts);
}

std::string explain(const Ask& ask) {
  std::string text = "Reads ";
  text += tables_text(ask);
  text += "; time: ";
  text += ask.time.words;
  text += ask.time.assumed ? " (no time was named)." : ".";
  if (!ask.conditions.empty()) {
    text += " Keeps records that name ";
    text += ask.match_any ? "any of: " : "all of: ";
    text += conditions_text(ask) + ".";
  }
  if (const auto missing = not_filtered(ask); !missing.empty()) {
    text += " Not filtered by " + missing + ": these tables do not name it.";
  }
  if (ask.outcome == Outcome::kFailed) text += " Only failures, where the table tells.";
  if (ask.outcome == Outcome::kSucceeded) text += " Only successes, where the table tells.";
  if (ask.powershell) text += " Only PowerShell.";
  if (ask.encoded) text += " Only encoded commands.";
  text += ask.count ? " Counts them." : " Newest first, at most 1,000.";
  if (!ask.not_understood.empty())
    text += " Not understood, so not used: " + listed(ask.not_understood) + ".";
  return text;
}

std::string notes_on_cost(const Ask& ask, bool widened) {
  std::string text = "The time filter comes first, so nothing outside it is read (" + ask.time.words + ").";
  std::vector<std::string> costly;
  for (const auto* table : ask.tables) {
    if (table->costly) costly.emplace_back(table->name);
  }
  if (!costly.empty()) text += " Usually large: " + listed(costly) + ".";
  if (!costly.empty() && ask.time.hours > 48) text += " Narrow the time before running it.";
  if (ask.conditions.empty()) text += " No entity narrows it: name a user, host or address to read less.";
  if (ask.tables.size() > 1)
    text +=
        " It joins " + std::to_string(ask.tables.size()) + " tables; ask for one event kind to read fewer.";
  if (widened) text += " " + std::string(kWidened);
  return text;
}

// CloudTrail's columns in Athena.
std::string_view athena_column(EntityKind kind) {
  switch (kind) {
    case EntityKind::kIp:
      return "sourceipaddress";
    case EntityKind::kUser:
    case EntityKind::kAccount:
    case EntityKind::kEmail:
      return "useridentity.username";
    default:
      return {};
  }
}

std::string athena_sql(const std::vector<model::Entity>& entities, const TimeWindow& window) {
  std::string predicates;
  std::size_t used = 0;
  for (const auto& entity : entities) {
    const auto literal = escape::sql_literal(std::string_view(entity.value).substr(0, 256));
    std::string one;
    if (const auto column = athena_column(entity.kind); !column.empty()) {
      one = std::string(column) + " = " + literal;
    } else if (entity.kind == EntityKind::kCloudResource) {
      one = "strpos(requestparameters, " + literal + ") > 0";
    }
    if (one.empty() || used == kMaxConditions) continue;
    predicates += (used++ > 0 ? "\n    OR " : "") + one;
  }
  if (predicates.empty()) return {};
  std::string sql =
      "SELECT eventtime, eventname, eventsource, sourceipaddress, useridentity.username, errorcode\nFROM "
      "cloudtrail_logs";
  sql += "\nWHERE eventtime >= ";
  sql += escape::sql_literal(to_rfc3339(window.from));
  sql += "\n  AND eventtime < ";
  sql += escape::sql_literal(to_rfc3339(window.until));
  sql += "\n  AND (";
  sql += predicates;
  sql += ")\nORDER BY eventtime DESC\nLIMIT 1000";
  return sql;
}

TimeSpan absolute(const TimeWindow& window) {
  TimeSpan span;
  span.kql_from = "datetime(" + to_rfc3339(window.from) + ")";
  span.kql_until = "datetime(" + to_rfc3339(window.until) + ")";
  const auto seconds = [](Timestamp at) { return std::to_string(to_unix_nanos(at) / 1'000'000'000); };
  span.spl = "earliest=" + seconds(window.from) + " latest=" + seconds(window.until);
  span.words = to_rfc3339(window.from) + " to " + to_rfc3339(window.until);
  span.assumed = false;
  return span;
}

Ask ask_for(const std::vector<model::Entity>& entities, const TimeWindow& window) {
  Ask ask;
  ask.match_any = true;
  ask.time = absolute(window);
  for (const auto& entity : entities) {
    const auto kind = entity.kind == EntityKind::kAccount ? EntityKind::kUser : entity.kind;
    if (ask.conditions.size() < kMaxConditions) ask.conditions.push_back({kind, entity.value.substr(0, 256)});
  }
  for (const auto& table : tables()) {
    const bool names = std::any_of(ask.conditions.begin(), ask.conditions.end(), [&](const Condition& one) {
      return find_field(table, one.kind) != nullptr;
    });
    if (names) ask.tables.push_back(&table);
  }
  return ask;
}

}  // namespace

std::optional<Platform> parse_platform(std::string_view text) {
  if (text == "kql") return Platform::kKql;
  if (text == "spl") return Platform::kSpl;
  if (text == "both") return Platform::kBoth;
  return std::nullopt;
}

Result<QueryAnswer> build_queries(std::string_view question, const model::Alert* alert_context,
                                  Platform platform) {
  TOCSIN_TRY(ask, understand(question, alert_context));
  QueryAnswer answer;
  answer.question = question;
  const auto spl = to_spl(ask);
  if (platform != Platform::kSpl) answer.kql_query = to_kql(ask);
  if (platform != Platform::kKql) answer.spl_query = spl.text;
  answer.explanation = explain(ask);
  answer.performance_notes = notes_on_cost(ask, spl.widened && platform != Platform::kKql);
  return answer;
}

IncidentQueries incident_queries(const std::vector<model::Entity>& entities, const TimeWindow& window) {
  IncidentQueries queries;
  const auto ask = ask_for(entities, window);
  if (!ask.tables.empty()) {
    queries.kql = to_kql(ask);
    auto spl = to_spl(ask);
    queries.spl = std::move(spl.text);
    if (spl.widened) queries.notes.emplace_back(kWidened);
  }
  queries.athena_sql = athena_sql(entities, window);
  if (entities.size() > kMaxConditions) {
    queries.notes.push_back("Only the first " + std::to_string(kMaxConditions) + " of " +
                            std::to_string(entities.size()) + " entities are searched for.");
  }
  if (queries.kql.empty() && queries.athena_sql.empty())
    queries.notes.emplace_back("The incident names no entity that can be searched for.");
  return queries;
}

}  // namespace tocsin::copilot
