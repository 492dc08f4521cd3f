#include "detect/evtx/binary_xml.h"

#include <algorithm>
#include <array>

namespace tocsin::detect {
namespace {

enum Token : std::uint8_t {
  kEnd = 0x00,
  kOpenElement = 0x01,
  kCloseStart = 0x02,
  kCloseEmpty = 0x03,
  kEndElement = 0x04,
  kValue = 0x05,
  kAttribute = 0x06,
  kCdata = 0x07,
  kCharReference = 0x08,
  kEntityReference = 0x09,
  kInstructionTarget = 0x0a,
  kInstructionData = 0x0b,
  kTemplate = 0x0c,
  kSubstitution = 0x0d,
  kOptionalSubstitution = 0x0e,
  kFragment = 0x0f,
};
constexpr std::uint8_t kHasMore = 0x40;  // attributes of an element, or more of a text

constexpr std::size_t kGuidBytes = 16;

bool is_text(std::uint8_t token) {
  switch (token & ~kHasMore) {
    case kValue:
    case kCdata:
    case kCharReference:
    case kEntityReference:
    case kSubstitution:
    case kOptionalSubstitution:
      return true;
    default:
      return false;
  }
}

// The next token stays where it is.
std::uint8_t peek(const ByteReader& in) {
  auto copy = in;
  return copy.number<std::uint8_t>();
}

std::string text_of_entity(std::string_view name) {
  struct Entity {
    std::string_view name, text;
  };
  static constexpr std::array<Entity, 5> kEntities{
      {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}}};
  const auto found = std::find_if(kEntities.begin(), kEntities.end(),
                                  [&](const auto& entity) { return entity.name == name; });
  if (found != kEntities.end()) return std::string(found->text);
  return "&" + std::string(name) + ";";
}

}  // namespace

Result<XmlElement> BinaryXml::read(std::size_t begin, std::size_t end) {
  const Slots none;
  XmlElement document;
  ByteReader in(chunk_.substr(0, end), begin);
  if (!in.ok() || !read_content(in, {none}, document) || document.children.size() != 1)
    return error(ErrorKind::kInvalidSyntax, "read binary XML", "it is damaged");
  return std::move(document.children.front());
}

bool BinaryXml::spend(std::size_t steps) {
  steps_ += steps;
  return steps_ <= kMaxSteps;
}

// Up to the end of the element, the document or the bytes.
bool BinaryXml::read_content(ByteReader& in, const Scope& scope, XmlElement& parent) {
  constexpr std::size_t kStepsOfToken = 16;
  while (in.ok() && spend(kStepsOfToken)) {
    if (in.is_at_end()) return true;
    const auto token = in.number<std::uint8_t>();
    if (is_text(token)) {
      if (!read_text(in, token, scope, parent, parent.value)) return false;
      continue;
    }
    switch (token) {
      case kEnd:
      case kEndElement:
        return true;
      case kFragment:
        in.skip(3);  // version and flags
        break;
      case kOpenElement:
      case kOpenElement | kHasMore:
        if (!read_element(in, token != kOpenElement, scope, parent)) return false;
        break;
      case kTemplate:
        if (!read_template(in, scope, parent)) return false;
        break;
      case kInstructionTarget:
        if (!read_instruction(in)) return false;
        break;
      default:
        return false;
    }
  }
  return false;
}

bool BinaryXml::read_element(ByteReader& in, bool has_attributes, const Scope& scope, XmlElement& parent) {
  if (scope.depth >= kMaxDepth) return false;
  if (scope.has_dependency) in.skip(2);
  in.skip(4);  // its size, which its tokens tell too
  XmlElement element;
  element.name = read_name(in);
  if (has_attributes && !read_attributes(in, scope, element)) return false;
  const auto token = in.number<std::uint8_t>();
  if (!in.ok() || (token != kCloseStart && token != kCloseEmpty)) return false;
  const Scope inside{scope.slots, scope.has_dependency, scope.depth + 1};
  if (token == kCloseStart && !read_content(in, inside, element)) return false;
  parent.children.push_back(std::move(element));
  return true;
}

bool BinaryXml::read_attributes(ByteReader& in, const Scope& scope, XmlElement& element) {
  in.skip(4);  // size of the list
  while (in.ok() && (peek(in) & ~kHasMore) == kAttribute) {
    in.skip(1);
    auto name = read_name(in);
    EvtxValue value;
    while (in.ok() && is_text(peek(in))) {
      const auto token = in.number<std::uint8_t>();
      if (!read_text(in, token, scope, element, value)) return false;
    }
    // Without a value it was optional.
    if (value.kind != EvtxValue::Kind::kNull)
      element.attributes.emplace_back(std::move(name), std::move(value));
  }
  return in.ok();
}

