#include "ingest/aws_envelope.h"

#include <array>

#include "ingest/json_scan.h"

namespace tocsin::ingest {
namespace {

// An array of records, by the member that holds it.
constexpr auto kLists = std::to_array<std::string_view>(
    {"Records", "records", "findings", "Findings", "events", "Events", "logEvents", "Messages"});

// A text that holds a record as JSON, by its member.
constexpr auto kTexts = std::to_array<std::string_view>({"Message", "body", "Body", "CloudTrailEvent"});

constexpr int kMaxLevels = 6;

// Empty when the object holds no JSON text. Only events of CloudWatch Logs have it in "message".
std::string_view text_inside(const Node& object) {
  const auto is_json = [](std::string_view text) { return text.starts_with('{'); };
  for (const auto name : kTexts) {
    if (const auto text = object[name].text(); is_json(text)) return text;
  }
  const auto message = object["message"].text();
  return is_json(message) && object["timestamp"].is_number() && object["id"] ? message : std::string_view();
}

class Opener {
 public:
  Opener(const Options& options, const AwsRecordReader& read) : options_(options), read_(read) {}

  void open(const Node& object, std::string_view bytes, int level) const {
    if (level == kMaxLevels) return read_(object, bytes);
    if (object["detail"].is_object() && object["detail-type"])
      return open(object["detail"], find_member(bytes, "detail"), level + 1);
    if (object["Sns"].is_object()) return open(object["Sns"], find_member(bytes, "Sns"), level + 1);
    for (const auto name : kLists) {
      const Node list = object[name];
      if (list.is_array() && list.at(0).is_object()) return open_list(list, find_member(bytes, name), level);
    }
    const auto text = text_inside(object);
    if (text.empty() || !open_text(text, level)) read_(object, bytes);
  }

 private:
  void open_list(const Node& list, std::string_view bytes, int level) const {
    ArrayCursor cursor(bytes, 0);
    std::string_view part;
    list.each([&](const Node& record) {
      const bool apart = bytes.starts_with('[') && cursor.next(part);
      open(record, apart ? part : bytes, level + 1);
    });
  }

  // False when the text is no JSON object after all.
  bool open_text(std::string_view text, int level) const {
    const auto inner = ParsedJson::parse(text, options_.max_depth);
    if (!inner || !inner->root().is_object()) return false;
    open(inner->root(), text, level + 1);
    return true;
  }

  const Options& options_;
  const AwsRecordReader& read_;
};

}  // namespace

void open_aws_envelope(const Node& object, std::string_view bytes, const Options& options,
                       const AwsRecordReader& read) {
  Opener(options, read).open(object, bytes, 0);
}

Node first_aws_record(const Node& object) {
  Node record = object;
  for (int level = 0; level < kMaxLevels; ++level) {
    Node inner = record["detail"].is_object() && record["detail-type"] ? record["detail"] : Node();
    for (const auto name : kLists) {
      if (!inner && record[name].is_array() && record[name].at(0).is_object()) inner = record[name].at(0);
    }
    if (!inner) break;
    record = inner;
  }
  return record;
}

std::string_view first_aws_text(const Node& object) {
  const Node record = first_aws_record(object);
  return text_inside(record["Sns"].is_object() ? record["Sns"] : record);
}

}  // namespace tocsin::ingest
