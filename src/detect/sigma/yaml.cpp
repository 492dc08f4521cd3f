#include "detect/sigma/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <unordered_set>

namespace tocsin::detect::sigma {
namespace {

constexpr std::size_t kMaxCopiedBytes = 4 << 20;

// Leaves yaml-cpp in the middle of a document.
struct Stop {
  Error error;
};

Position position_of(const YAML::Mark& mark) {
  return {mark.line + 1, mark.column + 1};
}

// Builds one document from yaml-cpp's events.
class Builder : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override {
    // At a stray comma yaml-cpp 0.7 finds one empty document after the other, and never moves on.
    const auto start = position_of(mark);
    if (start_ == start)
      throw Stop{fault(start, "not YAML: unexpected sign", "Check commas and quotes there.")};
    start_ = start;
    document_.reset();
    anchors_.clear();
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    begin(mark, anchor, Yaml::Kind::kNull);
    finish();
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    auto& scalar = begin(mark, anchor, Yaml::Kind::kScalar);
    scalar.quoted = tag == "!";
    scalar.text = value;
    finish();
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      throw Stop{fault(position_of(mark), "an alias stands inside what it refers to")};
    copied_ += bytes_of(found->second);
    if (copied_ > kMaxCopiedBytes) throw Stop{fault(position_of(mark), "aliases grow beyond 4 MiB")};
    open(found->second, 0);
    finish();
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    begin(mark, anchor, Yaml::Kind::kList);
  }
  void OnSequenceEnd() override { finish(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    begin(mark, anchor, Yaml::Kind::kMap);
  }
  void OnMapEnd() override { finish(); }

  // Of the document that was read last; a document may be empty.
  Yaml take() { return document_ ? *std::move(document_) : Yaml{}; }

 private:
  // A value that is not complete yet.
  struct Open {
    Yaml value;
    YAML::anchor_t anchor = 0;
    std::optional<YamlMember> member;      // of a map: its key is read, its value is not
    std::unordered_set<std::string> keys;  // of a map
  };

  Yaml& open(Yaml value, YAML::anchor_t anchor) {
    open_.push_back({std::move(value), anchor, {}, {}});
    return open_.back().value;
  }

  Yaml& begin(const YAML::Mark& mark, YAML::anchor_t anchor, Yaml::Kind kind) {
    if (open_.size() >= kMaxYamlDepth)
      throw Stop{fault(position_of(mark), "nested deeper than " + std::to_string(kMaxYamlDepth) + " levels")};
    auto& value = open({}, anchor);
    value.kind = kind;
    value.at = position_of(mark);
    return value;
  }

  // The innermost open value is complete: it goes to where it belongs.
  void finish() {
    auto done = std::move(open_.back());
    open_.pop_back();
    if (done.anchor != 0) anchors_[done.anchor] = done.value;
    if (open_.empty()) {
      document_ = std::move(done.value);
    } else if (auto& parent = open_.back(); parent.value.is_list()) {
      parent.value.items.push_back(std::move(done.value));
    } else if (parent.member) {
      parent.member->value = std::move(done.value);
      parent.value.members.push_back(*std::move(parent.member));
      parent.member.reset();
    } else {
      start_member(parent, std::move(done.value));
    }
  }

  static void start_member(Open& map, Yaml key) {
    if (!key.is_scalar()) throw Stop{fault(key.at, "a key must be a word")};
    if (map.keys.size() == kMaxYamlMembers)
      throw Stop{fault(key.at, "more than " + std::to_string(kMaxYamlMembers) + " keys in one map")};
    if (!map.keys.insert(key.text).second)
      throw Stop{
          fault(key.at, "the key '" + key.text + "' stands here twice",
                "YAML keeps only one of them; put both values into one list, or into two selections.")};
    map.member = YamlMember{std::move(key.text), key.at, {}};
  }

  std::optional<Position> start_;  // of the document before
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, Yaml> anchors_;
  std::size_t copied_ = 0;
  std::optional<Yaml> document_;
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
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    Builder builder;
    while (parser.HandleNextDocument(builder)) file.documents.push_back(builder.take());
  } catch (const Stop& stop) {
    file.fault = stop.error;
  } catch (const YAML::Exception& wrong) {
    file.fault =
        fault(position_of(wrong.mark), "not YAML: " + wrong.msg, "Check indents, colons and quotes there.");
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
