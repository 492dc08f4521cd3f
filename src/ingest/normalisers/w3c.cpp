// W3C extended log files (WD-logfile-960323): IIS, and proxies that write it. Rows are events, named as the
// last #Fields line before them says.

#include "ingest/fields.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;

constexpr std::string_view kFields = "#Fields:";

void reject(Output& out) {
  out.reject("this is not a W3C extended log", "Send the file with its #Fields line.");
}

// The next word; texts in double quotes may hold blanks, with "" for a quote.
std::string_view take_column(std::string_view& rest) {
  rest = trim(rest);
  auto end = rest.find_first_of(" \t");
  if (rest.starts_with('"')) {
    const auto close = rest.find("\" ", 1);
    if (close != rest.npos) end = close + 1;
    if (close == rest.npos && rest.ends_with('"')) end = rest.npos;
  }
  auto column = rest.substr(0, end);
  rest.remove_prefix(column.size());
  if (column.size() > 1 && column.starts_with('"') && column.ends_with('"'))
    column = column.substr(1, column.size() - 2);
  return column;
}

std::vector<std::string_view> names_of(std::string_view line) {
  std::vector<std::string_view> names;
  for (auto rest = trim(line.substr(kFields.size())); !rest.empty() && names.size() < kMaxFields;)
    names.push_back(take_column(rest));
  return names;
}

Fields fields_of_row(std::string_view row, const std::vector<std::string_view>& names) {
  Fields fields;
  for (const auto name : names) {
    if (row.empty()) break;
    const auto value = take_column(row);
    if (value != "-" && !value.empty()) fields.add(name, value);
  }
  return fields;
}

void fill(const Fields& fields, AlertDraft& draft) {
  const auto day = fields["date"];
  if (!day.empty()) draft.occurred_at(read_time(std::string(day) + 'T' + std::string(fields["time"]) + 'Z'));
  const auto url = fields.any({"cs-uri", "cs-uri-stem", "c-uri"});
  draft.type(fields["s-action"].empty() ? "web_access" : "proxy_access");
  draft.title(std::string(fields["cs-method"]) + ' ' + std::string(url));
  draft.severity(model::Severity::kInfo);
  draft.entity(EntityKind::kIp, fields["c-ip"], EntityRole::kSource);
  draft.entity(EntityKind::kHost, fields.any({"s-computername", "s-sitename", "s-ip"}), EntityRole::kTarget);
  draft.entity(EntityKind::kUser, fields["cs-username"], EntityRole::kActor);
}

}  // namespace

bool is_w3c(const Node&) {
  return false;  // a row as an object is some shipper's
}
void read_w3c(const Node&, Output& out) {
  reject(out);
}
void read_w3c_line(std::string_view, Output& out) {
  reject(out);
}

bool is_w3c_document(std::string_view body) {
  if (!body.starts_with('#')) return false;
  const auto head = body.substr(0, 16U << 10);
  const auto at = head.starts_with(kFields) ? 0 : head.find("\n#Fields:");
  return at != head.npos && head.find("\n#fields\t") == head.npos;
}

void read_w3c_document(std::string_view body, Output& out) {
  std::vector<std::string_view> names;
  std::size_t index = 0;
  while (!body.empty()) {
    const auto line = trim(take_until(body, '\n'));
    if (line.starts_with(kFields)) names = names_of(line);
    if (line.empty() || line.starts_with('#')) continue;
    const bool more = out.part(line, index++, [&](Output& one) {
      const auto fields = fields_of_row(line, names);
      if (fields.any({"cs-method", "c-ip", "cs-uri-stem", "cs-uri"}).empty()) return reject(one);
      one.add_line(model::RecordKind::kEvent, fields, [&](AlertDraft& draft) { fill(fields, draft); });
    });
    if (!more) return;
  }
}

}  // namespace tocsin::ingest
