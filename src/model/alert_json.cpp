#include "model/alert_json.h"

#include "base/json_text.h"

namespace tocsin::model {
namespace {

// Appends members one after the other; the caller opens and closes the braces.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }
  void close() { out_ += '}'; }

  std::string& key(std::string_view quoted_key) {
    if (!first_) out_ += ',';
    first_ = false;
    out_ += quoted_key;
    return out_;
  }
  void text(std::string_view quoted_key, std::string_view value) {
    append_json_string(key(quoted_key), value);
  }
  void optional_text(std::string_view quoted_key, const std::optional<std::string>& value) {
    auto& out = key(quoted_key);
    if (value) {
      append_json_string(out, *value);
    } else {
      out += "null";
    }
  }
  // For texts of ours that need no escaping.
  void name(std::string_view quoted_key, std::string_view value) {
    auto& out = key(quoted_key);
    out += '"';
    out += value;
    out += '"';
  }
  void time(std::string_view quoted_key, Timestamp value) {
    auto& out = key(quoted_key);
    out += '"';
    append_rfc3339(out, value);
    out += '"';
  }
  template <class Number>
  void number(std::string_view quoted_key, Number value) {
    append_json_number(key(quoted_key), value);
  }
  void boolean(std::string_view quoted_key, bool value) { key(quoted_key) += value ? "true" : "false"; }

  template <class Range, class AppendOne>
  void array(std::string_view quoted_key, const Range& range, AppendOne append_one) {
    auto& out = key(quoted_key);
    char separator = '[';
    for (const auto& item : range) {
      out += separator;
      separator = ',';
      append_one(out, item);
    }
    out += separator == '[' ? "[]" : "]";
  }

 private:
  std::string& out_;
  bool first_ = true;
};

void append_entity(std::string& out, const Entity& entity) {
  ObjectWriter object(out);
  object.name("\"kind\":", to_text(entity.kind));
  object.text("\"value\":", entity.value);
  object.name("\"role\":", to_text(entity.role));
  object.close();
}

void append_ioc(std::string& out, const Ioc& ioc) {
  ObjectWriter object(out);
  object.name("\"kind\":", to_text(ioc.kind));
  object.text("\"value\":", ioc.value);
  object.close();
}

void append_attack(std::string& out, const Attack& attack) {
  ObjectWriter object(out);
  object.array("\"techniques\":", attack.techniques, append_json_string);
  object.array("\"tactics\":", attack.tactics, append_json_string);
  object.close();
}

void append_reason(std::string& out, const Reason& reason) {
  ObjectWriter object(out);
  object.text("\"text\":", reason.text);
  object.number("\"weight\":", reason.weight);
  object.array("\"evidence\":", reason.evidence, append_json_string);
  object.close();
}

void append_triage(std::string& out, const Alert& alert) {
  const auto& triage = alert.triage;
  ObjectWriter object(out);
  object.name("\"verdict\":", to_text(triage.verdict));
  object.name("\"suggested_verdict\":",
              to_text(suggested_verdict(alert.severity, triage.fp_probability, triage.confidence)));
  object.number("\"fp_probability\":", triage.fp_probability);
  object.number("\"confidence\":", triage.confidence);
  object.array("\"reasons\":", triage.reasons, append_reason);
  object.close();
}

void append_process(std::string& out, const Process& process) {
  ObjectWriter object(out);
  object.optional_text("\"command_line\":", process.command_line);
  object.optional_text("\"parent\":", process.parent);
  object.optional_text("\"hash\":", process.hash);
  object.close();
}

void append_fact(std::string& out, const Fact& fact) {
  ObjectWriter object(out);
  object.text("\"name\":", fact.name);
  object.text("\"value\":", fact.value);
  object.text("\"from\":", fact.from);
  object.time("\"as_of\":", fact.as_of);
  object.text("\"subject\":", fact.subject);
  object.time("\"at\":", fact.at);
  object.close();
}

void append_identity(ObjectWriter& object, const Alert& alert) {
  object.text("\"id\":", alert.id.str());
  object.text("\"source\":", alert.source);
  object.optional_text("\"source_id\":", alert.source_id);
  object.text("\"type\":", alert.type);
  object.text("\"title\":", alert.title);
  object.text("\"message\":", alert.message);
  object.name("\"severity\":", to_text(alert.severity));
  object.time("\"occurred_at\":", alert.occurred_at);
  object.time("\"received_at\":", alert.received_at);
  object.name("\"status\":", to_text(alert.status));
}

void append_findings(ObjectWriter& object, const Alert& alert) {
  object.array("\"entities\":", alert.entities, append_entity);
  object.array("\"iocs\":", alert.iocs, append_ioc);
  append_attack(object.key("\"attack\":"), alert.attack);
  object.name("\"asset_tier\":", to_text(alert.asset_tier));
  object.text("\"fingerprint\":", alert.fingerprint);
  object.number("\"occurrences\":", alert.occurrences);
  object.time("\"first_seen\":", alert.first_seen);
  object.time("\"last_seen\":", alert.last_seen);
  auto& out = object.key("\"incident_id\":");
  if (alert.incident_id) {
    append_json_string(out, alert.incident_id->str());
  } else {
    out += "null";
  }
  object.number("\"priority\":", std::int64_t{alert.priority});
  object.boolean("\"requires_review\":", alert.requires_review);
  append_triage(object.key("\"triage\":"), alert);
}

void append_context(ObjectWriter& object, const Alert& alert) {
  object.optional_text("\"source_url\":", alert.source_url);
  object.optional_text("\"vendor_status\":", alert.vendor_status);
  object.optional_text("\"vendor_verdict\":", alert.vendor_verdict);
  object.array("\"tags\":", alert.tags, append_json_string);
  append_process(object.key("\"process\":"), alert.process);
  object.array("\"facts\":", alert.facts, append_fact);
  object.optional_text("\"assignee\":", alert.assignee);
  object.optional_text("\"close_reason\":", alert.close_reason);
  object.text("\"tlp\":", alert.tlp);
}

void append_members(ObjectWriter& object, const Alert& alert, bool with_raw) {
  append_identity(object, alert);
  append_findings(object, alert);
  append_context(object, alert);
  if (with_raw) object.key("\"raw\":") += alert.raw.empty() ? std::string_view("null") : alert.raw;
  object.close();
}

}  // namespace

void append_alert_json(std::string& out, const Alert& alert, bool with_raw) {
  ObjectWriter object(out);
  append_members(object, alert, with_raw);
}

void append_record_json(std::string& out, RecordKind kind, const Alert& alert, bool with_raw) {
  ObjectWriter object(out);
  object.name("\"kind\":", to_text(kind));
  append_members(object, alert, with_raw);
}

}  // namespace tocsin::model
