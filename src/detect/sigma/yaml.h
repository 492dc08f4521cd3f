#pragma once
// YAML as rules need it: a tree of values with positions, of bounded size and depth.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/sigma/position.h"

namespace tocsin::detect::sigma {

struct YamlMember;

struct Yaml {
  enum class Kind : std::uint8_t { kNull, kScalar, kList, kMap };
  Kind kind = Kind::kNull;
  bool quoted = false;  // of a scalar: it is a text, whatever it looks like
  std::string text;     // of a scalar
  std::vector<Yaml> items;
  std::vector<YamlMember> members;  // in the order of the file; no key twice
  Position at;

  bool is_scalar() const { return kind == Kind::kScalar; }
  bool is_list() const { return kind == Kind::kList; }
  bool is_map() const { return kind == Kind::kMap; }
  // The value under the key of a map; nullptr when there is none.
  const Yaml* find(std::string_view key) const;
};

struct YamlMember {
  std::string key;
  Position at;
  Yaml value;
};

constexpr std::size_t kMaxYamlBytes = 1 << 20;
constexpr std::size_t kMaxYamlDepth = 32;
constexpr std::size_t kMaxYamlMembers = 10'000;  // of one map

// What was read before the first fault of the file still counts.
struct YamlFile {
  std::vector<Yaml> documents;
  std::optional<Error> fault;
};

// Anchors are copied where they are referred to, all copies together up to 4 MiB. Refused beyond the bounds
// above: no rule comes near them.
YamlFile parse_yaml(std::string_view text);

// About what the tree takes in memory.
std::size_t bytes_of(const Yaml& tree);

// `below` under what `above` says: maps are joined key by key, all else is replaced.
Yaml merged(Yaml below, const Yaml& above);

}  // namespace tocsin::detect::sigma
