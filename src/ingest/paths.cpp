#include "ingest/paths.h"

#include "ingest/text.h"

namespace tocsin::ingest {

using model::EntityKind;
using model::EntityRole;

Node at_path(const Node& from, std::string_view path) {
  Node found;
  each_at(from, path, [&](const Node& value) {
    if (!found && !(value.is_string() && value.text().empty())) found = value;
  });
  return found;
}

std::string first_text(const Node& from, std::initializer_list<std::string_view> paths) {
  for (const auto path : paths) {
    auto text = at_path(from, path).scalar();
    if (!is_blank_value(text)) return text;
  }
  return {};
}

void add_entity(AlertDraft& draft, EntityKind kind, std::string_view value, EntityRole role,
                Standing standing) {
  switch (standing) {
    case Standing::kOwn:
      return draft.entity(kind, value, role);
    case Standing::kObserved:
      return draft.observed(kind, value, role);
    case Standing::kReported:
      return draft.reported(kind, value, role);
  }
}

void read_entities(const Node& from, std::span<const EntityField> table, AlertDraft& draft) {
  for (const auto& field : table) {
    each_at(from, field.path, [&](const Node& value) {
      add_entity(draft, field.kind, value.scalar(), field.role, field.standing);
    });
  }
}

void read_tactic(std::string_view text, AlertDraft& draft) {
  text = trim(text);
  if (text.empty()) return;
  const auto dash = text.find(" - ");
  draft.tactic(text.substr(0, dash));
  if (dash != std::string_view::npos) draft.tactic(text.substr(dash + 3));
}

void read_technique(std::string_view text, AlertDraft& draft) {
  text = trim(text);
  if (text.empty()) return;
  const auto before = text.find("T1") != std::string_view::npos || text.find("T0") != std::string_view::npos;
  if (before) return draft.techniques_in(text);
  draft.technique(text);
}

std::string_view base_name(std::string_view path) {
  const auto cut = path.find_last_of("\\/");
  return cut == std::string_view::npos ? path : path.substr(cut + 1);
}

std::string join_path(std::string_view directory, std::string_view name) {
  directory = trim(directory);
  name = trim(name);
  if (directory.empty() || name.find_first_of("\\/") != std::string_view::npos) return std::string(name);
  if (name.empty() || base_name(directory) == name) return std::string(directory);
  std::string path(directory);
  if (path.back() != '\\' && path.back() != '/') path += path.find('/') == std::string::npos ? '\\' : '/';
  return path + std::string(name);
}

}  // namespace tocsin::ingest
