// A syslog message that is nobody's alert: one event. docs/syslog.md says what is read from where.

#include "ingest/log_lines/log_lines.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/syslog_message.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::Severity;

// RFC 5424 §6.2.1, emergency to debug.
constexpr Severity kSeverities[] = {Severity::kCritical, Severity::kCritical, Severity::kHigh,
                                    Severity::kMedium,   Severity::kLow,      Severity::kInfo,
                                    Severity::kInfo,     Severity::kInfo};

// The header under ECS' names ("log.syslog"), then what the line was taken apart into.
Fields fields_of(const SyslogMessage& message, const LogLine* line) {
  Fields fields;
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) fields.add(name, value);
  };
  if (message.priority) {
    fields.add_own("log.syslog.facility.code", std::to_string(*message.priority / 8));
    fields.add_own("log.syslog.severity.code", std::to_string(*message.priority % 8));
  }
  add("log.syslog.hostname", message.host);
  add("log.syslog.appname", message.app);
  add("log.syslog.procid", message.process_id);
  add("log.syslog.msgid", message.message_id);
  add("log.syslog.structured_data", message.structured_data);
  add("message", trim(message.text));
  if (line != nullptr) {
    for (const auto& [name, value] : line->fields.all()) fields.add(name, value);
  }
  return fields;
}

void fill_from(const LogLine& line, AlertDraft& draft) {
  draft.occurred_at(line.time);
  draft.entity(EntityKind::kIp, line.fields["source.ip"], EntityRole::kSource);
  draft.entity(EntityKind::kUser, line.fields.any({"user.name", "acct", "AUID"}), EntityRole::kActor);
}

void fill(const SyslogMessage& message, const LogLine* line, AlertDraft& draft) {
  if (const auto severity = message.severity()) {
    draft.severity(kSeverities[static_cast<std::size_t>(*severity)]);
  }
  draft.occurred_at(message.time);
  draft.entity(EntityKind::kHost, message.host, EntityRole::kTarget);
  if (line != nullptr) fill_from(*line, draft);
  const auto type = line != nullptr ? std::string(line->type) : slug(message.app);
  draft.type(type.empty() ? "syslog" : type);
  const auto text = trim(message.text);
  draft.title(text.empty() ? "(no text)" : text);
  draft.message(text);
}

// What a program calls its own words in JSON.
std::string_view text_of(const Node& object) {
  return object.any({"message", "msg", "MESSAGE", "log", "event", "short_message"}).text();
}

}  // namespace

// Last among the text readers: anything with a priority is syslog, and so are lines of logs that are known
// without a header.
bool is_syslog_line(std::string_view line) {
  if (line.starts_with('<') && read_syslog(line, {}).priority) return true;
  return read_log_line({}, line).has_value();
}

void read_syslog_line(std::string_view line, Output& out) {
  const auto message = read_syslog(line, {out.options().now, out.options().zone});
  const auto log = read_log_line(message.app, trim(message.text));
  const auto* known = log ? &*log : nullptr;
  const auto fields = fields_of(message, known);
  out.add_line(model::RecordKind::kEvent, fields, [&](AlertDraft& draft) { fill(message, known, draft); });
}

bool is_syslog_object(const Node&) {
  return false;  // an object is some vendor's, or generic
}

// Also what read_syslog_line made of a line, so that an alert of it names what the line names.
void read_syslog_object(const Node& object, Output& out) {
  const auto original = object["event.original"].text();
  const auto header =
      original.empty() ? SyslogMessage{} : read_syslog(original, {out.options().now, out.options().zone});
  const auto log = read_log_line(header.app, trim(original.empty() ? text_of(object) : header.text));
  out.add(model::RecordKind::kEvent, [&](AlertDraft& draft) {
    if (!original.empty()) return fill(header, log ? &*log : nullptr, draft);
    if (log) fill_from(*log, draft);
    draft.occurred_at(read_time(object.any({"@timestamp", "timestamp", "time", "ts"})));
    draft.entity(EntityKind::kHost, object.any({"host", "hostname"}).scalar(), EntityRole::kTarget);
    draft.type("json_log");
    draft.title(text_of(object));
    draft.message(text_of(object));
  });
}

}  // namespace tocsin::ingest
