#include "triage/words.h"

#include <array>
#include <utility>

#include "base/display_text.h"
#include "base/spaced.h"

namespace tocsin::triage {

std::string counted(std::size_t count, std::string_view singular) {
  return std::to_string(count) + " " + std::string(singular) + (count == 1 ? "" : "s");
}

std::string listed(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 == items.size() ? " and " : ", ";
    text += items[i];
  }
  return text;
}

std::string kind_word(std::string_view kind) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kAcronyms{
      {{"ip", "IP"}, {"url", "URL"}, {"cve", "CVE"}}};
  for (const auto& [name, acronym] : kAcronyms) {
    if (kind == name) return std::string(acronym);
  }
  return spaced(kind);
}

std::string entity_text(const model::Entity& entity) {
  return kind_word(to_text(entity.kind)) + " " + display_text(entity.value, 80);
}

std::string minute_text(Timestamp at) {
  auto text = to_rfc3339(at).substr(0, 16);
  text[10] = ' ';
  return text + " UTC";
}

std::string quoted_title(const model::Alert& alert) {
  return "“" + display_text(alert.title, 100) + "”";
}

}  // namespace tocsin::triage
