#pragma once
// Which verb (model/access.h) an operation needs: `x-verb` of api/openapi.yaml, compiled in.

#include <optional>
#include <string_view>

#include "http/http.h"
#include "model/access.h"

namespace tocsin::api {

// `pattern` as the router knows it. HEAD is judged as GET. Absent: the document has no such operation.
std::optional<model::Verb> verb_of(http::Method method, std::string_view pattern);

}  // namespace tocsin::api
