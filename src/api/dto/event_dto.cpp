#include "api/dto/event_dto.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <optional>
#include <span>
#include <unordered_map>

#include "api/json_writer.h"
#include "detect/source/event_time.h"
#include "ingest/json_scan.h"

namespace tocsin::api {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

// Where products write what we show of a record; the first that says something counts.
constexpr auto kUserPaths = std::to_array<std::string_view>(
    {"user.name", "TargetUserName", "User", "SubjectUserName", "userIdentity.userName", "actor.alternateId",
     "userPrincipalName", "UserId", "properties.userPrincipalName"});
constexpr auto kAddressPaths =
    std::to_array<std::string_view>({"source.ip", "IpAddress", "SourceIp", "id.orig_h", "sourceIPAddress",
                                     "client.ipAddress", "ipAddress", "ClientIP", "callerIpAddress"});
constexpr auto kHostPaths = std::to_array<std::string_view>(
    {"host.name", "Computer", "Hostname", "Event.System.Computer", "winlog.computer_name"});
constexpr auto kTypePaths =
    std::to_array<std::string_view>({"EventID", "eventName", "eventType", "event.action", "Operation",
                                     "operationName", "winlog.event_id", "_path"});
// Our own form: the names that each part may have.
constexpr auto kOwnSource = std::to_array<std::string_view>({"source"});
constexpr auto kOwnType = std::to_array<std::string_view>({"event_type", "type"});
constexpr auto kOwnUser = std::to_array<std::string_view>({"user", "username"});
constexpr auto kOwnAddress = std::to_array<std::string_view>({"ip", "source_ip", "src_ip"});
constexpr auto kOwnResource = std::to_array<std::string_view>({"resource", "host", "hostname"});
constexpr auto kOwnMessage = std::to_array<std::string_view>({"message"});
constexpr std::size_t kMaxField = 512;  // of a record's own fields; the record itself is kept whole

// The members of an object that anything above asks for, found in one pass over it.
class Members {
 public:
  explicit Members(object item) {
    for (const auto member : item) {
      const auto found = places().find(member.key);
      if (found != places().end()) values_[found->second] = member.value;
    }
  }

  std::optional<element> at(std::string_view path) const {
    if (const auto whole = places().find(path); whole != places().end() && values_[whole->second])
      return values_[whole->second];
    for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
      const auto head = places().find(path.substr(0, dot));
      if (head == places().end() || !values_[head->second]) continue;
      if (const auto found = inside(*values_[head->second], path.substr(dot + 1))) return found;
    }
    return std::nullopt;
  }

 private:
  using Places = std::unordered_map<std::string_view, std::size_t>;

  // Every path, and every name that a path may begin with.
  static const Places& places() {
    static const Places made = [] {
      Places all;
      const auto add = [&all](std::span<const std::string_view> paths) {
        for (const auto path : paths) {
          for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1))
            all.emplace(path.substr(0, dot), all.size());
          all.emplace(path, all.size());
        }
      };
      for (const auto paths : {detect::event_time_paths(),
                               {kUserPaths},
                               {kAddressPaths},
                               {kHostPaths},
                               {kTypePaths},
                               {kOwnSource},
                               {kOwnType},
                               {kOwnUser},
                               {kOwnAddress},
                               {kOwnResource},
                               {kOwnMessage}})
        add(paths);
      return all;
    }();
    return made;
  }

  static std::optional<element> inside(element outer, std::string_view path) {
    object members;
    element found;
    if (outer.get(members) != simdjson::SUCCESS) return std::nullopt;
    if (members.at_key(path).get(found) == simdjson::SUCCESS) return found;
    for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
      if (members.at_key(path.substr(0, dot)).get(found) != simdjson::SUCCESS) continue;
      if (const auto deeper = inside(found, path.substr(dot + 1))) return deeper;
    }
    return std::nullopt;
  }

  std::vector<std::optional<element>> values_ = std::vector<std::optional<element>>(places().size());
};

class EventReader {
 public:
  EventReader(object item, std::string pointer, EventForm form)
      : members_(item), is_empty_(item.size() == 0), pointer_(std::move(pointer)), form_(form) {}

  Result<model::Event> read(Timestamp now) {
    model::Event event;
    event.received_at = now;
    event.occurred_at = now;
    event.source = text(kOwnSource).value_or("local");
    event.event_type = text(kOwnType).value_or("");
    event.user = text(kOwnUser);
    event.ip = text(kOwnAddress);
    event.resource = text(kOwnResource);
    event.message = text(kOwnMessage).value_or("");
    const bool speaks = !event.message.empty() || !event.event_type.empty();
    read_time(event, speaks || form_ == EventForm::kMessage);
    if (wrong_) return *std::move(wrong_);
    if (!speaks && (form_ == EventForm::kMessage || is_empty_)) {
      return error(ErrorKind::kInvalidInput, "read event", "an event needs a message or an event_type", {},
                   pointer_);
    }
    if (form_ == EventForm::kAnyRecord) read_record(event);
    return event;
  }

 private:
  // A record may have an object where our own events have text: `"user":{"name":…}`.
  std::optional<std::string> text(std::span<const std::string_view> names) {
    for (const auto name : names) {
      const auto found = members_.at(name);
      if (!found || found->is_null()) continue;
      std::string_view value;
      if (found->get(value) == simdjson::SUCCESS) return std::string(value);
      const bool is_record = form_ == EventForm::kAnyRecord && (found->is_object() || found->is_array());
      if (!is_record) fail(names.front(), "must be text");
      return {};
    }
    return {};
  }

