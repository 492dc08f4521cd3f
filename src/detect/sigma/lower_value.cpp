#include "detect/sigma/lower_value.h"

#include <charconv>

#include "detect/sigma/case_fold.h"
#include "detect/sigma/encode.h"

namespace tocsin::detect::sigma {
namespace {

// An event may be made to almost fit a value at each of its bytes; then its cost is the product of both.
constexpr std::size_t kMaxValueBytes = 4'096;
constexpr std::ptrdiff_t kMaxAnyCharacters = 64;
constexpr std::size_t kMaxSpellings = 625;  // four dashes in one value
constexpr std::size_t kMaxExpanded = 10'000;

using Texts = std::vector<std::string>;

std::optional<Number> parse_digits(std::string_view digits, int base) {
  std::uint64_t value = 0;
  const auto* end = digits.data() + digits.size();
  const auto [stop, wrong] = std::from_chars(digits.data(), end, value, base);
  if (wrong != std::errc() || stop != end || value > std::numeric_limits<std::int64_t>::max())
    return std::nullopt;
  return Number(static_cast<std::int64_t>(value));
}

// Where the next `%` that is not escaped stands.
std::size_t find_percent(std::string_view text, std::size_t from) {
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '%') {
      return at;
    }
  }
  return std::string_view::npos;
}

std::string without_escaped_percent(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escape = text[at] == '\\' && at + 1 < text.size();
    if (!escape || text[at + 1] != '%') out += text[at];
    if (escape) out += text[++at];
  }
  return out;
}

Texts with_each(const Texts& starts, std::string_view middle, const Texts& ends) {
  Texts out;
  for (const auto& start : starts) {
    for (const auto& end : ends) out.push_back(std::string(start).append(middle).append(end));
  }
  return out;
}

// Every way to put values for the placeholders.
Result<Texts> expand(std::string_view text, const Placeholders& placeholders, Position at) {
  Texts out = {""};
  std::size_t next = 0;
  for (;;) {
    const auto open = find_percent(text, next);
    const auto close = open == std::string_view::npos ? open : find_percent(text, open + 1);
    if (close == std::string_view::npos) break;
    const auto name = text.substr(open + 1, close - open - 1);
    const auto found = placeholders.find(name);
    if (found == placeholders.end() || found->second.empty())
      return fault(at, "the placeholder %" + std::string(name) + "% has no values here",
                   "Give them in a placeholder file.");
    if (out.size() * found->second.size() > kMaxExpanded)
      return fault(at, "the placeholders stand for more than " + std::to_string(kMaxExpanded) + " values");
    const auto before = without_escaped_percent(text.substr(next, open - next));
    out = with_each(out, before, found->second);
    next = close + 1;
  }
  for (auto& whole : out) whole += without_escaped_percent(text.substr(next));
  return out;
}

Result<Texts> written_texts(const ItemKey& key, const Yaml& value, const Placeholders& placeholders) {
  if (value.text.size() > kMaxValueBytes)
    return fault(value.at, "the value is longer than " + std::to_string(kMaxValueBytes) + " bytes");
  if (!key.expand) return Texts{value.text};
  return expand(value.text, placeholders, value.at);
}

Texts encoded(std::string_view text, Encoding how) {
  switch (how) {
    case Encoding::kUtf16:
      return {"\xff\xfe" + utf16(text, ByteOrder::kLittle)};
    case Encoding::kUtf16Le:
      return {utf16(text, ByteOrder::kLittle)};
    case Encoding::kUtf16Be:
      return {utf16(text, ByteOrder::kBig)};
    case Encoding::kBase64:
      return {base64(text)};
    case Encoding::kBase64Offset:
      return base64_at_offsets(text);
  }
  return {};
}

Result<std::vector<Text>> encode_all(const ItemKey& key, const Text& text, Position at) {
  if (!is_plain(text))
    return fault(at, "a value with wildcards cannot be encoded",
                 "Escape them with a backslash if they are meant.");
  Texts bytes = {std::string(literal_of(text))};
  for (const auto encoding : key.encodings) {
    Texts next;
    for (const auto& one : bytes) {
      for (auto& result : encoded(one, encoding)) next.push_back(std::move(result));
    }
    bytes = std::move(next);
  }
  std::vector<Text> out;
  for (const auto& one : bytes) {
    if (one.empty()) return fault(at, "too short: nothing of it is sure to be seen once it is encoded");
    out.push_back(plain_text(one));
  }
  return out;
}

std::ptrdiff_t any_characters(const Text& text) {
  return std::count_if(text.pieces.begin(), text.pieces.end(),
                       [](const Piece& piece) { return piece.kind == PieceKind::kAnyCharacter; });
}

// Whether modifiers work on the value as a text.
bool is_modified(const ItemKey& key) {
  return key.placement != TextShape::kEquals || key.windash || key.expand || !key.encodings.empty();
}

Text placed(Text text, TextShape placement) {
  if (placement == TextShape::kContains || placement == TextShape::kEndsWith)
    text = with_any_before(std::move(text));
  if (placement == TextShape::kContains || placement == TextShape::kStartsWith)
    text = with_any_after(std::move(text));
  return text;
}

Matcher finished(const ItemKey& key, Text text) {
  // Keywords may stand anywhere in a value.
  text = placed(std::move(text), key.field ? key.placement : TextShape::kContains);
  text.cased = key.cased;
  return key.cased ? std::move(text) : folded(std::move(text));
}

