#pragma once
// What a correlator's upsert of incidents writes, for every database: the columns, and what it may change in
// a row that is there. What a person decides (status, verdict, assignee, decided) is only set when it is new.

#include <string_view>

namespace tocsin::store {

constexpr std::string_view kInsertIncidents =
    "INSERT INTO incidents (tenant, seq, id, title, severity, priority, risk_score, confidence, status, "
    "verdict, "
    "assignee, close_reason, created_at, updated_at, first_seen, last_seen, alert_count, lead_alert, "
    "tactics, "
    "requires_review, review_reason, merged_into, decided, version) ";

constexpr std::string_view kUpdateKnownIncidents =
    " ON CONFLICT (tenant, seq) DO UPDATE SET title = excluded.title, severity = excluded.severity, "
    "priority = excluded.priority, risk_score = excluded.risk_score, confidence = excluded.confidence, "
    "updated_at = excluded.updated_at, first_seen = excluded.first_seen, last_seen = excluded.last_seen, "
    "lead_alert = excluded.lead_alert, tactics = excluded.tactics, requires_review = "
    "excluded.requires_review, "
    "review_reason = excluded.review_reason, merged_into = excluded.merged_into, version = incidents.version "
    "+ 1 "
    "WHERE (incidents.title, incidents.severity, incidents.priority, incidents.risk_score, "
    "incidents.confidence, "
    "incidents.first_seen, incidents.last_seen, incidents.lead_alert, incidents.tactics, "
    "incidents.requires_review, incidents.review_reason, incidents.merged_into) IS DISTINCT FROM "
    "(excluded.title, excluded.severity, excluded.priority, excluded.risk_score, excluded.confidence, "
    "excluded.first_seen, excluded.last_seen, excluded.lead_alert, excluded.tactics, "
    "excluded.requires_review, "
    "excluded.review_reason, excluded.merged_into)";

}  // namespace tocsin::store
