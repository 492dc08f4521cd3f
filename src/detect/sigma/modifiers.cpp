#include "detect/sigma/modifiers.h"

#include <array>

#include "base/suggest.h"

namespace tocsin::detect::sigma {
namespace {

// What a modifier is about. Of all groups but the encodings, a key takes one modifier at most.
enum Group : std::uint32_t {
  kLinkage = 1U << 0U,
  kNegation = 1U << 1U,
  kCase = 1U << 2U,
  kExpansion = 1U << 3U,
  kDashes = 1U << 4U,
  kEncoding = 1U << 5U,
  kPlacement = 1U << 6U,
  kRegex = 1U << 7U,
  kIgnoreCase = 1U << 8U,
  kMultiLine = 1U << 9U,
  kDotAll = 1U << 10U,
  kNetwork = 1U << 11U,
  kOrder = 1U << 12U,
  kTimePart = 1U << 13U,
  kExistence = 1U << 14U,
  kReference = 1U << 15U,
};

constexpr std::uint32_t kRegexFlags = kIgnoreCase | kMultiLine | kDotAll;
constexpr std::uint32_t kAlways = kLinkage | kNegation;
constexpr std::uint32_t kOfText = kAlways | kCase | kExpansion | kDashes | kEncoding | kPlacement;
constexpr std::uint32_t kOfRegex = kAlways | kRegex | kRegexFlags;
constexpr std::uint32_t kOfNetwork = kAlways | kNetwork | kExpansion;
constexpr std::uint32_t kOfNumber = kAlways | kOrder | kTimePart;
constexpr std::uint32_t kOfReference = kAlways | kReference | kPlacement | kCase;

// A key is good when all its modifiers are in one of these.
constexpr std::array<std::uint32_t, 6> kFamilies = {kOfText,   kOfRegex,     kOfNetwork,
                                                    kOfNumber, kOfReference, kExistence};

struct Modifier {
  std::string_view name;
  Group group;
  void (*apply)(ItemKey& key);
};

template <Encoding encoding>
void encode(ItemKey& key) {
  key.encodings.push_back(encoding);
}
template <TextShape shape>
void place(ItemKey& key) {
  key.placement = shape;
}
// A time part alone asks for equality; with an order it stays a question about time.
template <Comparison comparison>
void compare_by(ItemKey& key) {
  if (key.kind != ItemKind::kTime) key.kind = ItemKind::kNumber;
  key.comparison = comparison;
}
template <TimePart part>
void take_part(ItemKey& key) {
  key.kind = ItemKind::kTime;
  key.part = part;
}
template <ItemKind kind>
void become(ItemKey& key) {
  key.kind = kind;
}

constexpr auto kModifiers = std::to_array<Modifier>({
    {"contains", kPlacement, place<TextShape::kContains>},
    {"startswith", kPlacement, place<TextShape::kStartsWith>},
    {"endswith", kPlacement, place<TextShape::kEndsWith>},
    {"all", kLinkage, [](ItemKey& key) { key.all = true; }},
    {"neq", kNegation, [](ItemKey& key) { key.negated = true; }},
    {"cased", kCase, [](ItemKey& key) { key.cased = true; }},
    {"exists", kExistence, become<ItemKind::kExists>},
    {"expand", kExpansion, [](ItemKey& key) { key.expand = true; }},
    {"windash", kDashes, [](ItemKey& key) { key.windash = true; }},
    {"base64", kEncoding, encode<Encoding::kBase64>},
    {"base64offset", kEncoding, encode<Encoding::kBase64Offset>},
    {"utf16", kEncoding, encode<Encoding::kUtf16>},
    {"utf16le", kEncoding, encode<Encoding::kUtf16Le>},
    {"utf16be", kEncoding, encode<Encoding::kUtf16Be>},
    {"wide", kEncoding, encode<Encoding::kUtf16Le>},
    {"re", kRegex, become<ItemKind::kRegex>},
    {"i", kIgnoreCase, [](ItemKey& key) { key.flags.ignore_case = true; }},
    {"m", kMultiLine, [](ItemKey& key) { key.flags.multi_line = true; }},
    {"s", kDotAll, [](ItemKey& key) { key.flags.dot_all = true; }},
    {"cidr", kNetwork, become<ItemKind::kNetwork>},
    {"lt", kOrder, compare_by<Comparison::kLess>},
    {"lte", kOrder, compare_by<Comparison::kLessOrEqual>},
    {"gt", kOrder, compare_by<Comparison::kGreater>},
    {"gte", kOrder, compare_by<Comparison::kGreaterOrEqual>},
    {"minute", kTimePart, take_part<TimePart::kMinute>},
    {"hour", kTimePart, take_part<TimePart::kHour>},
    {"day", kTimePart, take_part<TimePart::kDay>},
    {"week", kTimePart, take_part<TimePart::kWeek>},
    {"month", kTimePart, take_part<TimePart::kMonth>},
    {"year", kTimePart, take_part<TimePart::kYear>},
    {"fieldref", kReference, become<ItemKind::kFieldReference>},
});

// Modifiers work on the value in the order in which they stand, and after some of them others have nothing to
// work on.
struct Precedence {
  Group first;
  Group second;
};
// Placing first would encode the wildcards, and what is encoded has no dashes left.
constexpr auto kMustPrecede = std::to_array<Precedence>({{kEncoding, kPlacement}, {kDashes, kEncoding}});

const Modifier* find_modifier(std::string_view name) {
  const auto* found = std::find_if(kModifiers.begin(), kModifiers.end(),
                                   [&](const Modifier& modifier) { return modifier.name == name; });
  return found == kModifiers.end() ? nullptr : found;
}

Error unknown_modifier(std::string_view name, Position at) {
  std::vector<std::string_view> names;
  for (const auto& modifier : kModifiers) names.push_back(modifier.name);
  return fault(at, "there is no modifier '" + std::string(name) + "'", name_hint(name, names));
}

bool go_together(std::uint32_t groups) {
  return std::any_of(kFamilies.begin(), kFamilies.end(),
                     [&](std::uint32_t family) { return (groups & ~family) == 0; });
}

// What keeps this modifier from following those.
std::optional<Error> objection(const Modifier& modifier, const std::vector<const Modifier*>& before,
                               Position at) {
  const auto quoted = [](const Modifier& named) { return "'" + std::string(named.name) + "'"; };
  std::uint32_t groups = modifier.group;
  for (const auto* earlier : before) {
    const bool repeated =
        earlier == &modifier || (earlier->group == modifier.group && modifier.group != kEncoding);
    if (repeated || !go_together(earlier->group | modifier.group))
      return fault(at, quoted(modifier) + " cannot stand beside " + quoted(*earlier));
    for (const auto& rule : kMustPrecede) {
      if (rule.first == modifier.group && rule.second == earlier->group)
        return fault(at, quoted(modifier) + " must come before " + quoted(*earlier));
    }
    groups |= earlier->group;
  }
  if ((modifier.group & kRegexFlags) != 0 && (groups & kRegex) == 0)
    return fault(at, quoted(modifier) + " must follow 're'");
  if (!go_together(groups)) return fault(at, quoted(modifier) + " does not go with all modifiers before it");
  return std::nullopt;
}

}  // namespace

Result<ItemKey> parse_item_key(std::string_view key, Position at) {
  ItemKey parsed;
  std::vector<const Modifier*> before;
  auto bar = key.find('|');
  if (bar != 0 && !key.empty()) parsed.field = std::string(key.substr(0, bar));
  while (bar != std::string_view::npos) {
    const auto end = key.find('|', bar + 1);
    const auto name = key.substr(bar + 1, end - bar - 1);
    const Position here{at.line, at.column + static_cast<int>(bar) + 1};
    const auto* modifier = find_modifier(name);
    if (modifier == nullptr) return unknown_modifier(name, here);
    if (auto wrong = objection(*modifier, before, here)) return *std::move(wrong);
    modifier->apply(parsed);
    before.push_back(modifier);
    bar = end;
  }
  return parsed;
}

}  // namespace tocsin::detect::sigma
