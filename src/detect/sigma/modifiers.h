#pragma once
// The keys of a detection item: `CommandLine|base64offset|contains`. Which modifiers there are, which may
// stand together, and what a chain of them amounts to. Sigma specification 2.1.0, modifiers appendix.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/sigma/rule.h"

namespace tocsin::detect::sigma {

enum class ItemKind : std::uint8_t { kText, kRegex, kNetwork, kNumber, kTime, kExists, kFieldReference };
enum class Encoding : std::uint8_t { kUtf16, kUtf16Le, kUtf16Be, kBase64, kBase64Offset };

struct ItemKey {
  std::optional<std::string> field;  // none: keywords
  ItemKind kind = ItemKind::kText;
  bool all = false;
  bool negated = false;
  bool cased = false;
  bool expand = false;  // placeholders of the value are to be filled in
  bool windash = false;
  std::vector<Encoding> encodings;             // in this order
  TextShape placement = TextShape::kEquals;    // kEquals: as the value itself says
  RegexFlags flags;                            // of kRegex
  Comparison comparison = Comparison::kEqual;  // of kNumber and kTime
  TimePart part = TimePart::kHour;             // of kTime
};

// Refused: modifiers that do not exist, that stand twice, or that do not go together.
Result<ItemKey> parse_item_key(std::string_view key, Position at);

}  // namespace tocsin::detect::sigma
