#include "api/dto/event_dto.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <optional>
#include <span>
#include <vector>

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

// A path, and where the values of the names are kept that it may begin with: `user.name` is a member of that
// name, or `name` in the member `user`.
struct Path {
  struct Split {
    std::size_t head = 0;
    std::string_view rest;
  };
  std::string_view text;
  std::size_t whole = 0;
  std::vector<Split> splits;
};

// A place for each name that a path may begin with. Looked up by length: a record has many names, and few are
// as long as one of these.
class Names {
 public:
  std::size_t size() const { return size_; }

  std::optional<std::size_t> place_of(std::string_view name) const {
    if (name.size() >= by_length_.size()) return std::nullopt;
    for (const auto& known : by_length_[name.size()]) {
      if (known.name == name) return known.place;
    }
    return std::nullopt;
  }

  std::vector<Path> add(std::span<const std::string_view> texts) {
    std::vector<Path> paths;
    for (const auto text : texts) {
      Path path{text, add(text), {}};
      for (auto dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.', dot + 1))
        path.splits.push_back({add(text.substr(0, dot)), text.substr(dot + 1)});
      paths.push_back(std::move(path));
    }
    return paths;
  }

 private:
  struct Known {
    std::string_view name;
    std::size_t place = 0;
  };

  std::size_t add(std::string_view name) {
    if (const auto place = place_of(name)) return *place;
    if (name.size() >= by_length_.size()) by_length_.resize(name.size() + 1);
    by_length_[name.size()].push_back({name, size_});
    return size_++;
  }

  std::vector<std::vector<Known>> by_length_;
  std::size_t size_ = 0;
};

struct Wanted {
  Names names{};
  std::vector<Path> times = names.add(detect::event_time_paths());
  std::vector<Path> user = names.add(kUserPaths);
  std::vector<Path> address = names.add(kAddressPaths);
  std::vector<Path> host = names.add(kHostPaths);
  std::vector<Path> type = names.add(kTypePaths);
  std::vector<Path> own_source = names.add(kOwnSource);
  std::vector<Path> own_type = names.add(kOwnType);
  std::vector<Path> own_user = names.add(kOwnUser);
  std::vector<Path> own_address = names.add(kOwnAddress);
  std::vector<Path> own_resource = names.add(kOwnResource);
  std::vector<Path> own_message = names.add(kOwnMessage);
};

const Wanted& wanted() {
  static const Wanted made;
  return made;
}

// The members of an object that are wanted, found in one pass over it.
class Members {
 public:
  explicit Members(object item) : values_(wanted().names.size()) {
    for (const auto member : item) {
      if (const auto place = wanted().names.place_of(member.key)) values_[*place] = member.value;
    }
  }

  std::optional<element> at(const Path& path) const {
    if (values_[path.whole]) return values_[path.whole];
    for (const auto& split : path.splits) {
      if (!values_[split.head]) continue;
      if (const auto found = inside(*values_[split.head], split.rest)) return found;
    }
    return std::nullopt;
  }

 private:
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

  std::vector<std::optional<element>> values_;
};

class EventReader {
 public:
  EventReader(object item, std::string pointer, EventForm form)
      : members_(item), is_empty_(item.size() == 0), pointer_(std::move(pointer)), form_(form) {}

  Result<model::Event> read(Timestamp now) {
    model::Event event;
    event.received_at = now;
    event.occurred_at = now;
    event.source = text(wanted().own_source).value_or("local");
    event.event_type = text(wanted().own_type).value_or("");
    event.user = text(wanted().own_user);
    event.ip = text(wanted().own_address);
    event.resource = text(wanted().own_resource);
    event.message = text(wanted().own_message).value_or("");
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
  std::optional<std::string> text(const std::vector<Path>& names) {
    for (const auto& name : names) {
      const auto found = members_.at(name);
      if (!found || found->is_null()) continue;
      std::string_view value;
      if (found->get(value) == simdjson::SUCCESS) return std::string(value);
      const bool is_record = form_ == EventForm::kAnyRecord && (found->is_object() || found->is_array());
      if (!is_record) fail(names.front().text, "must be text");
      return {};
    }
    return {};
  }

  // A time that a person wrote wrong is refused; a record's is as it is, and others may be read.
  void read_time(model::Event& event, bool strict) {
    for (const auto& path : wanted().times) {
      const auto given = members_.at(path);
      if (!given || given->is_null()) continue;
      const bool own = path.text == "timestamp" || path.text == "ts" || path.text == "time";
      const auto time = detect::time_of(*given);
      if (time) event.occurred_at = *time;
      if (!time && own && strict) fail("timestamp", "is not a time");
      if (time || (own && strict)) return;
    }
  }

  void read_record(model::Event& event) const {
    if (!event.user) event.user = field(wanted().user);
    if (!event.ip) event.ip = field(wanted().address);
    if (!event.resource) event.resource = field(wanted().host);
    if (event.event_type.empty()) event.event_type = field(wanted().type).value_or("");
  }

  std::optional<std::string> field(const std::vector<Path>& paths) const {
    for (const auto& path : paths) {
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
  Result<model::Event> read(std::string_view text, std::string pointer, EventForm form, Timestamp now) {
    element root;
    auto failed = parse(text).get(root);
    std::string raw;
    if (failed == simdjson::NUMBER_ERROR) {
      raw = ingest::quote_huge_numbers(text);  // so that rules read the record whatever its numbers
      failed = parse(raw).get(root);
    }
    object item;
    if (failed != simdjson::SUCCESS || root.get(item) != simdjson::SUCCESS)
      return no_object(std::move(pointer));
    TOCSIN_TRY(event, EventReader(item, std::move(pointer), form).read(now));
    event.raw = raw.empty() ? std::string(text) : std::move(raw);
    return event;
  }

 private:
  static constexpr std::size_t kUsualBytes = 64 * 1024;
  static constexpr std::size_t kMaxDepth = 64;

  simdjson::simdjson_result<element> parse(std::string_view text) {
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
