#include "api/dto/event_dto.h"

#include "api/json_writer.h"

namespace tocsin::api {
namespace {

using boost::json::object;
using boost::json::value;

const value* first_of(const object& item, std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    if (const auto* found = item.if_contains(name); found != nullptr && !found->is_null()) return found;
  }
  return nullptr;
}

std::optional<Timestamp> time_of(const value& given) {
  if (given.is_string()) return parse_time(given.get_string());
  if (given.is_int64()) return time_from_epoch(given.get_int64());
  if (given.is_double()) return time_from_epoch(given.get_double());
  return {};
}

class EventReader {
 public:
  EventReader(const object& item, std::string pointer) : item_(item), pointer_(std::move(pointer)) {}

  Result<model::Event> read(Timestamp now) {
    model::Event event;
    event.received_at = now;
    event.occurred_at = now;
    event.source = text({"source"}).value_or("local");
    event.event_type = text({"event_type", "type"}).value_or("");
    event.user = text({"user", "username"});
    event.ip = text({"ip", "source_ip", "src_ip"});
    event.resource = text({"resource", "host", "hostname"});
    event.message = text({"message"}).value_or("");
    if (const auto* given = first_of(item_, {"timestamp", "ts", "time"})) {
      const auto time = time_of(*given);
      if (!time) fail("timestamp", "is not a time");
      event.occurred_at = time.value_or(now);
    }
    if (wrong_) return *std::move(wrong_);
    if (event.message.empty() && event.event_type.empty()) {
      return error(ErrorKind::kInvalidInput, "read event", "an event needs a message or an event_type", {},
                   pointer_);
    }
    event.raw = boost::json::serialize(item_);
    return event;
  }

 private:
  std::optional<std::string> text(std::initializer_list<std::string_view> names) {
    const auto* found = first_of(item_, names);
    if (found == nullptr) return {};
    if (found->is_string()) return std::string(found->get_string());
    fail(*names.begin(), "must be text");
    return {};
  }

  void fail(std::string_view name, std::string_view what) {
    wrong_ = error(ErrorKind::kInvalidInput, "read event", std::string(name) + " " + std::string(what), {},
                   pointer_ + "/" + std::string(name));
  }

  const object& item_;
  std::string pointer_;
  std::optional<Error> wrong_;
};

Result<model::Event> read_event(const value& item, std::string pointer, Timestamp now) {
  const auto* fields = item.if_object();
  if (fields == nullptr) {
    return error(ErrorKind::kInvalidInput, "read event", "an event must be a JSON object", {},
                 std::move(pointer));
  }
  return EventReader(*fields, std::move(pointer)).read(now);
}

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
    json.member("event", [&] { write_event(json, finding.event); });
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

EventBatch read_events(const std::vector<EventItem>& items, std::string_view base, Timestamp now) {
  EventBatch batch;
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto event = read_event(items[i].value, std::string(base) + "/" + std::to_string(i), now);
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
