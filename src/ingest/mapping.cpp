#include "ingest/mapping.h"

#include "ingest/ioc.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::Severity;

std::string transformed(std::string text, Transform how) {
  switch (how) {
    case Transform::kNone:
      return text;
    case Transform::kLower:
      return to_lower(text);
    case Transform::kUpper:
      for (char& c : text) c = is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
      return text;
    case Transform::kBaseName:
      return std::string(base_name(text));
    case Transform::kWithoutDomain:
      return std::string(base_name(text.substr(0, text.find('@'))));
    case Transform::kUrlHost:
      return url_host(text);
  }
  return text;
}

std::string first_of(const Node& record, const MappedPaths& paths) {
  for (const auto& mapped : paths) {
    auto text = transformed(first_text(record, {mapped.path}), mapped.transform);
    if (!text.empty()) return text;
  }
  return {};
}

template <class F>
void each_of(const Node& record, const MappedPaths& paths, F f) {
  for (const auto& mapped : paths) {
    each_at(record, mapped.path,
            [&](const Node& value) { f(transformed(value.scalar(), mapped.transform)); });
  }
}

// The mapping's own table, then the words and numbers that all sources share.
Severity severity_of(const Node& record, const Mapping& mapping) {
  const auto text = to_lower(first_of(record, mapping.severity));
  const auto found = mapping.severities.find(text);
  if (found != mapping.severities.end()) return found->second;
  return severity_from_text(text).value_or(mapping.default_severity);
}

void read_head(const Node& record, const Mapping& mapping, AlertDraft& draft) {
  draft.source_id(first_of(record, mapping.id));
  draft.title(first_of(record, mapping.title));
  draft.message(first_of(record, mapping.message));
  draft.type(slug(first_of(record, mapping.type)));
  draft.rule(first_of(record, mapping.rule));
  draft.severity(severity_of(record, mapping));
  for (const auto& time : mapping.time) draft.occurred_at(read_time(at_path(record, time.path)));
  draft.source_url(first_of(record, mapping.url));
  draft.vendor_status(first_of(record, mapping.status));
  draft.vendor_verdict(first_of(record, mapping.verdict));
  draft.command_line(first_of(record, mapping.command_line));
  draft.parent_process(first_of(record, mapping.parent_process));
}

void read_lists(const Node& record, const Mapping& mapping, AlertDraft& draft) {
  each_of(record, mapping.techniques, [&](const std::string& text) { read_technique(text, draft); });
  each_of(record, mapping.tactics, [&](const std::string& text) { read_tactic(text, draft); });
  each_of(record, mapping.tags, [&](const std::string& text) { draft.tag(text); });
  for (const auto& entity : mapping.entities) {
    each_of(record, {entity.from}, [&](const std::string& value) {
      add_entity(draft, entity.kind, value, entity.role, entity.standing);
    });
  }
  each_of(record, mapping.mine, [&](const std::string& text) { draft.mine(text); });
}

// Walks to the list that `records` names, keeping each record's own bytes.
void read_records(const Node& object, std::string_view bytes, std::string_view path, const Mapping& mapping,
                  Output& out) {
  const auto add = [&](const Node& record, std::string_view part) {
    out.add(mapping.kind, part, [&](AlertDraft& draft) {
      read_head(record, mapping, draft);
      read_lists(record, mapping, draft);
    });
  };
  if (path.empty()) return add(object, bytes);
  const auto dot = path.find('.');
  const auto member = path.substr(0, dot);
  const Node next = object[member];
  if (dot != std::string_view::npos && next.is_object())
    return read_records(next, find_member(bytes, member), path.substr(dot + 1), mapping, out);
  if (!next.is_array()) {
    return out.reject("no list at '" + mapping.records + "'",
                      "Correct `records` in the mapping, or leave it out.");
  }
  for_each_part(bytes, member, next,
                [&](const Node& one, std::string_view part, std::size_t) { add(one, part); });
}

}  // namespace

void read_mapped(const Mapping& mapping, const Node& object, Output& out) {
  read_records(object, out.item(), mapping.records, mapping, out);
}

}  // namespace tocsin::ingest
