#pragma once
// The lists of values that templates draw from.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hunt/hunt.h"

namespace tocsin::hunt {

struct ValueList {
  std::vector<std::string> values;  // each once, at most kMaxValues
  std::size_t left_out = 0;         // too many, or longer than 512 bytes
};
using ValueLists = std::map<std::string, ValueList, std::less<>>;  // by the template's name for it

ValueLists value_lists(const Case& incident);

}  // namespace tocsin::hunt
