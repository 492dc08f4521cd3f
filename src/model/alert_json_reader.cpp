#include <simdjson.h>

#include <cmath>
#include <cstring>

#include "model/alert_json.h"

namespace tocsin::model {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::string_view kOp = "read stored alert";
constexpr std::string_view kRawKey = ",\"raw\":";
constexpr std::size_t kKeepCapacityBytes = 1 << 20;  // what a thread keeps between calls

// Reads members of one object; remembers the first that has the wrong type.
class MemberReader {
 public:
  MemberReader(const object& from, std::string_view& wrong) : from_(from), wrong_(wrong) {}

  template <class Read>
  void read(std::string_view key, Read read_value) {
    element value;
    if (from_.at_key(key).get(value) || value.is_null()) return;
    if (!read_value(value) && wrong_.empty()) wrong_ = key;
  }
  void text(std::string_view key, std::string& to) {
    read(key, [&](const element& value) {
      std::string_view text;
      if (value.get(text)) return false;
      to = text;
      return true;
    });
  }
  void text(std::string_view key, std::optional<std::string>& to) {
    read(key, [&](const element& value) {
      std::string_view text;
      if (value.get(text)) return false;
      to = std::string(text);
      return true;
    });
  }
  void time(std::string_view key, Timestamp& to) {
    read(key, [&](const element& value) {
      std::string_view text;
      if (value.get(text)) return false;
      const auto parsed = parse_time(text);
      if (parsed) to = *parsed;
      return parsed.has_value();
    });
  }
  template <class Enum, class Parse>
  void name(std::string_view key, Enum& to, Parse parse) {
    read(key, [&](const element& value) {
      std::string_view text;
      if (value.get(text)) return false;
      const auto parsed = parse(text);
      if (parsed) to = *parsed;
      return parsed.has_value();
    });
  }
  void number(std::string_view key, double& to) {
    read(key, [&](const element& value) { return !value.get(to); });
  }
  void number(std::string_view key, std::int64_t& to) {
    read(key, [&](const element& value) { return !value.get(to); });
  }
  void boolean(std::string_view key, bool& to) {
    read(key, [&](const element& value) { return !value.get(to); });
  }
  template <class ReadOne>
  void each(std::string_view key, ReadOne read_one) {
    read(key, [&](const element& value) {
      array items;
      if (value.get(items)) return false;
      for (const element item : items) {
        if (!read_one(item)) return false;
      }
      return true;
    });
  }
  void texts(std::string_view key, std::vector<std::string>& to) {
    each(key, [&](const element& item) {
      std::string_view text;
      if (item.get(text)) return false;
      to.emplace_back(text);
      return true;
    });
  }
  template <class ReadMembers>
  void members(std::string_view key, ReadMembers read_members) {
    read(key, [&](const element& value) { return with_members(value, read_members); });
  }
  template <class ReadMembers>
  bool with_members(const element& value, ReadMembers read_members) {
    object inner;
    if (value.get(inner)) return false;
    MemberReader reader(inner, wrong_);
    read_members(reader);
    return wrong_.empty();
  }
  template <class Value, class ReadMembers>
  void objects(std::string_view key, std::vector<Value>& to, ReadMembers read_members) {
    each(key, [&](const element& item) {
      return with_members(item, [&](MemberReader& reader) { read_members(reader, to.emplace_back()); });
    });
  }

