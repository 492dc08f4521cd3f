#include "detect/sigma/yaml.h"

#include <yaml.h>

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <unordered_set>

namespace tocsin::detect::sigma {
namespace {

constexpr std::size_t kMaxCopiedBytes = 4 << 20;
constexpr std::size_t kFewMembers = 16;  // of a map: looked through one by one

Position position_of(const yaml_mark_t& mark) {
  return {static_cast<int>(mark.line) + 1, static_cast<int>(mark.column) + 1};
}

std::string text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string() : reinterpret_cast<const char*>(text);
}

class Parser {
 public:
  explicit Parser(std::string_view text) {
    if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  ~Parser() { yaml_parser_delete(&parser_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  bool next(yaml_event_t& event) { return yaml_parser_parse(&parser_, &event) != 0; }

  Error why() const {
    if (parser_.error == YAML_MEMORY_ERROR) throw std::bad_alloc();
    if (parser_.error == YAML_READER_ERROR)
      return fault({}, "not YAML: " + problem() + " (byte " + std::to_string(parser_.problem_offset) + ")",
                   "Rules are UTF-8 without control characters.");
    return fault(position_of(parser_.problem_mark), "not YAML: " + problem(),
                 "Check indents, colons and quotes there.");
  }

 private:
  std::string problem() const { return parser_.problem == nullptr ? "unreadable" : parser_.problem; }

  yaml_parser_t parser_{};
};

// Builds documents from libyaml's events.
class Builder {
 public:
  explicit Builder(std::vector<Yaml>& documents) : documents_(documents) {}

  // The fault that ends the reading, if the event is one.
  std::optional<Error> take(const yaml_event_t& event) {
    const auto at = position_of(event.start_mark);
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        open_.clear();
        anchors_.clear();
        return {};
      case YAML_SCALAR_EVENT:
        return scalar(event, at);
      case YAML_ALIAS_EVENT:
        return alias(text_of(event.data.alias.anchor), at);
      case YAML_SEQUENCE_START_EVENT:
        return begin(Yaml::Kind::kList, event.data.sequence_start.anchor, at);
      case YAML_MAPPING_START_EVENT:
        return begin(Yaml::Kind::kMap, event.data.mapping_start.anchor, at);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT: {
        auto done = std::move(open_.back());
        open_.pop_back();
        return finish(std::move(done.value), done.anchor);
      }
      default:
        return {};
    }
  }

 private:
  // A list or map that is not complete yet.
  struct Open {
    Yaml value;
    std::string anchor;
    std::optional<YamlMember> member;      // of a map: its key is read, its value is not
    std::unordered_set<std::string> keys;  // of a map with many members
  };

  static bool is_null(std::string_view plain) {
    return plain.empty() || plain == "~" || plain == "null" || plain == "Null" || plain == "NULL";
  }

  std::optional<Error> scalar(const yaml_event_t& event, Position at) {
    const auto& read = event.data.scalar;
    Yaml value;
    value.at = at;
    value.quoted = read.style != YAML_PLAIN_SCALAR_STYLE;
    value.text.assign(reinterpret_cast<const char*>(read.value), read.length);
    if (!value.quoted && is_null(value.text)) {
      value.text.clear();
    } else {
      value.kind = Yaml::Kind::kScalar;
    }
    return finish(std::move(value), text_of(read.anchor));
  }

  std::optional<Error> alias(const std::string& anchor, Position at) {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      return fault(at, "the alias *" + anchor + " refers to nothing that is complete before it");
    copied_ += bytes_of(found->second);
    if (copied_ > kMaxCopiedBytes) return fault(at, "aliases grow beyond 4 MiB");
    return finish(found->second, {});
  }

  std::optional<Error> begin(Yaml::Kind kind, const yaml_char_t* anchor, Position at) {
    if (open_.size() >= kMaxYamlDepth)
      return fault(at, "nested deeper than " + std::to_string(kMaxYamlDepth) + " levels");
    auto& one = open_.emplace_back();
    one.value.kind = kind;
    one.value.at = at;
    one.anchor = text_of(anchor);
    return {};
  }

  // A value is complete: it goes to where it belongs.
  std::optional<Error> finish(Yaml done, const std::string& anchor) {
    if (!anchor.empty()) anchors_[anchor] = done;
    if (open_.empty()) {
      documents_.push_back(std::move(done));
      return {};
    }
    auto& parent = open_.back();
    if (parent.value.is_list()) {
      parent.value.items.push_back(std::move(done));
      return {};
    }
    if (!parent.member) return start_member(parent, std::move(done));
    parent.member->value = std::move(done);
    parent.value.members.push_back(*std::move(parent.member));
    parent.member.reset();
    return {};
  }

  static bool has_key(Open& map, const std::string& key) {
    const auto& members = map.value.members;
    if (members.size() < kFewMembers) return map.value.find(key) != nullptr;
    if (map.keys.empty()) {
      for (const auto& member : members) map.keys.insert(member.key);
    }
    return !map.keys.insert(key).second;
  }

  static std::optional<Error> start_member(Open& map, Yaml key) {
    if (!key.is_scalar()) return fault(key.at, "a key must be a word");
    if (map.value.members.size() == kMaxYamlMembers)
      return fault(key.at, "more than " + std::to_string(kMaxYamlMembers) + " keys in one map");
    if (has_key(map, key.text))
      return fault(key.at, "the key '" + key.text + "' stands here twice",
                   "YAML keeps only one of them; put both values into one list, or into two selections.");
    map.member = YamlMember{std::move(key.text), key.at, {}};
    return {};
  }

  std::vector<Yaml>& documents_;
  std::vector<Open> open_;
  std::unordered_map<std::string, Yaml> anchors_;
  std::size_t copied_ = 0;
};

}  // namespace

std::size_t bytes_of(const Yaml& tree) {
  std::size_t bytes = sizeof(Yaml) + tree.text.size();
  for (const auto& item : tree.items) bytes += bytes_of(item);
  for (const auto& member : tree.members) bytes += member.key.size() + bytes_of(member.value);
  return bytes;
}

const Yaml* Yaml::find(std::string_view key) const {
  for (const auto& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

YamlFile parse_yaml(std::string_view text) {
  YamlFile file;
  if (text.size() > kMaxYamlBytes) {
    file.fault = fault({}, "the file is larger than 1 MiB", "Split it.");
    return file;
  }
  Parser parser(text);
  Builder builder(file.documents);
  for (bool is_end = false; !is_end && !file.fault;) {
    yaml_event_t event;
    if (!parser.next(event)) {
      file.fault = parser.why();
      break;
    }
    const std::unique_ptr<yaml_event_t, decltype(&yaml_event_delete)> owned(&event, &yaml_event_delete);
    file.fault = builder.take(event);
    is_end = event.type == YAML_STREAM_END_EVENT;
  }
  return file;
}

Yaml merged(Yaml below, const Yaml& above) {
  if (!below.is_map() || !above.is_map()) return above;
  for (const auto& member : above.members) {
    const auto same = std::find_if(below.members.begin(), below.members.end(),
                                   [&](const YamlMember& other) { return other.key == member.key; });
    if (same == below.members.end()) {
      below.members.push_back(member);
    } else {
      same->value = merged(std::move(same->value), member.value);
    }
  }
  below.at = above.at;
  return below;
}

}  // namespace tocsin::detect::sigma