Result<Alternatives> lower_text(const ItemKey& key, const Yaml& value, const Placeholders& placeholders) {
  TOCSIN_TRY(texts, written_texts(key, value, placeholders));
  Alternatives out;
  for (const auto& text : texts) {
    auto spellings = key.windash ? with_all_dashes(text, kMaxSpellings) : Texts{text};
    if (!spellings) return fault(value.at, "has too many dashes for 'windash'", "Split the value.");
    for (const auto& spelling : *spellings) {
      auto parsed = parse_text(spelling);
      if (any_characters(parsed) > kMaxAnyCharacters)
        return fault(value.at, "has more than " + std::to_string(kMaxAnyCharacters) + " times '?'",
                     "Write a regular expression, or escape them with a backslash if they are meant.");
      if (key.encodings.empty()) {
        out.push_back(finished(key, std::move(parsed)));
        continue;
      }
      TOCSIN_TRY(codes, encode_all(key, parsed, value.at));
      for (auto& code : codes) out.push_back(finished(key, std::move(code)));
    }
  }
  return out;
}

// A number or a truth value that no modifier makes a text of; else nothing.
Alternatives lower_literal(const ItemKey& key, const Yaml& value) {
  Alternatives out;
  if (!key.field || is_modified(key)) return out;
  if (const auto number = number_of(value)) {
    out.emplace_back(NumberTest{Comparison::kEqual, *number});
  } else if (const auto truth = boolean_of(value)) {
    out.emplace_back(plain_text(*truth ? "true" : "false"));
  }
  return out;
}

Result<Alternatives> lower_network(const ItemKey& key, const Yaml& value, const Placeholders& placeholders) {
  TOCSIN_TRY(texts, written_texts(key, value, placeholders));
  Alternatives out;
  for (const auto& text : texts) {
    const auto network = model::parse_network(text);
    if (!network) return fault(value.at, "'" + text + "' is no block of addresses", "Example: 10.0.0.0/8");
    out.push_back(InNetwork{*network});
  }
  return out;
}

Result<Alternatives> lower_order(const ItemKey& key, const Yaml& value) {
  const auto number = value.quoted ? parse_number(value.text) : number_of(value);
  if (!number) return fault(value.at, "'" + value.text + "' is no number");
  if (key.kind == ItemKind::kTime) return Alternatives{TimeTest{key.part, key.comparison, *number}};
  return Alternatives{NumberTest{key.comparison, *number}};
}

Result<Alternatives> lower_exists(const Yaml& value) {
  const auto wanted = boolean_of(value);
  if (!wanted) return fault(value.at, "'exists' takes true or false");
  return Alternatives{Exists{*wanted}};
}

Result<Alternatives> lower_reference(const ItemKey& key, const Yaml& value) {
  if (value.text.empty()) return fault(value.at, "'fieldref' takes the name of a field");
  return Alternatives{FieldReference{value.text, key.placement, key.cased}};
}

Result<Alternatives> lower_null(const ItemKey& key, const Yaml& value) {
  if (!key.field) return fault(value.at, "null is no keyword", "Quote it if the word is meant.");
  const bool plain = key.kind == ItemKind::kText && key.placement == TextShape::kEquals && !key.windash &&
                     !key.expand && key.encodings.empty();
  if (!plain)
    return fault(value.at, "null stands where its modifiers need a value", "Quote it if the word is meant.");
  return Alternatives{IsNull{}};
}

}  // namespace

std::optional<Number> number_of(const Yaml& scalar) {
  if (!scalar.is_scalar() || scalar.quoted) return std::nullopt;
  const std::string_view text = scalar.text;
  if (text.starts_with("0x")) return parse_digits(text.substr(2), 16);
  if (text.starts_with("0o")) return parse_digits(text.substr(2), 8);
  return parse_number(text.starts_with('+') ? text.substr(1) : text);
}

std::optional<bool> boolean_of(const Yaml& scalar) {
  if (!scalar.is_scalar() || scalar.quoted) return std::nullopt;
  for (const auto* word : {"true", "True", "TRUE"}) {
    if (scalar.text == word) return true;
  }
  for (const auto* word : {"false", "False", "FALSE"}) {
    if (scalar.text == word) return false;
  }
  return std::nullopt;
}

Result<Alternatives> lower_value(const ItemKey& key, const Yaml& value, const Placeholders& placeholders) {
  if (value.kind == Yaml::Kind::kNull) return lower_null(key, value);
  if (!value.is_scalar())
    return fault(value.at, "expected a value", "Lists hold values; maps stand under a name.");
  const bool of_values =
      key.kind == ItemKind::kText || key.kind == ItemKind::kRegex || key.kind == ItemKind::kNetwork;
  if (!key.field && !of_values) return fault(value.at, "these modifiers need a field");
  switch (key.kind) {
    case ItemKind::kText:
      if (auto literal = lower_literal(key, value); !literal.empty()) return literal;
      return lower_text(key, value, placeholders);
    case ItemKind::kRegex: {
      TOCSIN_TRY(regex, compile_regex(value.text, key.flags, value.at));
      return Alternatives{std::move(regex)};
    }
    case ItemKind::kNetwork:
      return lower_network(key, value, placeholders);
    case ItemKind::kNumber:
    case ItemKind::kTime:
      return lower_order(key, value);
    case ItemKind::kExists:
      return lower_exists(value);
    case ItemKind::kFieldReference:
      return lower_reference(key, value);
  }
  return fault(value.at, "unknown kind of item");
}

}  // namespace tocsin::detect::sigma
