#pragma once
// Where something stands in a rule file, and the error that points there.

#include <compare>
#include <string>

#include "base/result.h"

namespace tocsin::detect::sigma {

struct Position {
  int line = 1;  // both count from 1, columns in characters
  int column = 1;
  auto operator<=>(const Position&) const = default;
};

// "12:7"
inline std::string to_string(Position at) {
  return std::to_string(at.line) + ':' + std::to_string(at.column);
}

// Why a rule is refused. The loader puts the file before `where`.
inline Error fault(Position at, std::string message, std::string hint = {}) {
  return error(ErrorKind::kInvalidInput, "read Sigma rule", std::move(message), std::move(hint),
               to_string(at));
}

}  // namespace tocsin::detect::sigma
