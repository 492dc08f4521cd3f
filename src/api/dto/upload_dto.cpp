#include "api/dto/upload_dto.h"

#include <array>
#include <boost/json.hpp>

#include "api/json_writer.h"

namespace tocsin::api {
namespace {

using State = UploadReport::State;
constexpr std::array<std::string_view, 3> kStates{"running", "done", "failed"};

struct Count {
  std::string_view name;
  std::uint64_t UploadReport::*member;
};
constexpr Count kCounts[] = {
    {"bytes", &UploadReport::bytes},
    {"items", &UploadReport::items},
    {"alerts", &UploadReport::alerts},
    {"occurrences", &UploadReport::occurrences},
    {"duplicates", &UploadReport::duplicates},
    {"events", &UploadReport::events},
    {"dead_letters", &UploadReport::dead_letters},
    {"chunks", &UploadReport::chunks},
};

struct Text {
  std::string_view name;
  std::string UploadReport::*member;
};
constexpr Text kTexts[] = {
    {"id", &UploadReport::id},         {"filename", &UploadReport::filename},
    {"sha256", &UploadReport::sha256}, {"source", &UploadReport::source},
    {"format", &UploadReport::format}, {"why", &UploadReport::why},
    {"actor", &UploadReport::actor},
};

void write_unreadable(JsonWriter& json, const UploadReport::Unreadable& item) {
  json.object([&] {
    json.member("line", item.line);
    json.member("reason", item.reason);
    json.member("dead_letter", item.dead_letter);
  });
}

void write_error(JsonWriter& json, const Error& why) {
  json.object([&] {
    json.member("kind", static_cast<int>(why.kind));
    json.member("message", why.message);
    json.member("hint", why.hint);
  });
}

std::string text_of(const boost::json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::vector<std::string> texts_of(const boost::json::object& from, std::string_view name) {
  std::vector<std::string> texts;
  if (const auto* list = from.if_contains(name); list != nullptr && list->is_array()) {
    for (const auto& one : list->get_array()) {
      if (one.is_string()) texts.emplace_back(one.get_string());
    }
  }
  return texts;
}

std::uint64_t count_of(const boost::json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  return value != nullptr && value->is_int64() ? static_cast<std::uint64_t>(value->get_int64()) : 0;
}

void read_unreadable(const boost::json::object& from, UploadReport& to) {
  const auto* list = from.if_contains("unreadable");
  if (list == nullptr || !list->is_array()) return;
  for (const auto& one : list->get_array()) {
    if (!one.is_object()) continue;
    const auto& item = one.get_object();
    to.unreadable.push_back({count_of(item, "line"), text_of(item, "reason"), text_of(item, "dead_letter")});
  }
}

void read_error(const boost::json::object& from, UploadReport& to) {
  const auto* value = from.if_contains("error");
  if (value == nullptr || !value->is_object()) return;
  const auto& why = value->get_object();
  to.error = error(static_cast<ErrorKind>(count_of(why, "kind")), "upload", text_of(why, "message"),
                   text_of(why, "hint"));
}

void write_members(JsonWriter& json, const UploadReport& report) {
  for (const auto& text : kTexts) json.member(text.name, report.*text.member);
  json.member("state", kStates[static_cast<std::size_t>(report.state)]);
  json.member("detected", report.detected);
  json.member("confidence", report.confidence);
  for (const auto& count : kCounts) json.member(count.name, report.*count.member);
  json.member("repeat", report.repeat);
  json.member("ignored_columns", report.ignored_columns);
  json.member("unreadable", [&] {
    json.array([&] {
      for (const auto& item : report.unreadable) write_unreadable(json, item);
    });
  });
  json.member("alert_ids", report.alert_ids);
  json.member("started_at", report.started_at);
  json.member("finished_at", report.finished_at);
  json.member("error", [&] { report.error ? write_error(json, *report.error) : json.value(nullptr); });
}

}  // namespace

std::string upload_json(const UploadReport& report) {
  std::string out;
  JsonWriter json(out);
  json.object([&] { write_members(json, report); });
  return out;
}

Result<UploadReport> parse_upload(std::string_view text) {
  boost::system::error_code failed;
  const auto value = boost::json::parse(text, failed);
  if (failed || !value.is_object())
    return error(ErrorKind::kInvalidSyntax, "read upload", "the kept report is no JSON object");
  const auto& from = value.get_object();
  UploadReport report;
  for (const auto& one : kTexts) report.*one.member = text_of(from, one.name);
  for (const auto& one : kCounts) report.*one.member = count_of(from, one.name);
  const auto* const state = std::find(kStates.begin(), kStates.end(), text_of(from, "state"));
  if (state != kStates.end()) report.state = static_cast<State>(state - kStates.begin());
  const auto flag = [&](std::string_view name) { return from.contains(name) && from.at(name) == true; };
  report.detected = flag("detected");
  report.repeat = flag("repeat");
  if (const auto* sure = from.if_contains("confidence")) report.confidence = sure->to_number<double>();
  report.ignored_columns = texts_of(from, "ignored_columns");
  report.alert_ids = texts_of(from, "alert_ids");
  read_unreadable(from, report);
  read_error(from, report);
  report.started_at = parse_time(text_of(from, "started_at")).value_or(Timestamp{});
  report.finished_at = parse_time(text_of(from, "finished_at"));
  return report;
}

}  // namespace tocsin::api