  // A time that a person wrote wrong is refused; a record's is as it is, and others may be read.
  void read_time(model::Event& event, bool strict) {
    for (const auto path : detect::event_time_paths()) {
      const auto given = members_.at(path);
      if (!given || given->is_null()) continue;
      const bool own = path == "timestamp" || path == "ts" || path == "time";
      const auto time = detect::time_of(*given);
      if (time) event.occurred_at = *time;
      if (!time && own && strict) fail("timestamp", "is not a time");
      if (time || (own && strict)) return;
    }
  }

  void read_record(model::Event& event) const {
    if (!event.user) event.user = field(kUserPaths);
    if (!event.ip) event.ip = field(kAddressPaths);
    if (!event.resource) event.resource = field(kHostPaths);
    if (event.event_type.empty()) event.event_type = field(kTypePaths).value_or("");
  }

  std::optional<std::string> field(std::span<const std::string_view> paths) const {
    for (const auto path : paths) {
      const auto found = members_.at(path);
      if (!found) continue;
      std::string_view value;
      std::int64_t number = 0;
      if (found->get(value) == simdjson::SUCCESS && says_something(value)) return std::string(value);
      if (found->get(number) == simdjson::SUCCESS) return std::to_string(number);
    }
    return {};
  }

  static bool says_something(std::string_view text) {
    return !text.empty() && text != "-" && text.size() <= kMaxField;
  }

  void fail(std::string_view name, std::string_view what) {
    wrong_ = error(ErrorKind::kInvalidInput, "read event", std::string(name) + " " + std::string(what), {},
                   pointer_ + "/" + std::string(name));
  }

  const Members members_;
  const bool is_empty_;
  std::string pointer_;
  const EventForm form_;
  std::optional<Error> wrong_;
};

Error no_object(std::string pointer) {
  return error(ErrorKind::kInvalidInput, "read event", "an event must be a JSON object", {},
               std::move(pointer));
}

// Reads items one after the other, with the memory of the one before.
class ItemReader {
 public:
  Result<model::Event> read(const std::string& text, std::string pointer, EventForm form, Timestamp now) {
    element root;
    auto failed = parse(text).get(root);
    std::string raw = text;
    if (failed == simdjson::NUMBER_ERROR) {
      raw = ingest::quote_huge_numbers(text);  // so that rules read the record whatever its numbers
      failed = parse(raw).get(root);
    }
    object item;
    if (failed != simdjson::SUCCESS || root.get(item) != simdjson::SUCCESS)
      return no_object(std::move(pointer));
    TOCSIN_TRY(event, EventReader(item, std::move(pointer), form).read(now));
    event.raw = std::move(raw);
    return event;
  }

 private:
  static constexpr std::size_t kUsualBytes = 64 * 1024;
  static constexpr std::size_t kMaxDepth = 64;

  simdjson::simdjson_result<element> parse(const std::string& text) {
    padded_.assign(text);
    padded_.append(simdjson::SIMDJSON_PADDING, ' ');
    if (text.size() > parser_.capacity()) {
      if (const auto failed = parser_.allocate(std::max(text.size(), kUsualBytes), kMaxDepth);
          failed != simdjson::SUCCESS)
        return failed;
    }
    return parser_.parse(padded_.data(), text.size(), false);
  }

  simdjson::dom::parser parser_;
  std::string padded_;
};

std::string metadata_of(const model::Event& event) {
  boost::system::error_code failed;
  const auto raw = boost::json::parse(event.raw, failed);
  const auto* fields = failed ? nullptr : raw.if_object();
  const auto* metadata = fields == nullptr ? nullptr : fields->if_contains("metadata");
  return metadata != nullptr && metadata->is_object() ? boost::json::serialize(*metadata) : "{}";
}

void write_event(JsonWriter& json, const model::Event& event) {
  json.object([&] {
    json.member("timestamp", event.occurred_at);
    json.member("source", event.source);
    json.member("event_type", event.event_type);
    json.member("user", event.user);
    json.member("ip", event.ip);
    json.member("resource", event.resource);
    json.member("message", event.message);
    json.key("metadata");
    json.raw(metadata_of(event));
  });
}

std::string_view blocked_by(model::Severity severity, bool auto_respond) {
  if (!auto_respond) return "automatic response was not asked for";
  if (severity < model::Severity::kHigh)
    return "policy: only high and critical findings may be answered automatically";
  return "no connector can execute actions; an analyst must act";
}

void write_finding(JsonWriter& json, const EventDesk::Judged& judged, bool auto_respond) {
  const auto& finding = judged.finding;
  json.object([&] {
    json.member("id", finding.id);
    json.member("title", finding.title);
    json.member("reason", finding.reason);
    json.member("severity", to_text(finding.severity));
    json.member("score", finding.score);
    json.member("event", [&] { write_event(json, *finding.event); });
    json.member("suggested_actions", [&] {
      json.array([&] {
        for (const auto action : finding.suggested_actions) json.value(action);
      });
    });
    json.member("auto_response_performed", false);
    json.member("auto_response_blocked_by", blocked_by(finding.severity, auto_respond));
    json.member("alert_id", judged.alert_id);
  });
}

}  // namespace

EventBatch read_events(const std::vector<EventItem>& items, std::string_view base, EventForm form,
                       Timestamp now) {
  EventBatch batch;
  batch.events.reserve(items.size());
  ItemReader reader;
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto event = reader.read(items[i].text, std::string(base) + "/" + std::to_string(i), form, now);
    if (event) {
      batch.events.push_back(*std::move(event));
      batch.indexes.push_back(i);
    } else {
      batch.rejected.push_back({i, event.error().message, event.error().where, {}});
    }
  }
  return batch;
}

std::string findings_json(const std::vector<EventDesk::Judged>& findings, bool auto_respond) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("findings", [&] {
      json.array([&] {
        for (const auto& judged : findings) write_finding(json, judged, auto_respond);
      });
    });
  });
  return out;
}

}  // namespace tocsin::api
