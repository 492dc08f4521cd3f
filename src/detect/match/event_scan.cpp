#include "detect/match/event_scan.h"

#include <algorithm>
#include <cstring>

#include "base/ascii.h"
#include "detect/sigma/case_fold.h"

namespace tocsin::detect {
namespace {

using sigma::ValueKind;
using simdjson::SUCCESS;
using simdjson::ondemand::json_type;

constexpr std::size_t kBlockBytes = 64U << 10;
constexpr std::size_t kMaxKeptBytes = 4U << 20;  // of text buffers, between events

// Where the text ends that starts at `raw`: its closing quote, which the parser has found to exist.
std::size_t raw_size_of(const char* raw, const char* end) {
  for (const char* at = raw; at < end; ++at) {
    at = static_cast<const char*>(std::memchr(at, '"', static_cast<std::size_t>(end - at)));
    if (at == nullptr) break;
    const char* before = at;
    while (before > raw && before[-1] == '\\') --before;
    if ((at - before) % 2 == 0) return static_cast<std::size_t>(at - raw);
  }
  return static_cast<std::size_t>(end - raw);
}

std::string_view trimmed(std::string_view token) {
  while (!token.empty() && is_blank(token.back())) token.remove_suffix(1);
  return token;
}

simdjson::error_code read_scalar(simdjson::ondemand::value& value, json_type type, ScannedValue& out) {
  if (type == json_type::string) {
    simdjson::ondemand::raw_json_string raw;
    if (const auto code = value.get_raw_json_string().get(raw); code != SUCCESS) return code;
    out.kind = ValueKind::kString;
    out.raw = raw.raw();
    return SUCCESS;
  }
  const auto token = trimmed(value.raw_json_token());
  out.kind = type == json_type::number    ? ValueKind::kNumber
             : type == json_type::boolean ? ValueKind::kBoolean
                                          : ValueKind::kNull;
  out.raw = token.data();
  out.raw_size = static_cast<std::uint32_t>(token.size());
  return SUCCESS;
}

// Every scalar below the value.
simdjson::error_code collect(simdjson::ondemand::value value, std::vector<ScannedValue>& out) {
  json_type type{};
  if (const auto code = value.type().get(type); code != SUCCESS) return code;
  if (type == json_type::object) {
    simdjson::ondemand::object object;
    if (const auto code = value.get_object().get(object); code != SUCCESS) return code;
    for (auto member : object) {
      simdjson::ondemand::field field;
      if (const auto code = std::move(member).get(field); code != SUCCESS) return code;
      if (const auto code = collect(field.value(), out); code != SUCCESS) return code;
    }
    return SUCCESS;
  }
  if (type == json_type::array) {
    simdjson::ondemand::array array;
    if (const auto code = value.get_array().get(array); code != SUCCESS) return code;
    for (auto item : array) {
      simdjson::ondemand::value inner;
      if (const auto code = item.get(inner); code != SUCCESS) return code;
      if (const auto code = collect(inner, out); code != SUCCESS) return code;
    }
    return SUCCESS;
  }
  return read_scalar(value, type, out.emplace_back());
}

Error not_json(simdjson::error_code code) {
  return error(ErrorKind::kInvalidSyntax, "read event", simdjson::error_message(code),
               "Send one JSON object for each event.");
}

// Eight letters at a time: where a byte lies between 'A' and 'Z', its bit 0x20 is set.
std::uint64_t fold_eight(std::uint64_t bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  const std::uint64_t low = bytes & (kOnes * 0x7f);
  const std::uint64_t from_a = low + kOnes * (0x80 - 'A');
  const std::uint64_t beyond_z = low + kOnes * (0x7f - 'Z');
  const std::uint64_t upper = (from_a ^ beyond_z) & ~bytes & (kOnes * 0x80);
  return bytes | (upper >> 2);
}

}  // namespace

bool fold_ascii(std::string_view text, char* out) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  std::uint64_t seen = 0;
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + i, 8);
    seen |= bytes;
    bytes = fold_eight(bytes);
    std::memcpy(out + i, &bytes, 8);
  }
  for (; i < text.size(); ++i) {
    seen |= static_cast<unsigned char>(text[i]);
    out[i] = lower(text[i]);
  }
  return (seen & kHighBits) == 0;
}

