#pragma once
// What a PATCH body says, made into a change of the store; shared by the single, bulk and feedback routes.

#include "api/body.h"
#include "store/store.h"

namespace tocsin::api {

store::AlertChange read_alert_change(Body& body, std::string_view actor);
store::IncidentChange read_incident_change(Body& body, std::string_view actor);

// kForbidden when the change decides something (verdict, closing, priority, tags, TLP mark) and the caller
// may only triage (status, assignee, notes).
Result<void> check_may_decide(const http::Request& request, const store::AlertChange& change);
Result<void> check_may_decide(const http::Request& request, const store::IncidentChange& change);

// Version that the client believes to change; -1 (which is no version) for text that is none of ours. Absent
// without If-Match and for "*".
std::optional<std::int64_t> if_match(const http::Request& request);
void set_etag(http::Response& response, std::int64_t version);

}  // namespace tocsin::api