 private:
  const object& from_;
  std::string_view& wrong_;
};

template <class IdType>
void read_id(MemberReader& from, std::string_view key, std::optional<IdType>& to) {
  from.read(key, [&](const element& value) {
    std::string_view text;
    if (value.get(text)) return false;
    to = IdType::parse(text);
    return to.has_value() || text.empty();
  });
}

void read_identity(MemberReader& from, Alert& alert) {
  std::optional<AlertId> id;
  read_id(from, "id", id);
  if (id) alert.id = *id;
  from.text("source", alert.source);
  from.text("source_id", alert.source_id);
  from.text("type", alert.type);
  from.text("title", alert.title);
  from.text("message", alert.message);
  from.name("severity", alert.severity, parse_severity);
  from.time("occurred_at", alert.occurred_at);
  from.time("received_at", alert.received_at);
  from.name("status", alert.status, parse_alert_status);
}

void read_triage(MemberReader& from, Triage& triage) {
  from.name("verdict", triage.verdict, parse_verdict);
  from.number("fp_probability", triage.fp_probability);
  from.number("confidence", triage.confidence);
  from.objects("reasons", triage.reasons, [](MemberReader& reader, Reason& reason) {
    reader.text("text", reason.text);
    reader.number("weight", reason.weight);
    reader.texts("evidence", reason.evidence);
  });
}

void read_findings(MemberReader& from, Alert& alert) {
  from.objects("entities", alert.entities, [](MemberReader& reader, Entity& entity) {
    reader.name("kind", entity.kind, parse_entity_kind);
    reader.text("value", entity.value);
    reader.name("role", entity.role, parse_entity_role);
  });
  from.objects("iocs", alert.iocs, [](MemberReader& reader, Ioc& ioc) {
    reader.name("kind", ioc.kind, parse_ioc_kind);
    reader.text("value", ioc.value);
  });
  from.members("attack", [&](MemberReader& reader) {
    reader.texts("techniques", alert.attack.techniques);
    reader.texts("tactics", alert.attack.tactics);
  });
  from.name("asset_tier", alert.asset_tier, parse_asset_tier);
  from.text("fingerprint", alert.fingerprint);
  from.number("occurrences", alert.occurrences);
  from.time("first_seen", alert.first_seen);
  from.time("last_seen", alert.last_seen);
  read_id(from, "incident_id", alert.incident_id);
  std::int64_t priority = alert.priority;
  from.number("priority", priority);
  alert.priority = static_cast<int>(std::clamp<std::int64_t>(priority, 0, 100));
  from.boolean("requires_review", alert.requires_review);
  from.members("triage", [&](MemberReader& reader) { read_triage(reader, alert.triage); });
}

void read_context(MemberReader& from, Alert& alert) {
  from.text("source_url", alert.source_url);
  from.text("vendor_status", alert.vendor_status);
  from.text("vendor_verdict", alert.vendor_verdict);
  from.texts("tags", alert.tags);
  from.members("process", [&](MemberReader& reader) {
    reader.text("command_line", alert.process.command_line);
    reader.text("parent", alert.process.parent);
    reader.text("hash", alert.process.hash);
  });
  from.objects("facts", alert.facts, [](MemberReader& reader, Fact& fact) {
    reader.text("name", fact.name);
    reader.text("value", fact.value);
    reader.text("from", fact.from);
    reader.time("as_of", fact.as_of);
    reader.text("subject", fact.subject);
    reader.time("at", fact.at);
  });
  from.text("assignee", alert.assignee);
  from.text("close_reason", alert.close_reason);
  from.text("tlp", alert.tlp);
}

// The object without its raw member, ready for the parser, and raw by itself. Quotes inside strings are
// escaped, so the first `,"raw":` is the member's own.
struct Halves {
  std::string head;
  std::string_view raw;
};

Halves split_raw(std::string_view text) {
  const auto at = text.find(kRawKey);
  const bool has_raw = at != std::string_view::npos && text.ends_with('}');
  Halves halves;
  halves.head.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  halves.head = has_raw ? text.substr(0, at) : text;
  if (has_raw) {
    halves.head += '}';
    halves.raw = text.substr(at + kRawKey.size());
    halves.raw.remove_suffix(1);
  }
  return halves;
}

}  // namespace

Result<Alert> parse_alert_json(std::string_view text) {
  thread_local simdjson::dom::parser parser;
  const Halves halves = split_raw(text);
  object root;
  const auto code = parser.parse(halves.head.data(), halves.head.size(), false).get(root);
  if (code) {
    return error(ErrorKind::kInvalidSyntax, std::string(kOp), simdjson::error_message(code));
  }
  Alert alert;
  std::string_view wrong;
  MemberReader reader(root, wrong);
  read_identity(reader, alert);
  read_findings(reader, alert);
  read_context(reader, alert);
  if (parser.capacity() > kKeepCapacityBytes) parser = simdjson::dom::parser();
  if (!wrong.empty()) {
    return error(ErrorKind::kInvalidInput, std::string(kOp), "a member has a value of the wrong kind", {},
                 "/" + std::string(wrong));
  }
  if (halves.raw != "null") alert.raw = halves.raw;
  return alert;
}

}  // namespace tocsin::model
