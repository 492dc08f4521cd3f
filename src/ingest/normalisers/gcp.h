#pragma once
// What Google Cloud's audit log, its other logs and Security Command Center have in common.

#include <string_view>

#include "ingest/draft.h"
#include "ingest/json.h"
#include "model/names.h"

namespace tocsin::ingest {

// LogSeverity; findings use LOW, MEDIUM, HIGH, CRITICAL.
model::Severity gcp_severity(std::string_view word, model::Severity otherwise);
// The project in "projects/p/…" or "//cloudresourcemanager.googleapis.com/projects/p"; empty when none.
std::string_view gcp_project_in(std::string_view name);
// "user:a@b", "serviceAccount:…", or the address alone.
void read_gcp_user(std::string_view name, model::EntityRole role, AlertDraft& draft);
// Whom a policy change grants to; they were acted upon. False when nobody in particular ("allUsers", a
// domain): those are tags.
bool read_gcp_members(const Node& deltas, AlertDraft& draft);

// A finding of Security Command Center, alone or beside its resource.
bool is_gcp_finding(const Node& object);
void read_gcp_finding(const Node& object, AlertDraft& draft);

// A LogEntry that is itself a detector's alert: Event Threat Detection's, Cloud IDS'.
bool is_gcp_threat(const Node& entry);
void read_gcp_threat(const Node& entry, AlertDraft& draft);
// Any other LogEntry without an AuditLog: firewall and flow logs, DNS, load balancers, texts.
void read_gcp_log(const Node& entry, AlertDraft& draft);

}  // namespace tocsin::ingest
