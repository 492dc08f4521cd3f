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

static_assert(PathWalk::kReadable < simdjson::SIMDJSON_PADDING);
constexpr std::size_t kBlockBytes = 64U << 10;
constexpr std::size_t kMaxKeptBytes = 4U << 20;  // of text buffers, between events

std::string_view trimmed(std::string_view token) {
  while (!token.empty() && is_blank(token.back())) token.remove_suffix(1);
  return token;
}

void read_scalar(simdjson::ondemand::value& value, json_type type, ScannedValue& out) {
  auto token = trimmed(value.raw_json_token());
  if (type == json_type::string) {
    token.remove_prefix(1);
    token.remove_suffix(token.empty() ? 0 : 1);
    out.kind = ValueKind::kString;
  } else {
    out.kind = type == json_type::number    ? ValueKind::kNumber
               : type == json_type::boolean ? ValueKind::kBoolean
                                            : ValueKind::kNull;
  }
  out.raw = token;
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
  read_scalar(value, type, out.emplace_back());
  return SUCCESS;
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
  seen_slots_.clear();
  walk_.begin_event();
  simdjson::ondemand::document document;
  simdjson::ondemand::object root;
  auto code = parser_.iterate(json, json.size() + simdjson::SIMDJSON_PADDING).get(document);
  if (code == SUCCESS) code = document.get_object().get(root);
  if (code == SUCCESS) code = walk_object(root, PathWalk::kRoot, 1);
  if (code == SUCCESS && document.current_location().error() != simdjson::OUT_OF_BOUNDS)
    code = simdjson::TRAILING_CONTENT;
  if (code != SUCCESS) return not_json(code);
  return {};
}

simdjson::error_code EventScan::walk_object(simdjson::ondemand::object object, State state, int depth) {
  for (auto member : object) {
    if (member.error() != SUCCESS) return member.error();
    auto& field = member.value_unsafe();
    const auto inner = member_state(state, field);
    if (inner == kNoName) return simdjson::STRING_ERROR;
    if (inner == PathWalk::kNowhere) continue;
    if (const auto code = walk_value(field.value(), inner, depth); code != SUCCESS) return code;
  }
  return SUCCESS;
}

simdjson::error_code EventScan::walk_array(simdjson::ondemand::array array, State state, int depth) {
  for (auto item : array) {
    OnDemandValue value;
    if (const auto code = item.get(value); code != SUCCESS) return code;
    if (const auto code = walk_value(value, state, depth); code != SUCCESS) return code;
  }
  return SUCCESS;
}

simdjson::error_code EventScan::walk_value(OnDemandValue& value, State state, int depth) {
  json_type type{};
  if (const auto code = value.type().get(type); code != SUCCESS) return code;
  if (type == json_type::object) {
    note_presence(state);
    if (depth >= kMaxDepth || !walk_.has_members(state)) return SUCCESS;
    simdjson::ondemand::object object;
    if (const auto code = value.get_object().get(object); code != SUCCESS) return code;
    return walk_object(object, state, depth + 1);
  }
  if (type == json_type::array) {
    note_presence(state);
    if (depth >= kMaxDepth) return SUCCESS;
    simdjson::ondemand::array array;
    if (const auto code = value.get_array().get(array); code != SUCCESS) return code;
    return walk_array(array, state, depth + 1);
  }
  note_scalar(value, type, state);
  return SUCCESS;
}

void EventScan::note_scalar(OnDemandValue& value, json_type type, State state) {
  const auto place = static_cast<std::uint32_t>(values_.size());
  read_scalar(value, type, values_.emplace_back());
  for (const auto id : walk_.slots_of(state)) {
    auto& slot = present(id);
    const auto link = static_cast<std::uint32_t>(links_.size());
    links_.push_back({place, kNone});
    (slot.first == kNone ? slot.first : links_[slot.last].next) = link;
    slot.last = link;
    slot.says_something |= type != json_type::null;
  }
}

void EventScan::note_presence(State state) {
  for (const auto id : walk_.slots_of(state)) present(id);
}

EventScan::Slot& EventScan::present(std::uint32_t id) {
  auto& slot = slots_[id];
  if (slot.scan != scans_) {
    slot = {scans_, kNone, kNone, false};
    seen_slots_.push_back(id);
  }
  return slot;
}

EventScan::State EventScan::member_state(State from, simdjson::ondemand::field& field) {
  const char* begin = field.key().raw();
  if (const auto* foreseen = walk_.foresee(from, begin)) return *foreseen;
  // The parser has found the colon; nothing but blanks stands around it.
  const char* end = field.value().raw_json_token().data();
  do {
    --end;
  } while (*end != ':');
  do {
    --end;
  } while (*end != '"');
  const std::string_view name(begin, static_cast<std::size_t>(end - begin));
  if (const auto* known = walk_.recall(from, name)) return *known;
  if (name.find('\\') == std::string_view::npos) return walk_.step_and_remember(from, name);
  std::string_view meant;
  if (field.unescaped_key().get(meant) != SUCCESS) return kNoName;
  return walk_.step(from, meant);
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
    value.text = value.raw;
    if (value.raw.find('\\') != std::string_view::npos) {
      reserve_text(value.raw.size() + simdjson::SIMDJSON_PADDING);
      auto* to = reinterpret_cast<std::uint8_t*>(text_blocks_[block_].data() + used_);
      const simdjson::ondemand::raw_json_string raw(reinterpret_cast<const std::uint8_t*>(value.raw.data()));
      if (parser_.unescape(raw, to).get(value.text) != SUCCESS) return std::nullopt;
      used_ += value.text.size();
    }
  } else if (value.kind != ValueKind::kNull) {
    value.text = value.raw;
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
