#pragma once
// The client as the settings `outbound.*` have it.

#include "config/config.h"
#include "outbound/outbound.h"

namespace tocsin::outbound {

// kInvalidInput names the entry that is wrong.
Result<Options> client_options(const config::Settings& settings);

}  // namespace tocsin::outbound
