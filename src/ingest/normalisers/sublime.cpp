// Sublime Security: message.flagged webhooks, messages of the API, and messages in the Message Data Model.

#include <array>

#include "ingest/normalisers/normaliser.h"
#include "ingest/paths.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::RecordKind;
using model::Severity;

constexpr auto kEntities = std::to_array<EntityField>({
    {"sender.email", EntityKind::kEmail, EntityRole::kSource, Standing::kReported},
    {"sender.email.email", EntityKind::kEmail, EntityRole::kSource, Standing::kReported},
    {"headers.reply_to.email.email", EntityKind::kEmail, EntityRole::kSource, Standing::kReported},
    {"headers.return_path.email", EntityKind::kEmail, EntityRole::kSource, Standing::kReported},
    {"mailbox.email", EntityKind::kEmail, EntityRole::kTarget},
    {"mailbox.email.email", EntityKind::kEmail, EntityRole::kTarget},
    {"recipients.email", EntityKind::kEmail, EntityRole::kTarget},
    {"recipients.to.email.email", EntityKind::kEmail, EntityRole::kTarget},
    {"recipients.cc.email.email", EntityKind::kEmail, EntityRole::kTarget},
    {"attachments.file_name", EntityKind::kFile, EntityRole::kRelated},
    {"attachments.sha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"attachments.md5", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"body.links.href_url.url", EntityKind::kUrl, EntityRole::kRelated, Standing::kObserved},
    {"headers.hops.received.source.ip", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
});

struct Hint {
  std::string_view words;  // lower case, in a rule's name
  std::string_view technique;
};
constexpr auto kHints = std::to_array<Hint>({{"phishing", "T1566"},
                                             {"html smuggling", "T1027.006"},
                                             {"attachment:", "T1566.001"},
                                             {"link:", "T1566.002"},
                                             {"callback phishing", "T1566"},
                                             {"impersonation", "T1656"},
                                             {"spoof", "T1672"}});

void read_rule(const Node& rule, AlertDraft& draft) {
  const auto name = rule["name"].text();
  draft.title(name);
  draft.tag(name);
  rule["tags"].each([&](const Node& tag) { draft.tag(tag.text()); });
  for (const auto& hint : kHints) {
    if (contains_ignoring_case(name, hint.words)) draft.technique(hint.technique);
  }
}

// The most severe rule decides; rules may have none, then the message's attack score does.
Severity severity_of(const Node& rules, const Node& message) {
  std::optional<Severity> most;
  rules.each([&](const Node& rule) {
    const auto severity = severity_from_word(rule["severity"].text());
    if (severity && (!most || *severity > *most)) most = severity;
  });
  if (most) return *most;
  const auto verdict = message["attack_score_verdict"].text();
  if (verdict == "malicious") return Severity::kHigh;
  return verdict == "likely_benign" || verdict == "benign" ? Severity::kLow : Severity::kMedium;
}

std::string names_of(const Node& rules) {
  std::string names;
  rules.each([&](const Node& rule) {
    if (names.size() < kMaxMessageBytes)
      names += (names.empty() ? "" : "; ") + std::string(rule["name"].text());
  });
  return names;
}

void read_message(const Node& message, const Node& rules, const Node& envelope, AlertDraft& draft) {
  draft.source_id(first_text(message, {"id", "external_id", "_meta.id", "canonical_id"}));
  rules.each([&](const Node& rule) { read_rule(rule, draft); });
  draft.rule(rules.at(0)["id"].text());
  draft.title(first_text(message, {"subject", "subject.subject"}));
  draft.message(names_of(rules));
  draft.type(rules.size() > 0 ? "message_flagged" : "suspicious_email");
  draft.severity(severity_of(rules, message));
  draft.occurred_at(read_time(envelope.any({"created_at", "createdAt"})));
  draft.occurred_at(read_time(message["created_at"]));
  draft.occurred_at(read_time(at_path(message, "_meta.created_at")));
  draft.vendor_verdict(message["attack_score_verdict"].text());
  draft.vendor_status(message["state"].text());
  draft.source_url(first_text(message, {"permalink", "message_url", "url"}));
  read_entities(message, kEntities, draft);
  draft.mine(first_text(message, {"body.current_thread.text", "body.plain.raw"}));
}

bool is_message(const Node& message) {
  return (message["canonical_id"] && message["message_source_id"]) ||
         (message["_meta"].is_object() && message["sender"]["email"].is_object());
}

}  // namespace

bool is_sublime(const Node& object) {
  return object["data"]["flagged_rules"].is_array() || object["flagged_rules"].is_array() ||
         is_message(object["data"]["message"]) || is_message(object);
}

void read_sublime(const Node& object, Output& out) {
  const Node data = object["data"].is_object() ? object["data"] : object;
  const Node message = data["message"].is_object() ? data["message"] : data;
  if (!is_message(message) && !data["flagged_rules"]) {
    return out.reject("neither a flagged message nor a message",
                      "Send the webhook's body (message.flagged) or a message of the API.");
  }
  out.add(RecordKind::kAlert, [&](AlertDraft& draft) {
    read_message(message, data.any({"flagged_rules", "rules"}), object, draft);
  });
}

}  // namespace tocsin::ingest
