#include "detect/match/plain_match.h"

#include <simdjson.h>

#include "detect/sigma/interpreter.h"
#include "detect/source/event_values.h"

namespace tocsin::detect {

Result<std::vector<std::uint32_t>> match_plainly(std::string_view json, const LogSource& given,
                                                 std::span<const sigma::Rule> rules,
                                                 const SourceTable& sources) {
  simdjson::dom::parser parser;
  simdjson::dom::element event;
  const auto code = parser.parse(json.data(), json.size()).get(event);
  if (code != simdjson::SUCCESS || !event.is_object())
    return error(ErrorKind::kInvalidSyntax, "read event", simdjson::error_message(code),
                 "Send one JSON object for each event.");
  const auto views = sources.recognise(event, given);
  std::vector<std::uint32_t> matched;
  std::vector<ViewedEvent> viewed;
  viewed.reserve(views.size());
  for (const auto& view : views) viewed.emplace_back(event, view);
  for (std::uint32_t i = 0; i < rules.size(); ++i) {
    for (std::size_t k = 0; k < views.size(); ++k) {
      if (!may_see(rules[i].log_source, views[k].provenance) || !sigma::matches(rules[i], viewed[k]))
        continue;
      matched.push_back(i);
      break;
    }
  }
  return matched;
}

}  // namespace tocsin::detect
