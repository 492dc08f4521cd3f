#include "base/result.h"

namespace tocsin {

std::string to_string(const Error& error) {
  std::string line = error.op.empty() ? error.message : error.op + ": " + error.message;
  if (!error.where.empty()) line += " (" + error.where + ")";
  if (!error.hint.empty()) line += ". " + error.hint;
  return line;
}

}  // namespace tocsin
