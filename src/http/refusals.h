#pragma once
// Answers that the server gives by itself.

#include <string>
#include <string_view>

#include "http/http.h"

namespace tocsin::http {

inline Problem refusal(int status, std::string_view title, std::string_view detail,
                       std::string_view hint = {}) {
  return {status, std::string(title), std::string(detail), std::string(hint), {}};
}

inline Problem too_busy(std::string_view detail) {
  return refusal(429, "Too busy", detail,
                 "Send it again after the seconds in Retry-After; nothing was taken.");
}

}  // namespace tocsin::http
