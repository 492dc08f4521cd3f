#pragma once
// CONTRACT §3's Alert object as text and back: the API's answers, `normalize`, exports and the store's
// documents. Two members more than the contract lists: `requires_review` after `priority`, because lists
// filter by it, and `triage.suggested_verdict`, which is derived and not read back.

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/alert.h"

namespace tocsin::model {

// Appends one line of JSON. Members stand in the contract's order, `raw` last; `raw` is left out unless asked
// for, and null when the alert has none. Times carry milliseconds. Valid UTF-8 whatever the alert's text
// holds, provided that alert.raw is itself valid JSON, as its type says.
void append_alert_json(std::string& out, const Alert& alert, bool with_raw);

// The object from "kind" on for `normalize`, same members, with `"kind":"alert|event|intel"` first.
void append_record_json(std::string& out, RecordKind kind, const Alert& alert, bool with_raw);

// Reads what append_alert_json wrote, and only that: it relies on `raw` standing last and copies it unread.
// Members may be missing (older documents) and unknown ones are passed over; kInvalidSyntax or kInvalidInput
// otherwise. Thread-safe.
Result<Alert> parse_alert_json(std::string_view text);

}  // namespace tocsin::model
