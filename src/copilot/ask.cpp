#include "copilot/ask.h"

#include "copilot/literals.h"

namespace tocsin::copilot {
namespace {

constexpr std::string_view kKqlRows = "1000";

std::string_view account_name(std::string_view value) {
  if (const auto slash = value.rfind('\\'); slash != std::string_view::npos && slash + 1 < value.size()) {
    value.remove_prefix(slash + 1);
  }
  const auto at = value.find('@');
  return at == std::string_view::npos || at == 0 ? value : value.substr(0, at);
}

std::string value_for(std::string_view marker, std::string_view value) {
  if (marker == "{v@}") return std::string(value) + "@";
  if (marker == "{v.}") return std::string(value) + ".";
  if (marker == "{.v}") return "." + std::string(value);
  return std::string(marker == "{name}" ? account_name(value) : value);
}

// Replaces the markers of a predicate of ours; the literal never passes through again.
template <class Literal>
std::string fill(std::string_view predicate, std::string_view value, Literal literal) {
  std::string out;
  while (!predicate.empty()) {
    const auto open = predicate.find('{');
    out += predicate.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = predicate.find('}', open);
    out += literal(value_for(predicate.substr(open, close - open + 1), value));
    predicate.remove_prefix(close + 1);
  }
  return out;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : std::string(separator)) + part;
  return out;
}

std::string bracketed(const std::vector<std::string>& parts, std::string_view separator) {
  return parts.size() == 1 ? parts.front() : "(" + join(parts, separator) + ")";
}

// One predicate a kind (the values of a kind are alternatives), in order of first appearance. Kinds the table
// does not know are left out.
template <class Render>
std::vector<std::string> predicates(const Ask& ask, const Table& table, std::string_view or_word,
                                    Render render) {
  std::vector<std::string> all;
  std::vector<model::EntityKind> done;
  for (const auto& condition : ask.conditions) {
    const auto* field = find_field(table, condition.kind);
    if (field == nullptr || std::find(done.begin(), done.end(), condition.kind) != done.end()) continue;
    done.push_back(condition.kind);
    std::vector<std::string> alternatives;
    for (const auto& other : ask.conditions) {
      if (other.kind == condition.kind) alternatives.push_back(render(*field, other.value));
    }
    all.push_back(bracketed(alternatives, or_word));
  }
  return all;
}

bool is_process_table(const Table& table) {
  return table.name == "DeviceProcessEvents";
}

std::string kql_source(const Ask& ask, const Table& table, bool projected) {
  std::string text(table.name);
  text += "\n| where TimeGenerated >= " + ask.time.kql_from;
  if (!ask.time.kql_until.empty()) text += " and TimeGenerated < " + ask.time.kql_until;
  const auto parts = predicates(ask, table, " or ", [](const Field& field, const std::string& value) {
    return fill(field.kql, value, [](const std::string& v) { return kql_literal(v); });
  });
  if (ask.match_any && !parts.empty()) {
    text += "\n| where " + join(parts, " or ");
  } else {
    for (const auto& part : parts) text += "\n| where " + part;
  }
  if (!ask.event_ids.empty() && table.name == "SecurityEvent") {
    std::vector<std::string> ids;
    for (const auto id : ask.event_ids) ids.push_back(std::to_string(id));
    text += "\n| where EventID in (" + join(ids, ", ") + ")";
  } else if (ask.outcome == Outcome::kFailed && !table.failed_kql.empty()) {
    text += "\n| where " + std::string(table.failed_kql);
  } else if (ask.outcome == Outcome::kSucceeded && !table.succeeded_kql.empty()) {
    text += "\n| where " + std::string(table.succeeded_kql);
  }
  if (ask.powershell && is_process_table(table))
    text += "\n| where FileName in~ (\"powershell.exe\", \"pwsh.exe\")";
  if (ask.encoded && is_process_table(table)) {
    text += "\n| where ProcessCommandLine has_any (\"-enc\", \"-encodedcommand\", \"frombase64string\")";
  }
  if (projected) text += "\n| project " + std::string(table.columns);
  return text;
}

std::string indented(std::string text) {
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 3))
    text.replace(at, 1, "\n  ");
  return text;
}

std::string spl_source(const Ask& ask, const Table& table, bool& widened) {
  std::string text(table.spl);
  const auto parts = predicates(ask, table, " OR ", [&widened](const Field& field, const std::string& value) {
    return fill(field.spl, value, [&widened](const std::string& v) {
      auto literal = spl_literal(v);
      widened = widened || literal.widened;
      return literal.text;
    });
  });
  if (ask.match_any && !parts.empty()) {
    text += " " + bracketed(parts, " OR ");
  } else {
    for (const auto& part : parts) text += " " + part;
  }
  if (!ask.event_ids.empty() && table.name == "SecurityEvent") {
    std::vector<std::string> ids;
    for (const auto id : ask.event_ids) ids.push_back("EventCode=" + std::to_string(id));
    text += " " + bracketed(ids, " OR ");
  } else if (ask.outcome == Outcome::kFailed && !table.failed_spl.empty()) {
    text += " " + std::string(table.failed_spl);
  } else if (ask.outcome == Outcome::kSucceeded && !table.succeeded_spl.empty()) {
    text += " " + std::string(table.succeeded_spl);
  }
  if (ask.powershell && is_process_table(table))
    text += " (process_name=\"powershell.exe\" OR process_name=\"pwsh.exe\")";
  if (ask.encoded && is_process_table(table))
    text += " (process=\"*-enc*\" OR process=\"*frombase64string*\")";
  return text;
}

}  // namespace

std::string to_kql(const Ask& ask) {
  const auto& first = *ask.tables.front();
  if (ask.tables.size() == 1) {
    auto text = kql_source(ask, first, !ask.count);
    if (ask.count)
      return text + "\n| summarize Count = count() by " + std::string(first.count_by) +
             "\n| order by Count desc";
    return text + "\n| order by TimeGenerated desc\n| take " + std::string(kKqlRows);
  }
  std::vector<std::string> sources;
  for (const auto* table : ask.tables)
    sources.push_back("  (" + indented(kql_source(ask, *table, false)) + ")");
  auto text = "union isfuzzy=true withsource=SourceTable\n" + join(sources, ",\n");
  if (ask.count) return text + "\n| summarize Count = count() by SourceTable\n| order by Count desc";
  return text + "\n| order by TimeGenerated desc\n| take " + std::string(kKqlRows);
}

SplQuery to_spl(const Ask& ask) {
  SplQuery query;
  const auto& first = *ask.tables.front();
  if (ask.tables.size() == 1) {
    query.text = "search " + ask.time.spl + " " + spl_source(ask, first, query.widened);
    query.text += ask.count ? "\n| stats count by " + std::string(first.spl_count_by) + "\n| sort - count"
                            : "\n| table " + std::string(first.spl_columns) + "\n| sort - _time\n| head 1000";
    return query;
  }
  std::vector<std::string> sources;
  for (const auto* table : ask.tables) sources.push_back("(" + spl_source(ask, *table, query.widened) + ")");
  query.text = "search " + ask.time.spl + " (" + join(sources, " OR ") + ")";
  query.text +=
      ask.count ? "\n| stats count by index\n| sort - count"
                : "\n| table _time, index, host, user, src, dest, action, _raw\n| sort - _time\n| head 1000";
  return query;
}

}  // namespace tocsin::copilot
