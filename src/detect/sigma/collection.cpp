#include "detect/sigma/collection.h"

namespace tocsin::detect::sigma {
namespace {

constexpr std::size_t kMaxCopiedBytes = 16 << 20;

// What the document asks for; it is taken out of it.
std::string take_action(Yaml& document) {
  const auto found = std::find_if(document.members.begin(), document.members.end(),
                                  [](const YamlMember& member) { return member.key == "action"; });
  if (found == document.members.end() || !found->value.is_scalar()) return {};
  auto action = std::move(found->value.text);
  document.members.erase(found);
  return action;
}

}  // namespace

Collection resolve_actions(std::vector<Yaml> documents) {
  Collection out;
  Yaml global;
  Yaml previous;
  std::size_t copied = 0;
  for (auto& document : documents) {
    if (document.kind == Yaml::Kind::kNull) continue;  // nothing between two separators
    const auto at = document.at;
    const auto action = take_action(document);
    if (action == "repeat") copied += bytes_of(previous);
    if (action.empty() && global.is_map()) copied += bytes_of(global);
    if (copied > kMaxCopiedBytes) {
      out.faults.push_back(fault(at, "what documents take from those before them grows beyond 16 MiB"));
      break;
    }
    if (action == "global") {
      global = global.is_map() ? merged(std::move(global), document) : std::move(document);
    } else if (action == "reset") {
      global = {};
    } else if (action == "repeat") {
      previous = merged(std::move(previous), document);
      out.documents.push_back(previous);
    } else if (action.empty()) {
      previous = global.is_map() ? merged(global, document) : std::move(document);
      out.documents.push_back(previous);
    } else {
      out.faults.push_back(fault(at, "there is no action '" + action + "'", "One of global, repeat, reset."));
    }
  }
  return out;
}

}  // namespace tocsin::detect::sigma
