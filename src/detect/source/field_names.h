#pragma once
// Under which paths of an event's JSON the fields stand that Sigma rules name.
//
// A path is member names with dots between; `*` stands for any member. An object inside an object and a
// member whose name has a dot in it are the same path, so `{"process":{"pid":1}}` and `{"process.pid":1}`
// read alike.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::detect {

using Paths = std::vector<std::string>;                         // the first that has a value counts
using PathsByName = std::map<std::string, Paths, std::less<>>;  // by Sigma's name

// How a kind of JSON is built: flat, evtx-dump, ECS, OCSF.
struct Shape {
  std::string name;
  Paths roots{""};  // objects that hold the fields which `fields` does not list; "" is the event itself
  PathsByName fields;
};

// What a log source calls the fields that Sigma has another name for.
struct SourceNames {
  PathsByName fields;          // names inside the shape's roots
  bool ignore_blanks = false;  // Windows Defender writes "Threat Name" where rules say ThreatName

  bool operator==(const SourceNames&) const = default;
};

// All paths of a field, in the order in which they count.
Paths paths_of(std::string_view field, const Shape& shape, const SourceNames& source);

}  // namespace tocsin::detect
