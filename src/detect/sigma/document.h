#pragma once
// Reading the plain members of a document: texts, lists of texts, words of a closed list.

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "detect/sigma/rule.h"
#include "detect/sigma/yaml.h"

namespace tocsin::detect::sigma {

// "" when the member is absent or null.
Result<std::string> text_of(const Yaml& map, std::string_view key);
Result<std::string> needed_text_of(const Yaml& map, std::string_view key);
// One text is a list of one.
Result<std::vector<std::string>> texts_of(const Yaml& map, std::string_view key);
// A number and a letter: 90m, 10s, 1h, 7d; at least 1s, at most ten years.
Result<std::chrono::seconds> timespan_of(const Yaml& map, std::string_view key);
Result<const Yaml*> needed_map_of(const Yaml& map, std::string_view key);

Result<LogSource> log_source_of(const Yaml& document);

struct TextMember {
  std::string_view key;
  std::string* text;
};
struct ListMember {
  std::string_view key;
  std::vector<std::string>* texts;
};
Result<void> read_texts(const Yaml& document, std::span<const TextMember> members);
Result<void> read_lists(const Yaml& document, std::span<const ListMember> members);

// Level::kMedium when the document does not say.
Result<Level> level_of(const Yaml& document);
Result<std::optional<Status>> status_of(const Yaml& document);

// What rules and correlations say about themselves in the same words.
template <class T>
Result<void> read_description(const Yaml& document, T& out) {
  TOCSIN_TRY(title, needed_text_of(document, "title"));
  TOCSIN_TRY(level, level_of(document));
  TOCSIN_TRY(status, status_of(document));
  out.title = std::move(title);
  out.level = level;
  out.status = status;
  out.at = document.at;
  const auto texts = std::to_array<TextMember>({{"id", &out.id},
                                                {"name", &out.name},
                                                {"description", &out.description},
                                                {"author", &out.author},
                                                {"license", &out.license}});
  TOCSIN_CHECK(read_texts(document, texts));
  const auto lists = std::to_array<ListMember>(
      {{"tags", &out.tags}, {"references", &out.references}, {"falsepositives", &out.false_positives}});
  return read_lists(document, lists);
}

}  // namespace tocsin::detect::sigma
