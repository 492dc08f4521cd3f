#pragma once
// Does an alert or an incident that is in memory answer to a query? The model knows (model/matcher.h).

#include "model/matcher.h"

namespace tocsin::query {

using model::Matcher;

}  // namespace tocsin::query
