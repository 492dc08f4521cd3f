#pragma once
// Everything that is known of an incident, gathered for export (export/export.h).

#include "api/context.h"
#include "api/incident_access.h"
#include "export/export.h"

namespace tocsin::api {

inline constexpr std::size_t kExportedAlerts = 2000;
// Raw records beyond this many bytes, together, are left out of an export, and their alerts say so.
inline constexpr std::size_t kExportedRawBytes = 64U << 20;

// The file of ?format= ("pack" … "csv", "zip"; "json" is the API's own). `incident_json` is the incident as
// the API shows it. kInvalidInput for an unknown format.
Result<http::Response> export_as(Context& context, std::string_view format, Loaded loaded,
                                 std::string incident_json);

}  // namespace tocsin::api
