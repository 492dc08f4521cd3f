#include "detect/sigma/text.h"

#include <algorithm>

#include "base/utf8.h"
#include "detect/sigma/case_fold.h"

namespace tocsin::detect::sigma {
namespace {

using Pieces = std::span<const Piece>;

void add_literal(std::vector<Piece>& pieces, std::string_view literal) {
  if (pieces.empty() || pieces.back().kind != PieceKind::kLiteral) pieces.push_back({});
  pieces.back().literal += literal;
}

void add_wildcard(std::vector<Piece>& pieces, PieceKind kind) {
  const bool repeated = kind == PieceKind::kAnyText && !pieces.empty() && pieces.back().kind == kind;
  if (!repeated) pieces.push_back({kind, {}});
}

bool is_any_text(const Piece& piece) {
  return piece.kind == PieceKind::kAnyText;
}

std::size_t character_length(std::string_view text) {
  return std::max<std::size_t>(1, utf8_length_at(text, 0));
}

// How many bytes of `value` these pieces take from its start; none of them is kAnyText.
std::optional<std::size_t> length_at_start(Pieces pieces, std::string_view value) {
  const auto whole = value.size();
  for (const auto& piece : pieces) {
    const bool literal = piece.kind == PieceKind::kLiteral;
    if (literal ? !value.starts_with(piece.literal) : value.empty()) return std::nullopt;
    value.remove_prefix(literal ? piece.literal.size() : character_length(value));
  }
  return whole - value.size();
}

// Where the pieces, none of them kAnyText, first fit; what lies before is cut off with them.
bool cut_through_first(Pieces pieces, std::string_view& value) {
  const bool by_literal = pieces.front().kind == PieceKind::kLiteral;
  for (;;) {
    if (by_literal) {
      const auto found = value.find(pieces.front().literal);
      if (found == std::string_view::npos) return false;
      value.remove_prefix(found);
    }
    if (const auto length = length_at_start(pieces, value)) {
      value.remove_prefix(*length);
      return true;
    }
    if (value.empty()) return false;
    value.remove_prefix(character_length(value));
  }
}

// Whether the value ends with the pieces, none of them kAnyText, at any of its characters.
bool fits_end(Pieces pieces, std::string_view value) {
  if (pieces.size() == 1 && pieces.front().kind == PieceKind::kLiteral)
    return value.ends_with(pieces.front().literal);
  for (;;) {
    if (length_at_start(pieces, value) == value.size()) return true;
    if (value.empty()) return false;
    value.remove_prefix(character_length(value));
  }
}

}  // namespace

Text parse_text(std::string_view value) {
  constexpr std::string_view kEscapable = "\\*?";
  Text text;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const bool escapes = value[at] == '\\' && at + 1 < value.size() &&
                         kEscapable.find(value[at + 1]) != std::string_view::npos;
    if (escapes) {
      add_literal(text.pieces, value.substr(++at, 1));
    } else if (value[at] == '*') {
      add_wildcard(text.pieces, PieceKind::kAnyText);
    } else if (value[at] == '?') {
      add_wildcard(text.pieces, PieceKind::kAnyCharacter);
    } else {
      add_literal(text.pieces, value.substr(at, 1));
    }
  }
  return text;
}

bool is_plain(const Text& text) {
  return shape_of(text) == TextShape::kEquals;
}

Text plain_text(std::string_view literal) {
  Text text;
  if (!literal.empty()) add_literal(text.pieces, literal);
  return text;
}

Text with_any_before(Text text) {
  if (text.pieces.empty() || !is_any_text(text.pieces.front()))
    text.pieces.insert(text.pieces.begin(), {PieceKind::kAnyText, {}});
  return text;
}

Text with_any_after(Text text) {
  add_wildcard(text.pieces, PieceKind::kAnyText);
  return text;
}

Text folded(Text text) {
  for (auto& piece : text.pieces) piece.literal = fold_case(piece.literal);
  text.cased = false;
  return text;
}

TextShape shape_of(const Text& text) {
  Pieces pieces(text.pieces);
  if (pieces.empty()) return TextShape::kEquals;
  const bool open_start = is_any_text(pieces.front());
  const bool open_end = is_any_text(pieces.back());
  if (pieces.size() == 1 && open_start) return TextShape::kAnything;
  pieces = pieces.subspan(open_start ? 1 : 0);
  pieces = pieces.first(pieces.size() - (open_end ? 1 : 0));
  if (pieces.size() != 1 || pieces.front().kind != PieceKind::kLiteral) return TextShape::kPattern;
  if (open_start) return open_end ? TextShape::kContains : TextShape::kEndsWith;
  return open_end ? TextShape::kStartsWith : TextShape::kEquals;
}

std::string_view literal_of(const Text& text) {
  for (const auto& piece : text.pieces) {
    if (piece.kind == PieceKind::kLiteral) return piece.literal;
  }
  return {};
}

// Between two `*` the first place where the pieces fit is as good as any later one, so nothing is tried
// twice.
bool matches(const Text& text, std::string_view value) {
  Pieces pieces(text.pieces);
  bool anchored = true;
  for (;;) {
    const auto star = std::find_if(pieces.begin(), pieces.end(), is_any_text);
    const auto run = pieces.first(static_cast<std::size_t>(star - pieces.begin()));
    if (star == pieces.end())
      return anchored ? length_at_start(run, value) == value.size() : fits_end(run, value);
    if (anchored) {
      const auto length = length_at_start(run, value);
      if (!length) return false;
      value.remove_prefix(*length);
    } else if (!run.empty() && !cut_through_first(run, value)) {
      return false;
    }
    anchored = false;
    pieces = pieces.subspan(run.size() + 1);
    if (pieces.empty()) return true;
  }
}

}  // namespace tocsin::detect::sigma