Result<void> EventScan::scan(std::string_view json) {
  json_ = json;
  ++scans_;
  links_.clear();
  values_.clear();
  all_values_known_ = false;
  block_ = used_ = 0;
  if (text_blocks_.size() > kMaxKeptBytes / kBlockBytes ||
      (!text_blocks_.empty() && text_blocks_.back().size() > kMaxKeptBytes))
    text_blocks_.clear();
  nodes_.assign(1, PathTree::kRoot);
  simdjson::ondemand::document document;
  simdjson::ondemand::object root;
  auto code = parser_.iterate(json, json.size() + simdjson::SIMDJSON_PADDING).get(document);
  if (code == SUCCESS) code = document.get_object().get(root);
  if (code == SUCCESS) code = walk_object(root, 0, 1);
  if (code == SUCCESS && document.current_location().error() != simdjson::OUT_OF_BOUNDS)
    code = simdjson::TRAILING_CONTENT;
  if (code != SUCCESS) return not_json(code);
  return {};
}

simdjson::error_code EventScan::walk_object(simdjson::ondemand::object object, std::size_t nodes_from,
                                            int depth) {
  const std::size_t nodes_to = nodes_.size();
  for (auto member : object) {
    simdjson::ondemand::field field;
    if (const auto code = std::move(member).get(field); code != SUCCESS) return code;
    const auto name = name_of(field);
    if (!name) return simdjson::STRING_ERROR;
    for (std::size_t i = nodes_from; i < nodes_to; ++i) tree_->step(nodes_[i], *name, nodes_);
    if (nodes_.size() == nodes_to) continue;
    if (const auto code = walk_value(field.value(), nodes_to, depth); code != SUCCESS) return code;
    nodes_.resize(nodes_to);
  }
  return SUCCESS;
}

simdjson::error_code EventScan::walk_array(simdjson::ondemand::array array, std::size_t nodes_from,
                                           int depth) {
  for (auto item : array) {
    OnDemandValue value;
    if (const auto code = item.get(value); code != SUCCESS) return code;
    if (const auto code = walk_value(value, nodes_from, depth); code != SUCCESS) return code;
  }
  return SUCCESS;
}

simdjson::error_code EventScan::walk_value(OnDemandValue value, std::size_t nodes_from, int depth) {
  json_type type{};
  if (const auto code = value.type().get(type); code != SUCCESS) return code;
  if (type == json_type::object) {
    note_presence(nodes_from);
    if (depth >= kMaxDepth || !wants_members(nodes_from)) return SUCCESS;
    simdjson::ondemand::object object;
    if (const auto code = value.get_object().get(object); code != SUCCESS) return code;
    return walk_object(object, nodes_from, depth + 1);
  }
  if (type == json_type::array) {
    note_presence(nodes_from);
    if (depth >= kMaxDepth) return SUCCESS;
    simdjson::ondemand::array array;
    if (const auto code = value.get_array().get(array); code != SUCCESS) return code;
    return walk_array(array, nodes_from, depth + 1);
  }
  return note_scalar(value, type, nodes_from);
}

simdjson::error_code EventScan::note_scalar(OnDemandValue& value, json_type type, std::size_t nodes_from) {
  ScannedValue noted;
  if (const auto code = read_scalar(value, type, noted); code != SUCCESS) return code;
  const auto place = static_cast<std::uint32_t>(values_.size());
  values_.push_back(noted);
  note_presence(nodes_from);
  for (std::size_t i = nodes_from; i < nodes_.size(); ++i) {
    for (const auto id : tree_->slots_of(nodes_[i])) {
      auto& slot = slots_[id];
      const auto link = static_cast<std::uint32_t>(links_.size());
      links_.push_back({place, kNone});
      (slot.first == kNone ? slot.first : links_[slot.last].next) = link;
      slot.last = link;
      slot.says_something |= noted.kind != ValueKind::kNull;
    }
  }
  return SUCCESS;
}

