#pragma once
// Windows event data as converters of its XML list it, made into members by name, which is how rules ask:
//
//   {"Event":{"EventData":{"Data":[{"@Name":"Image","#text":"C:\\a.exe"}, …]}}}
//   {"EventData":[{"@Name":"Image","#text":"C:\\a.exe"}, …]}
//
// become "EventData":{"Image":"C:\\a.exe", …}. An element without text is an empty one; elements without a
// name stay a list under "Data"; what stands beside them stays.

#include <string>
#include <string_view>

namespace tocsin::detect {

// Appends the event that way. False, and nothing appended, when it lists no event data or cannot be read; for
// most events that costs a search for one character.
bool append_named_data(std::string_view json, std::string& out);

}  // namespace tocsin::detect
