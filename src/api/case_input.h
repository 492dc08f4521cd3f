#pragma once
// The alert inside a request that asks for a judgement (S1): an alert input, what a vendor sends, or S1's
// normalised alert with what its sender looked up about it. Nothing is stored.

#include <boost/json.hpp>

#include "base/result.h"
#include "model/alert.h"

namespace tocsin::api {

// kInvalidInput with a pointer below "/alert". ATT&CK is filled where the alert names none; the judgement is
// left to the caller. `enrichment` becomes facts from "request" and the asset's tier.
Result<model::Alert> read_case_alert(const boost::json::object& given, Timestamp now);

}  // namespace tocsin::api
