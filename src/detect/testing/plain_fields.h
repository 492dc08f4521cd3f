#pragma once
// How an event is read for a correlation; a part of plain_correlator.h.

#include <map>

#include "detect/sigma/event.h"
#include "detect/testing/plain_windows.h"

namespace tocsin::detect::test {

using Names = std::map<std::string, std::string>;  // group-by name to text

struct PlainMatch {  // what reaches a correlation
  std::size_t reference = 0;
  Timestamp at{};
  const Names* lower_group = nullptr;  // of the correlation that held; none for a rule
};

inline std::string field_for(const sigma::Correlation& rule, const std::string& name, std::size_t reference) {
  for (const auto& alias : rule.aliases) {
    for (const auto& [place, field] : alias.fields) {
      if (alias.name == name && place == reference) return field;
    }
  }
  return name;
}

inline Texts folded(Texts texts) {
  for (auto& text : texts) text = sigma::make_value(sigma::ValueKind::kString, text).folded;
  return texts;
}

// The values of each field, an alias or a group of the correlation referred to standing for it; empty when
// one has none.
inline std::vector<Texts> fields_of(const sigma::Correlation& rule, const PlainMatch& match,
                                    const sigma::Event& event, const Texts& names) {
  std::vector<Texts> out;
  for (const auto& written : names) {
    const auto name = field_for(rule, written, match.reference);
    Texts texts;
    if (match.lower_group != nullptr && match.lower_group->contains(name)) {
      texts = {match.lower_group->at(name)};
    } else if (const auto* values = event.find(name)) {
      for (const auto& value : *values) {
        if (value.kind != sigma::ValueKind::kNull) texts.push_back(value.text);
      }
    }
    if (texts.empty()) return {};
    out.push_back(std::move(texts));
  }
  return out;
}

// One of each field, in every way; the first field changes fastest. No two alike but for case.
inline std::vector<Texts> combinations(const sigma::Correlation& rule, const PlainMatch& match,
                                       const sigma::Event& event, const Texts& names) {
  const auto fields = fields_of(rule, match, event, names);
  if (fields.size() != names.size()) return {};
  std::vector<Texts> out = {{}};
  for (auto field = fields.rbegin(); field != fields.rend(); ++field) {
    std::vector<Texts> longer;
    for (const auto& rest : out) {
      for (const auto& text : *field) {
        longer.push_back({text});
        longer.back().insert(longer.back().end(), rest.begin(), rest.end());
      }
    }
    out = std::move(longer);
  }
  std::vector<Texts> unlike;
  for (const auto& texts : out) {
    if (std::none_of(unlike.begin(), unlike.end(),
                     [&](const Texts& other) { return folded(other) == folded(texts); }))
      unlike.push_back(texts);
  }
  return unlike;
}

}  // namespace tocsin::detect::test
