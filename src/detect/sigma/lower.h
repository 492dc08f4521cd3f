#pragma once
// From what is written under `detection` to the questions of rule.h.

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "detect/sigma/rule.h"
#include "detect/sigma/yaml.h"

namespace tocsin::detect::sigma {

struct ItemKey;

// Values for `|expand`: name without the percent signs to values, which may have wildcards.
using Placeholders = std::map<std::string, std::vector<std::string>, std::less<>>;

// Bounds what one document may grow to through placeholders, dashes and encodings.
class Budget {
 public:
  bool take(std::size_t bytes) {
    const bool enough = bytes <= left_;
    left_ -= enough ? bytes : left_;
    return enough;
  }

 private:
  std::size_t left_ = 16 << 20;
};

class Lowering {
 public:
  explicit Lowering(const Placeholders& placeholders) : placeholders_(placeholders) {}

  // A map of items, a list of maps or keywords, or one keyword.
  Result<Selection> selection(const YamlMember& written);

  // Every member of `detection` but the condition, in the order of the file. At least one.
  Result<std::vector<Selection>> selections(const Yaml& detection, std::span<const std::string_view> but);

 private:
  Result<Branch> branch(const Yaml& map);
  Result<Item> item(const ItemKey& key, std::span<const Yaml> values, Position at);
  Result<Alternatives> alternatives(const ItemKey& key, const Yaml& value);

  const Placeholders& placeholders_;
  Budget budget_;
};

// The condition under `detection` or `filter`: one text, or a list of which any may hold.
Result<Condition> lower_condition(const Yaml& parent, std::span<const Selection> selections);

}  // namespace tocsin::detect::sigma
