#include "copilot/ask.h"

#include "escape/literals.h"

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
  if (marker == "{.v}" || marker == "{*.v}") return "." + std::string(value);
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
    const auto marker = predicate.substr(open, close - open + 1);
    out += literal(marker, value_for(marker, value));
    predicate.remove_prefix(close + 1);
  }
  return out;
}

// SPL's wildcards stand inside the literal: {*v*} contains, {*.v} ends with.
std::string with_wildcards(std::string_view marker, std::string literal) {
  if (marker.starts_with("{*")) literal.insert(1, "*");
  if (marker.ends_with("*}")) literal.insert(literal.size() - 1, "*");
  return literal;
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
bool is_network_table(const Table& table) {
  return table.name == "CommonSecurityLog";
}

std::vector<std::string> numbers(const std::vector<int>& values, std::string_view prefix) {
  std::vector<std::string> texts;
  for (const auto value : values) texts.push_back(std::string(prefix) + std::to_string(value));
  return texts;
}

std::string kql_count(const Ask& ask, std::string_view columns) {
  std::string text = "\n| summarize Count = count() by " + std::string(columns);
  if (ask.more_than > 0) text += "\n| where Count > " + std::to_string(ask.more_than);
  return text + "\n| order by Count desc";
}

std::string spl_count(const Ask& ask, std::string_view columns) {
  std::string text = "\n| stats count by " + std::string(columns);
  if (ask.more_than > 0) text += "\n| where count > " + std::to_string(ask.more_than);
  return text + "\n| sort - count";
}

// What narrows network connections and processes further; empty for other tables.
std::string kql_details(const Ask& ask, const Table& table) {
  std::string text;
  if (!ask.ports.empty() && is_network_table(table)) {
    text += "\n| where DestinationPort in (" + join(numbers(ask.ports, ""), ", ") + ")";
  }
  if (!is_process_table(table)) return text;
  if (ask.powershell) text += "\n| where FileName in~ (\"powershell.exe\", \"pwsh.exe\")";
  if (ask.encoded) {
    text += "\n| where ProcessCommandLine has_any (\"-enc\", \"-encodedcommand\", \"frombase64string\")";
  }
  std::vector<std::string> parents;
  for (const auto& parent : ask.parents) parents.push_back(escape::kql_literal(parent));
  if (!parents.empty()) text += "\n| where InitiatingProcessFileName in~ (" + join(parents, ", ") + ")";
  return text;
}

std::string spl_details(const Ask& ask, const Table& table, bool& widened) {
  std::string text;
  if (!ask.ports.empty() && is_network_table(table))
    text += " " + bracketed(numbers(ask.ports, "dest_port="), " OR ");
  if (!is_process_table(table)) return text;
  if (ask.powershell) text += " (process_name=\"powershell.exe\" OR process_name=\"pwsh.exe\")";
  if (ask.encoded) text += " (process=\"*-enc*\" OR process=\"*frombase64string*\")";
  std::vector<std::string> parents;
  for (const auto& parent : ask.parents) {
    const auto literal = escape::spl_literal(parent);
    widened = widened || literal.widened;
    parents.push_back("parent_process_name=" + literal.text);
  }
  if (!parents.empty()) text += " " + bracketed(parents, " OR ");
  return text;
}

std::string kql_source(const Ask& ask, const Table& table, bool projected) {
  std::string text(table.name);
  text += "\n| where TimeGenerated >= " + ask.time.kql_from;
  if (!ask.time.kql_until.empty()) text += " and TimeGenerated < " + ask.time.kql_until;
  const auto parts = predicates(ask, table, " or ", [](const Field& field, const std::string& value) {
    return fill(field.kql, value,
                [](std::string_view, const std::string& v) { return escape::kql_literal(v); });
  });
  if (ask.match_any && !parts.empty()) {
    text += "\n| where " + join(parts, " or ");
  } else {
    for (const auto& part : parts) text += "\n| where " + part;
  }
  if (!ask.event_ids.empty() && table.name == "SecurityEvent") {
    text += "\n| where EventID in (" + join(numbers(ask.event_ids, ""), ", ") + ")";
  } else if (ask.outcome == Outcome::kFailed && !table.failed_kql.empty()) {
    text += "\n| where " + std::string(table.failed_kql);
  } else if (ask.outcome == Outcome::kSucceeded && !table.succeeded_kql.empty()) {
    text += "\n| where " + std::string(table.succeeded_kql);
  }
  text += kql_details(ask, table);
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
    return fill(field.spl, value, [&widened](std::string_view marker, const std::string& v) {
      auto literal = escape::spl_literal(v);
      widened = widened || literal.widened;
      return with_wildcards(marker, std::move(literal.text));
    });
  });
  if (ask.match_any && !parts.empty()) {
    text += " " + bracketed(parts, " OR ");
  } else {
    for (const auto& part : parts) text += " " + part;
  }
  if (!ask.event_ids.empty() && table.name == "SecurityEvent") {
    text += " " + bracketed(numbers(ask.event_ids, "EventCode="), " OR ");
  } else if (ask.outcome == Outcome::kFailed && !table.failed_spl.empty()) {
    text += " " + std::string(table.failed_spl);
  } else if (ask.outcome == Outcome::kSucceeded && !table.succeeded_spl.empty()) {
    text += " " + std::string(table.succeeded_spl);
  }
  return text + spl_details(ask, table, widened);
}

}  // namespace

std::string to_kql(const Ask& ask) {
  const auto& first = *ask.tables.front();
  const auto newest = "\n| order by TimeGenerated desc\n| take " + std::string(kKqlRows);
  if (ask.tables.size() == 1) {
    return kql_source(ask, first, !ask.count) + (ask.count ? kql_count(ask, first.count_by) : newest);
  }
  std::vector<std::string> sources;
  for (const auto* table : ask.tables)
    sources.push_back("  (" + indented(kql_source(ask, *table, false)) + ")");
  auto text = "union withsource=SourceTable isfuzzy=true\n" + join(sources, ",\n");
  return text + (ask.count ? kql_count(ask, "SourceTable") : newest);
}

SplQuery to_spl(const Ask& ask) {
  SplQuery query;
  const auto& first = *ask.tables.front();
  query.text = "search " + ask.time.spl + " ";
  if (ask.tables.size() == 1) {
    query.text += spl_source(ask, first, query.widened);
    query.text += ask.count ? spl_count(ask, first.spl_count_by)
                            : "\n| table " + std::string(first.spl_columns) + "\n| sort - _time\n| head 1000";
    return query;
  }
  std::vector<std::string> sources;
  for (const auto* table : ask.tables) sources.push_back("(" + spl_source(ask, *table, query.widened) + ")");
  query.text += "(" + join(sources, " OR ") + ")";
  query.text +=
      ask.count ? spl_count(ask, "index")
                : "\n| table _time, index, host, user, src, dest, action, _raw\n| sort - _time\n| head 1000";
  return query;
}

}  // namespace tocsin::copilot