// `value` gets the text; a value that holds elements gives them to `parent`.
bool BinaryXml::read_text(ByteReader& in, std::uint8_t token, const Scope& scope, XmlElement& parent,
                          EvtxValue& value) {
  using Kind = EvtxValue::Kind;
  switch (token & ~kHasMore) {
    case kValue:
      if (in.number<std::uint8_t>() != static_cast<std::uint8_t>(EvtxType::kString)) return false;
      append_evtx_value(value, {Kind::kText, read_counted_text(in)});
      break;
    case kCdata:
      append_evtx_value(value, {Kind::kText, read_counted_text(in)});
      break;
    case kCharReference:
      append_evtx_value(value, {Kind::kText, text_of_utf16(in.take(2))});
      break;
    case kEntityReference:
      append_evtx_value(value, {Kind::kText, text_of_entity(read_name(in))});
      break;
    default:
      return read_substitution(in, scope, parent, value);
  }
  return in.ok();
}

bool BinaryXml::read_substitution(ByteReader& in, const Scope& scope, XmlElement& parent, EvtxValue& value) {
  const auto place = in.number<std::uint16_t>();
  in.skip(1);  // the type that the template expects; the value has its own
  if (!in.ok() || !spend(1)) return false;
  if (place >= scope.slots.size()) return true;  // as if it were null
  const auto& slot = scope.slots[place];
  if (!spend(slot.end - slot.begin)) return false;
  if (slot.type != static_cast<std::uint8_t>(EvtxType::kBinaryXml)) {
    append_evtx_value(value, read_evtx_value(slot.type, chunk_.substr(slot.begin, slot.end - slot.begin)));
    return true;
  }
  if (scope.depth >= kMaxDepth) return false;
  const Slots none;
  ByteReader inside(chunk_.substr(0, slot.end), slot.begin);
  return read_content(inside, {none, false, scope.depth + 1}, parent);
}

bool BinaryXml::read_template(ByteReader& in, const Scope& scope, XmlElement& parent) {
  if (scope.depth >= kMaxDepth) return false;
  in.skip(1 + 4);  // version, identifier
  const std::size_t definition = in.number<std::uint32_t>();
  const auto read_head = [&](ByteReader& from) {
    from.skip(4 + kGuidBytes);  // the next one of its hash, identifier
    return std::size_t{from.number<std::uint32_t>()};
  };
  ByteReader head(chunk_, definition);
  const auto size = read_head(head);
  if (!in.ok() || !head.ok() || size > chunk_.size() - head.at()) return false;
  if (definition == in.at()) {  // it stands here, and not before
    read_head(in);
    in.skip(size);
  }
  Slots slots;
  if (!read_slots(in, slots)) return false;
  ByteReader body(chunk_.substr(0, head.at() + size), head.at());
  return read_content(body, {slots, true, scope.depth + 1}, parent);
}

bool BinaryXml::read_slots(ByteReader& in, Slots& slots) {
  constexpr std::size_t kBytesOfSlot = 4;
  const auto count = in.number<std::uint32_t>();
  if (!in.ok() || count > chunk_.size() / kBytesOfSlot || !spend(count)) return false;
  slots.resize(count);
  for (auto& slot : slots) {
    slot.end = in.number<std::uint16_t>();  // its size, for now
    slot.type = in.number<std::uint8_t>();
    in.skip(1);
  }
  for (auto& slot : slots) {
    slot.begin = in.at();
    in.skip(slot.end);
    slot.end = in.at();
  }
  return in.ok();
}

// Says nothing of the event.
bool BinaryXml::read_instruction(ByteReader& in) {
  read_name(in);
  if (in.number<std::uint8_t>() != kInstructionData) return false;
  read_counted_text(in);
  return in.ok();
}

// A name stands where it is first used; later uses refer to it.
std::string BinaryXml::read_name(ByteReader& in) {
  const std::size_t place = in.number<std::uint32_t>();
  const auto read_at = [&](ByteReader& from) {
    constexpr std::size_t kHead = 4 + 2;  // the next one of its hash, the hash
    from.skip(kHead);
    const auto text = from.take(2 * std::size_t{from.number<std::uint16_t>()});
    from.skip(2);  // NUL
    return text;
  };
  if (!in.ok()) return {};
  if (place == in.at()) {
    const auto text = read_at(in);
    return spend(text.size()) ? text_of_utf16(text) : std::string();
  }
  ByteReader there(chunk_, place);
  const auto text = read_at(there);
  if (!there.ok() || !spend(text.size())) {
    in.fail();
    return {};
  }
  return text_of_utf16(text);
}

std::string BinaryXml::read_counted_text(ByteReader& in) {
  const auto text = in.take(2 * std::size_t{in.number<std::uint16_t>()});
  return spend(text.size()) ? text_of_utf16(text) : std::string();
}

}  // namespace tocsin::detect
