#include "ingest/normalisers/gcp.h"

#include <array>

#include "ingest/severity.h"
#include "ingest/text.h"

namespace tocsin::ingest {

using model::EntityKind;
using model::EntityRole;
using model::Severity;

Severity gcp_severity(std::string_view word, Severity otherwise) {
  if (word == "ALERT" || word == "EMERGENCY") return Severity::kCritical;
  if (word == "DEFAULT" || word == "SEVERITY_UNSPECIFIED") return otherwise;
  return severity_from_word(word).value_or(otherwise);
}

std::string_view gcp_project_in(std::string_view name) {
  constexpr std::string_view kMark = "projects/";
  const auto at = name.find(kMark);
  if (at == std::string_view::npos) return {};
  const auto rest = name.substr(at + kMark.size());
  const auto project = rest.substr(0, rest.find('/'));
  return project == "-" || project == "_" ? std::string_view() : project;
}

void read_gcp_user(std::string_view name, EntityRole role, AlertDraft& draft) {
  constexpr auto kPrefixes = std::to_array<std::string_view>({"user:", "serviceAccount:", "group:"});
  for (const auto prefix : kPrefixes) {
    if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  }
  draft.entity(EntityKind::kUser, name, role);
}

bool read_gcp_members(const Node& deltas, AlertDraft& draft) {
  bool any = false;
  deltas.each([&](const Node& delta) {
    const auto member = delta["member"].text();
    if (member.find('@') == std::string_view::npos) return draft.tag(member);
    read_gcp_user(member, EntityRole::kTarget, draft);
    any = true;
  });
  return any;
}

}  // namespace tocsin::ingest
