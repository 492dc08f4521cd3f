// A syslog message that is nobody's alert: one event. docs/syslog.md says what is read from where.

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

void fill(const SyslogMessage& message, AlertDraft& draft) {
  if (const auto severity = message.severity()) {
    draft.severity(kSeverities[static_cast<std::size_t>(*severity)]);
  }
  draft.occurred_at(message.time);
  draft.entity(EntityKind::kHost, message.host, EntityRole::kTarget);
  const auto type = slug(message.app);
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

// Last among the text readers: anything with a priority is syslog.
bool is_syslog_line(std::string_view line) {
  return line.starts_with('<') && read_syslog(line, {}).priority.has_value();
}

void read_syslog_line(std::string_view line, Output& out) {
  const auto message = read_syslog(line, {out.options().now, out.options().zone});
  out.add_text(model::RecordKind::kEvent, [&](AlertDraft& draft) { fill(message, draft); });
}

bool is_syslog_object(const Node&) {
  return false;  // an object is some vendor's, or generic
}

void read_syslog_object(const Node& object, Output& out) {
  out.add(model::RecordKind::kEvent, [&](AlertDraft& draft) {
    draft.occurred_at(read_time(object.any({"@timestamp", "timestamp", "time", "ts"})));
    draft.entity(EntityKind::kHost, object.any({"host", "hostname"}).scalar(), EntityRole::kTarget);
    draft.type("json_log");
    draft.title(text_of(object));
    draft.message(text_of(object));
  });
}

}  // namespace tocsin::ingest
