#pragma once
// Reading members by path and by table, for normalisers whose vendor says where each thing stands.
//
//   path   member names with dots between them; arrays on the way are walked, so that "evidences.host.name"
//   meets
//          every evidence's. A name that itself holds a dot cannot be written so.

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "ingest/draft.h"
#include "ingest/json.h"
#include "ingest/text.h"

namespace tocsin::ingest {

// Calls f(Node) for each value at the path, an array's elements one by one. No null comes.
template <class F>
void each_at(const Node& from, std::string_view path, F f) {
  const auto dot = path.find('.');
  const Node next = from[path.substr(0, dot)];
  if (dot == std::string_view::npos) return next.each(f);
  const auto rest = path.substr(dot + 1);
  next.each([&](const Node& item) {
    if (item.is_object()) each_at(item, rest, f);
  });
}

// Calls f(std::string_view) for each name there, which vendors write as a list or as one text with commas.
template <class F>
void each_name_at(const Node& from, std::string_view path, F f) {
  each_at(from, path, [&](const Node& value) {
    auto rest = value.text();
    while (!rest.empty()) f(trim(take_until(rest, ',')));
  });
}

// The first value there that is neither null nor empty text.
Node at_path(const Node& from, std::string_view path);
// The first of these paths whose value says something ("", "-", "N/A" … do not), as text; empty when none.
std::string first_text(const Node& from, std::initializer_list<std::string_view> paths);

// What a field's value is to us.
enum class Standing {
  kOwn,       // the customer's, or no indicator by nature
  kObserved,  // seen in the act, foreign: an indicator where it can be one
  kReported,  // named by the vendor as the threat
};

struct EntityField {
  std::string_view path;
  model::EntityKind kind;
  model::EntityRole role;
  Standing standing = Standing::kOwn;
};
void read_entities(const Node& from, std::span<const EntityField> table, AlertDraft& draft);
void add_entity(AlertDraft& draft, model::EntityKind kind, std::string_view value, model::EntityRole role,
                Standing standing);

// "TA0011 - Command and Control", "T1059.001 - PowerShell", "TA0043-T1595", an id or a name alone.
void read_tactic(std::string_view text, AlertDraft& draft);
void read_technique(std::string_view text, AlertDraft& draft);

// Directory and file name joined in the style of the directory; a name that is a whole path stands alone, and
// a directory that already ends in the name is not doubled.
std::string join_path(std::string_view directory, std::string_view name);
// "C:\\Windows\\cmd.exe" gives "cmd.exe".
std::string_view base_name(std::string_view path);

}  // namespace tocsin::ingest
