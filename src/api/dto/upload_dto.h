#pragma once
// An upload's report as JSON: what the routes answer and what the desk keeps.

#include <string>
#include <string_view>

#include "api/services.h"

namespace tocsin::api {

std::string upload_json(const UploadReport& report);
// Reads what upload_json wrote; kInvalidSyntax otherwise.
Result<UploadReport> parse_upload(std::string_view text);

}  // namespace tocsin::api
