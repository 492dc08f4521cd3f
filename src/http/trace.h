#pragma once
// Trace ids, W3C Trace Context §3.2.

#include <string>
#include <string_view>

namespace tocsin::http {

// 32 lower-case hex digits, random. Thread-safe. Not a secret.
std::string make_trace_id();

// The trace id of a valid `traceparent` ("00-<32 hex>-<16 hex>-<2 hex>", not all zero), else a new one.
std::string trace_id_from(std::string_view traceparent);

}  // namespace tocsin::http
