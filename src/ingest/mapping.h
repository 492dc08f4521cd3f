#pragma once
// Sources that an organisation defines without C++: a YAML file says where each field stands.
// docs/mappings.md shows the format. A mapping is immutable after it was read; any number of threads may use
// it.

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ingest/ingest.h"
#include "ingest/json.h"
#include "ingest/paths.h"

namespace tocsin::ingest {

enum class Transform { kNone, kLower, kUpper, kBaseName, kWithoutDomain, kUrlHost };

struct MappedPath {
  std::string path;
  Transform transform = Transform::kNone;
};
using MappedPaths = std::vector<MappedPath>;  // the first that says something counts

struct MappedEntity {
  MappedPath from;
  model::EntityKind kind = model::EntityKind::kHost;
  model::EntityRole role = model::EntityRole::kRelated;
  Standing standing = Standing::kOwn;
};

struct Mapping {
  std::string source;
  std::string records;  // path of the list inside the body; empty: the object itself
  model::RecordKind kind = model::RecordKind::kAlert;
  MappedPaths title, id, time, message, type, rule, url, status, verdict, command_line, parent_process,
      severity;
  std::map<std::string, model::Severity, std::less<>> severities;  // by the vendor's word in lower case
  model::Severity default_severity = model::Severity::kMedium;
  MappedPaths techniques, tactics, tags, mine;  // all of these count
  std::vector<MappedEntity> entities;
};

// kInvalidSyntax or kInvalidInput with FILE:LINE:COL in `where` and what to do in `hint`.
Result<Mapping> parse_mapping(std::string_view yaml, std::string_view file_name);

// Bodies as `normalise` reads them: an object, an array, objects one after the other.
Result<Normalised> normalise(const Mapping& mapping, std::string_view body, const Options& options);

// One object of such a body; for the frame in ingest.cpp.
class Output;
void read_mapped(const Mapping& mapping, const Node& object, Output& out);

// All mappings of a directory (*.yaml, *.yml), and what was wrong with the others.
struct Mappings {
  std::vector<Mapping> list;
  std::vector<Error> faults;
  const Mapping* find(std::string_view source) const;
};
// A directory that is not there holds none. A name that a built-in source or an earlier file has is a fault.
Mappings load_mappings(const std::filesystem::path& directory);

}  // namespace tocsin::ingest
