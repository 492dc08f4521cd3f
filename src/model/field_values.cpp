#include "model/field_values.h"

#include <algorithm>

#include "model/attack.h"

namespace tocsin::model {
namespace {

bool visit_optional(const std::optional<std::string>& text, const TextVisitor& visit) {
  return text && visit(*text);
}

bool any_entity(const Alert& alert, Field field, const TextVisitor& visit) {
  const auto kind = static_cast<EntityKind>(static_cast<int>(field) -
                                            static_cast<int>(Field::kUser));  // unused for kEntity
  return std::any_of(alert.entities.begin(), alert.entities.end(), [&](const Entity& entity) {
    return (field == Field::kEntity || entity.kind == kind) && visit(entity.value);
  });
}

}  // namespace

FieldShape shape_of(Field field) {
  switch (field) {
    case Field::kSeverity:
    case Field::kStatus:
    case Field::kVerdict:
    case Field::kPriority:
    case Field::kRequiresReview:
    case Field::kFirstSeen:
    case Field::kLastSeen:
    case Field::kAge:
    case Field::kAssetTier:
    case Field::kOccurrences:
    case Field::kOccurred:
    case Field::kReceived:
    case Field::kCreated:
    case Field::kUpdated:
    case Field::kAlertCount:
    case Field::kDecided:
      return FieldShape::kInteger;
    case Field::kConfidence:
    case Field::kFpProbability:
    case Field::kRiskScore:
      return FieldShape::kReal;
    default:
      return FieldShape::kText;
  }
}

bool any_text(const Alert& alert, Field field, const TextVisitor& visit) {
  switch (field) {
    case Field::kId:
      return visit(alert.id.str());
    case Field::kSource:
      return visit(alert.source);
    case Field::kSourceId:
      return visit_optional(alert.source_id, visit);
    case Field::kType:
      return visit(alert.type);
    case Field::kTitle:
      return visit(alert.title);
    case Field::kMessage:
      return visit(alert.message);
    case Field::kAssignee:
      return visit_optional(alert.assignee, visit);
    case Field::kCloseReason:
      return visit_optional(alert.close_reason, visit);
    case Field::kFingerprint:
      return visit(alert.fingerprint);
    case Field::kIncident:
      return alert.incident_id && visit(alert.incident_id->str());
    case Field::kTag:
      return std::any_of(alert.tags.begin(), alert.tags.end(), visit);
    case Field::kTechnique:
      return std::any_of(alert.attack.techniques.begin(), alert.attack.techniques.end(), visit);
    case Field::kTactic:
      return std::any_of(alert.attack.tactics.begin(), alert.attack.tactics.end(), visit);
    case Field::kIoc:
      return std::any_of(alert.iocs.begin(), alert.iocs.end(),
                         [&](const Ioc& ioc) { return visit(ioc.value); });
    case Field::kCommandLine:
      return visit_optional(alert.process.command_line, visit);
    default:
      return field >= Field::kEntity && field <= Field::kMac && any_entity(alert, field, visit);
  }
}

bool any_text(const Incident& incident, Field field, const TextVisitor& visit) {
  switch (field) {
    case Field::kId:
      return visit(incident.id.str());
    case Field::kTitle:
      return visit(incident.title);
    case Field::kAssignee:
      return visit_optional(incident.assignee, visit);
    case Field::kCloseReason:
      return visit_optional(incident.close_reason, visit);
    case Field::kTactic:
      for (std::size_t place = 0; place < tactics().size(); ++place) {
        if ((incident.tactics >> place & 1) != 0 && visit(tactics()[place].id)) return true;
      }
      return false;
    default:
      return false;
  }
}

std::optional<std::int64_t> integer_of(const Alert& alert, Field field) {
  switch (field) {
    case Field::kSeverity:
      return static_cast<std::int64_t>(alert.severity);
    case Field::kStatus:
      return static_cast<std::int64_t>(alert.status);
    case Field::kVerdict:
      return static_cast<std::int64_t>(alert.triage.verdict);
    case Field::kPriority:
      return alert.priority;
    case Field::kRequiresReview:
      return alert.requires_review ? 1 : 0;
    case Field::kAssetTier:
      return static_cast<std::int64_t>(alert.asset_tier);
    case Field::kOccurrences:
      return alert.occurrences;
    case Field::kOccurred:
      return to_unix_nanos(alert.occurred_at);
    case Field::kReceived:
      return to_unix_nanos(alert.received_at);
    case Field::kFirstSeen:
      return to_unix_nanos(alert.first_seen);
    case Field::kLastSeen:
      return to_unix_nanos(alert.last_seen);
    default:
      return std::nullopt;
  }
}

std::optional<std::int64_t> integer_of(const Incident& incident, Field field) {
  switch (field) {
    case Field::kSeverity:
      return static_cast<std::int64_t>(incident.severity);
    case Field::kStatus:
      return static_cast<std::int64_t>(incident.status);
    case Field::kVerdict:
      return static_cast<std::int64_t>(incident.verdict);
    case Field::kPriority:
      return incident.priority;
    case Field::kRequiresReview:
      return incident.requires_review ? 1 : 0;
    case Field::kCreated:
      return to_unix_nanos(incident.created_at);
    case Field::kUpdated:
      return to_unix_nanos(incident.updated_at);
    case Field::kFirstSeen:
      return to_unix_nanos(incident.first_seen);
    case Field::kLastSeen:
      return to_unix_nanos(incident.last_seen);
    case Field::kAlertCount:
      return incident.alert_count;
    case Field::kDecided:
      return incident.decided ? 1 : 0;
    default:
      return std::nullopt;
  }
}

std::optional<double> real_of(const Alert& alert, Field field) {
  if (field == Field::kConfidence) return alert.triage.confidence;
  if (field == Field::kFpProbability) return alert.triage.fp_probability;
  return std::nullopt;
}

std::optional<double> real_of(const Incident& incident, Field field) {
  if (field == Field::kConfidence) return incident.confidence;
  if (field == Field::kRiskScore) return incident.risk_score;
  return std::nullopt;
}

}  // namespace tocsin::model
