#pragma once
// A finding as an alert, with what its event's own fields say: hosts, accounts, addresses, indicators, the
// process. The normaliser of the event's source reads them, as it would from a webhook.

#include "detect/finding.h"
#include "model/alert.h"

namespace tocsin::api {

model::Alert alert_of(const detect::Finding& finding, Timestamp now);

}  // namespace tocsin::api
