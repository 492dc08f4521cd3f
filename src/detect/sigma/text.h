#pragma once
// Texts with wildcards: `*` stands for any text, `?` for one character.
// Sigma specification 2.1.0, "String Wildcard" and "Escaping".

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::detect::sigma {

enum class PieceKind : std::uint8_t { kLiteral, kAnyCharacter, kAnyText };

struct Piece {
  PieceKind kind = PieceKind::kLiteral;
  std::string literal;  // of kLiteral only, not empty
  bool operator==(const Piece&) const = default;
};

// No two neighbours are both literals or both kAnyText; no pieces at all is the empty text.
struct Text {
  std::vector<Piece> pieces;
  bool cased = false;  // false: literals are folded (case_fold.h), and so must be what they are compared with
  bool operator==(const Text&) const = default;
};

// What a matcher can index a text by. All but the last have at most one literal, see `literal_of`.
enum class TextShape : std::uint8_t { kAnything, kEquals, kStartsWith, kEndsWith, kContains, kPattern };
TextShape shape_of(const Text& text);
// The one literal; "" when there is none. Not for kPattern.
std::string_view literal_of(const Text& text);

// Reads a value as it stands in a rule. A backslash takes its meaning from \, * and ?, and is itself
// elsewhere.
Text parse_text(std::string_view value);
// The text that is meant, when there are no wildcards in it.
bool is_plain(const Text& text);
Text plain_text(std::string_view literal);

// The same text with `*` put on that side; doing it twice changes nothing.
Text with_any_before(Text text);
Text with_any_after(Text text);
// The same text, compared without regard to case.
Text folded(Text text);

// Whether all of `value` is such a text. `value` is folded when `text` is. One character is one UTF-8
// sequence, or a byte that belongs to none. Worst case: length of the value times that of the longest run
// between two `*`.
bool matches(const Text& text, std::string_view value);

}  // namespace tocsin::detect::sigma
