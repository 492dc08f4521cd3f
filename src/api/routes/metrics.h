#pragma once
// Prometheus text of what the API knows; the other parts append theirs (Site::more_metrics).

#include <string>

#include "api/context.h"

namespace tocsin::api {

Result<std::string> metrics_text(Context& context);

}  // namespace tocsin::api