void EventScan::note_presence(std::size_t nodes_from) {
  for (std::size_t i = nodes_from; i < nodes_.size(); ++i) {
    for (const auto id : tree_->slots_of(nodes_[i])) {
      if (slots_[id].scan != scans_) slots_[id] = {scans_, kNone, kNone, false};
    }
  }
}

bool EventScan::wants_members(std::size_t nodes_from) const {
  return std::any_of(nodes_.begin() + static_cast<std::ptrdiff_t>(nodes_from), nodes_.end(),
                     [this](PathTree::Node node) { return tree_->has_children(node); });
}

std::optional<std::string_view> EventScan::name_of(simdjson::ondemand::field& field) {
  const char* raw = field.key().raw();
  const char* at = raw;
  while (*at != '"' && *at != '\\') ++at;
  if (*at == '"') return std::string_view(raw, static_cast<std::size_t>(at - raw));
  std::string_view name;
  if (field.unescaped_key().get(name) != SUCCESS) return std::nullopt;
  return name;
}

std::vector<ScannedValue>& EventScan::all_values() {
  if (all_values_known_) return all_values_;
  all_values_.clear();
  all_values_known_ = true;
  simdjson::ondemand::document document;
  simdjson::ondemand::value root;
  if (parser_.iterate(json_, json_.size() + simdjson::SIMDJSON_PADDING).get(document) == SUCCESS &&
      document.get_value().get(root) == SUCCESS)
    (void)collect(root, all_values_);
  return all_values_;
}

void EventScan::reserve_text(std::size_t bytes) {
  while (block_ < text_blocks_.size() && used_ + bytes > text_blocks_[block_].size()) {
    ++block_;
    used_ = 0;
  }
  if (block_ == text_blocks_.size()) text_blocks_.emplace_back(std::max(bytes, kBlockBytes));
}

std::optional<std::string_view> EventScan::text(ScannedValue& value) {
  if (value.is_read) return value.text;
  if (value.kind == ValueKind::kString) {
    const std::size_t size = raw_size_of(value.raw, json_.data() + json_.size());
    value.text = {value.raw, size};
    if (std::memchr(value.raw, '\\', size) != nullptr) {
      reserve_text(size + simdjson::SIMDJSON_PADDING);
      auto* to = reinterpret_cast<std::uint8_t*>(text_blocks_[block_].data() + used_);
      const simdjson::ondemand::raw_json_string raw(reinterpret_cast<const std::uint8_t*>(value.raw));
      if (parser_.unescape(raw, to).get(value.text) != SUCCESS) return std::nullopt;
      used_ += value.text.size();
    }
  } else if (value.kind != ValueKind::kNull) {
    value.text = {value.raw, value.raw_size};
  }
  value.is_read = true;
  return value.text;
}

std::optional<std::string_view> EventScan::folded(ScannedValue& value) {
  if (value.is_folded) return value.folded;
  const auto plain = text(value);
  if (!plain) return std::nullopt;
  reserve_text(plain->size() + 1);
  char* to = text_blocks_[block_].data() + used_;
  value.folded = {to, plain->size()};
  if (!fold_ascii(*plain, to)) {
    // A folded character can be longer than it was.
    const std::string folded = sigma::fold_case(*plain);
    reserve_text(folded.size() + 1);
    to = text_blocks_[block_].data() + used_;
    std::copy(folded.begin(), folded.end(), to);
    value.folded = {to, folded.size()};
  }
  used_ += value.folded.size();
  value.is_folded = true;
  return value.folded;
}

}  // namespace tocsin::detect
