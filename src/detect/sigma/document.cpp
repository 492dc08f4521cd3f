#include "detect/sigma/document.h"

#include <array>
#include <charconv>

#include "base/ascii.h"

namespace tocsin::detect::sigma {
namespace {

std::string in_quotes(std::string_view word) {
  return "'" + std::string(word) + "'";
}

bool is_absent(const Yaml* value) {
  return value == nullptr || value->kind == Yaml::Kind::kNull;
}

// People write several authors as a list.
std::string joined(const std::vector<Yaml>& items) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "" : ", ") + item.text;
  return out;
}

}  // namespace

Result<std::string> text_of(const Yaml& map, std::string_view key) {
  const auto* value = map.find(key);
  if (is_absent(value)) return std::string();
  if (value->is_list()) return joined(value->items);
  if (!value->is_scalar()) return fault(value->at, in_quotes(key) + " is a text");
  return value->text;
}

Result<std::string> needed_text_of(const Yaml& map, std::string_view key) {
  TOCSIN_TRY(text, text_of(map, key));
  if (text.empty()) return fault(map.at, "there is no " + in_quotes(key));
  return text;
}

Result<std::vector<std::string>> texts_of(const Yaml& map, std::string_view key) {
  std::vector<std::string> texts;
  const auto* value = map.find(key);
  if (is_absent(value)) return texts;
  const auto items = value->is_list() ? std::span(value->items) : std::span(value, 1);
  for (const auto& item : items) {
    if (item.kind == Yaml::Kind::kNull) continue;
    if (!item.is_scalar()) return fault(item.at, in_quotes(key) + " is a list of texts");
    texts.push_back(item.text);
  }
  return texts;
}

Result<std::chrono::seconds> timespan_of(const Yaml& map, std::string_view key) {
  TOCSIN_TRY(text, needed_text_of(map, key));
  constexpr std::string_view kUnits = "smhd";
  constexpr std::array<std::int64_t, 4> kSeconds = {1, 60, 3'600, 86'400};
  constexpr std::int64_t kMaxSeconds = std::int64_t{3'660} * 86'400;  // ten years
  std::int64_t count = 0;
  const auto [stop, wrong] = std::from_chars(text.data(), text.data() + text.size(), count);
  const auto unit = std::string_view(stop, static_cast<std::size_t>(text.data() + text.size() - stop));
  const auto place = unit.size() == 1 ? kUnits.find(unit.front()) : std::string_view::npos;
  const bool good = wrong == std::errc() && place != std::string_view::npos && count > 0 &&
                    count <= kMaxSeconds / kSeconds.at(place);
  if (!good)
    return fault(map.find(key)->at, "'" + text + "' is no timespan", "A number and s, m, h or d: 90m");
  return std::chrono::seconds(count * kSeconds.at(place));
}

Result<const Yaml*> needed_map_of(const Yaml& map, std::string_view key) {
  const auto* value = map.find(key);
  if (is_absent(value)) return fault(map.at, "there is no " + in_quotes(key));
  if (!value->is_map()) return fault(value->at, in_quotes(key) + " is a map");
  return value;
}

Result<LogSource> log_source_of(const Yaml& document) {
  TOCSIN_TRY(written, needed_map_of(document, "logsource"));
  LogSource source;
  const auto members = std::to_array<TextMember>({{"product", &source.product},
                                                  {"category", &source.category},
                                                  {"service", &source.service},
                                                  {"definition", &source.definition}});
  TOCSIN_CHECK(read_texts(*written, members));
  for (auto* name : {&source.product, &source.category, &source.service}) *name = to_lower(*name);
  if (source.product.empty() && source.category.empty() && source.service.empty())
    return fault(written->at, "the log source has no product, category or service");
  return source;
}

Result<void> read_texts(const Yaml& document, std::span<const TextMember> members) {
  for (const auto& member : members) {
    TOCSIN_TRY(text, text_of(document, member.key));
    *member.text = std::move(text);
  }
  return {};
}

Result<void> read_lists(const Yaml& document, std::span<const ListMember> members) {
  for (const auto& member : members) {
    TOCSIN_TRY(texts, texts_of(document, member.key));
    *member.texts = std::move(texts);
  }
  return {};
}

Result<Level> level_of(const Yaml& document) {
  TOCSIN_TRY(word, text_of(document, "level"));
  if (word.empty()) return Level::kMedium;
  if (const auto level = parse_level(to_lower(word))) return *level;
  return fault(document.find("level")->at, in_quotes(word) + " is no level",
               "One of informational, low, medium, high, critical.");
}

Result<std::optional<Status>> status_of(const Yaml& document) {
  TOCSIN_TRY(word, text_of(document, "status"));
  if (word.empty()) return std::optional<Status>();
  if (const auto status = parse_status(to_lower(word))) return status;
  return fault(document.find("status")->at, in_quotes(word) + " is no status",
               "One of stable, test, experimental, deprecated, unsupported.");
}

}  // namespace tocsin::detect::sigma
