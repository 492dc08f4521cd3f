#include "ingest/json.h"

#include <array>
#include <charconv>

#include "base/json_text.h"
#include "ingest/json_scan.h"
#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

constexpr std::size_t kKeepCapacityBytes = 1U << 20;  // what a thread keeps between payloads

struct Slot {
  simdjson::dom::parser parser;
  std::string buffer;  // the text and the padding that the parser reads past it
};

struct Slots {
  std::array<Slot, ParsedJson::kMaxNesting> slots;
  std::size_t used = 0;
};

Slots& slots() {
  thread_local Slots instance;
  return instance;
}

simdjson::error_code parse_into(Slot& slot, std::string_view text, std::size_t max_depth, Node& root) {
  slot.buffer.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  slot.buffer.assign(text);
  if (slot.parser.capacity() < text.size() || slot.parser.max_depth() != max_depth) {
    if (const auto code = slot.parser.allocate(std::max<std::size_t>(text.size(), 4096), max_depth))
      return code;
  }
  simdjson::dom::element element;
  const auto code = slot.parser.parse(slot.buffer.data(), text.size(), false).get(element);
  if (!code) root = Node(element);
  return code;
}

Error syntax_error(std::string_view text, std::size_t max_depth, simdjson::error_code code) {
  auto fault = find_json_fault(text, max_depth);
  if (fault.message.empty()) fault.message = simdjson::error_message(code);
  return error(ErrorKind::kInvalidSyntax, "read JSON", std::move(fault.message), {},
               "byte " + std::to_string(fault.offset));
}

}  // namespace

Result<ParsedJson> ParsedJson::parse(std::string_view text, std::size_t max_depth) {
  auto& pool = slots();
  if (text.size() > kMaxTextBytes) {
    return error(ErrorKind::kTooLarge, "read JSON", "one item is larger than 16 MiB",
                 "Send it in smaller items.");
  }
  if (pool.used == kMaxNesting) {
    return error(ErrorKind::kInvalidInput, "read JSON", "JSON inside JSON strings is nested too deep");
  }
  Slot& slot = pool.slots[pool.used];
  ParsedJson parsed;
  auto code = parse_into(slot, text, max_depth, parsed.root_);
  // Only a sound number may be too large; "12&3" must not pass as a text.
  if (code == simdjson::NUMBER_ERROR && find_json_fault(text, max_depth).message.empty())
    code = parse_into(slot, quote_huge_numbers(text), max_depth, parsed.root_);
  if (code) return syntax_error(text, max_depth, code);
  ++pool.used;
  parsed.owns_ = true;
  return parsed;
}

ParsedJson::ParsedJson(ParsedJson&& other) noexcept
    : root_(other.root_), owns_(std::exchange(other.owns_, false)) {}

ParsedJson::~ParsedJson() {
  if (!owns_) return;
  auto& pool = slots();
  Slot& slot = pool.slots[--pool.used];
  if (slot.parser.capacity() <= kKeepCapacityBytes) return;
  slot.parser = simdjson::dom::parser();
  slot.buffer = {};
}

Node Node::operator[](std::string_view key) const {
  if (!present_) return {};
  if (element_.is_array()) return at(0)[key];
  simdjson::dom::element found;
  if (!element_.is_object() || simdjson::dom::object(element_).at_key(key).get(found)) return {};
  return Node(found);
}

Node Node::any(std::initializer_list<std::string_view> keys) const {
  for (const auto key : keys) {
    const Node found = (*this)[key];
    if (found && !(found.is_string() && found.text().empty())) return found;
  }
  return {};
}

Node Node::at(std::size_t index) const {
  simdjson::dom::element found;
  if (!is_array() || simdjson::dom::array(element_).at(index).get(found)) return {};
  return Node(found);
}

std::size_t Node::size() const {
  if (!is_array()) return 0;
  return simdjson::dom::array(element_).size();
}

std::string_view Node::text() const {
  std::string_view text;
  if (!present_ || element_.get(text)) return {};
  return text;
}

std::string Node::scalar() const {
  if (!present_) return {};
  switch (element_.type()) {
    case simdjson::dom::element_type::STRING:
      return std::string(trim(text()));
    case simdjson::dom::element_type::INT64:
      return std::to_string(std::int64_t(element_));
    case simdjson::dom::element_type::UINT64:
      return std::to_string(std::uint64_t(element_));
    case simdjson::dom::element_type::BOOL:
      return bool(element_) ? "true" : "false";
    case simdjson::dom::element_type::ARRAY: {
      const Node first = at(0);
      return first.is_array() ? std::string() : first.scalar();
    }
    case simdjson::dom::element_type::DOUBLE: {
      std::string out;
      append_json_number(out, double(element_));
      return out;
    }
    default:
      return {};
  }
}

std::optional<std::int64_t> Node::integer() const {
  std::int64_t value = 0;
  if (!present_) return std::nullopt;
  if (!element_.get(value)) return value;
  const auto digits = trim(text());
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || code != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::optional<double> Node::number() const {
  double value = 0;
  if (!present_) return std::nullopt;
  if (!element_.get(value)) return value;
  const auto digits = trim(text());
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || code != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

bool Node::is_true() const {
  bool value = false;
  if (present_ && !element_.get(value)) return value;
  const auto word = scalar();
  return word == "true" || word == "True" || word == "1";
}

}  // namespace tocsin::ingest
