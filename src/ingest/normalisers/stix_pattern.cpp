#include "ingest/normalisers/stix_pattern.h"

#include <array>

#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;

constexpr std::size_t kMaxPattern = 64U << 10;
constexpr std::size_t kMaxComparisons = 256;

struct Observable {
  std::string_view type;
  std::string_view property;  // its beginning
  EntityKind kind;
};
constexpr auto kObservables = std::to_array<Observable>({
    {"ipv4-addr", "value", EntityKind::kIp},
    {"ipv6-addr", "value", EntityKind::kIp},
    {"domain-name", "value", EntityKind::kDomain},
    {"url", "value", EntityKind::kUrl},
    {"email-addr", "value", EntityKind::kEmail},
    {"email-message", "from_ref.value", EntityKind::kEmail},
    {"email-message", "sender_ref.value", EntityKind::kEmail},
    {"file", "hashes", EntityKind::kHash},
    {"artifact", "hashes", EntityKind::kHash},
    {"x509-certificate", "hashes", EntityKind::kHash},
    {"file", "name", EntityKind::kFile},
    {"network-traffic", "dst_ref.value", EntityKind::kDomain},
    {"network-traffic", "src_ref.value", EntityKind::kDomain},
    {"process", "name", EntityKind::kProcess},
});

bool is_path(char c) {
  return is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '[' || c == ']' || c == '*' || c == '\'';
}

class PatternReader {
 public:
  PatternReader(std::string_view text, AlertDraft& draft) : text_(text), draft_(draft) {}

  // A literal belongs to the object path before it.
  void run() {
    for (; at_ < text_.size() && count_ < kMaxComparisons;) {
      const char c = text_[at_];
      if (c == '\'') {
        add(literal());
      } else if (c == ':') {
        read_path();
      } else {
        ++at_;
      }
    }
  }

 private:
  // "file:hashes.'SHA-256'": the type ends at the colon, the property where its characters do.
  void read_path() {
    auto start = at_;
    while (start > 0 && (is_alnum(text_[start - 1]) || text_[start - 1] == '-')) --start;
    type_ = text_.substr(start, at_ - start);
    const auto from = ++at_;
    bool quoted = false;
    for (; at_ < text_.size() && (is_path(text_[at_]) || quoted); ++at_) {
      if (text_[at_] == '\'') quoted = !quoted;
    }
    property_ = text_.substr(from, at_ - from);
    const auto rest = trim(text_.substr(at_));
    like_ = rest.starts_with("LIKE");
    wanted_ = rest.starts_with('=') || rest.starts_with("IN") || like_;
  }

  std::string literal() {
    std::string value;
    for (++at_; at_ < text_.size() && text_[at_] != '\''; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      value += text_[at_];
    }
    ++at_;
    return value;
  }

  void add(const std::string& value) {
    ++count_;
    const auto kind = stix_kind(type_, property_);
    if (like_ && value.find('%') != std::string::npos) return;  // a family of values, none of them itself
    if (wanted_ && kind != EntityKind::kCve) draft_.reported(kind, value, EntityRole::kRelated);
  }

  std::string_view text_;
  AlertDraft& draft_;
  std::size_t at_ = 0;
  std::size_t count_ = 0;
  std::string_view type_, property_;
  bool wanted_ = false;
  bool like_ = false;
};

}  // namespace

EntityKind stix_kind(std::string_view type, std::string_view property) {
  for (const auto& known : kObservables) {
    if (known.type == type && property.starts_with(known.property)) return known.kind;
  }
  return EntityKind::kCve;
}

void read_stix_pattern(std::string_view pattern, AlertDraft& draft) {
  PatternReader(pattern.substr(0, kMaxPattern), draft).run();
}

}  // namespace tocsin::ingest
