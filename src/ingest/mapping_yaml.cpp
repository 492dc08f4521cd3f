// Mapping files: YAML to values, with the place of everything that is wrong.

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "ingest/mapping.h"
#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

constexpr std::size_t kMaxFileBytes = 256U << 10;
constexpr std::size_t kMaxEntries = 256;
constexpr std::size_t kMaxSourceName = 64;

// Where it went wrong and why; thrown inside this file only, turned into an Error at its edge.
struct Wrong {
  YAML::Mark mark;
  std::string message;
  std::string hint;
};

template <class T>
struct Named {
  std::string_view name;
  T value;
};

constexpr auto kTransforms = std::to_array<Named<Transform>>({{"lower", Transform::kLower},
                                                              {"upper", Transform::kUpper},
                                                              {"base_name", Transform::kBaseName},
                                                              {"without_domain", Transform::kWithoutDomain},
                                                              {"url_host", Transform::kUrlHost}});
constexpr auto kStandings = std::to_array<Named<Standing>>(
    {{"never", Standing::kOwn}, {"observed", Standing::kObserved}, {"reported", Standing::kReported}});
constexpr auto kKinds = std::to_array<Named<model::RecordKind>>({{"alert", model::RecordKind::kAlert},
                                                                 {"event", model::RecordKind::kEvent},
                                                                 {"intel", model::RecordKind::kIntel}});

constexpr auto kPathMembers =
    std::to_array<Named<MappedPaths Mapping::*>>({{"title", &Mapping::title},
                                                  {"id", &Mapping::id},
                                                  {"time", &Mapping::time},
                                                  {"message", &Mapping::message},
                                                  {"type", &Mapping::type},
                                                  {"rule", &Mapping::rule},
                                                  {"url", &Mapping::url},
                                                  {"status", &Mapping::status},
                                                  {"verdict", &Mapping::verdict},
                                                  {"command_line", &Mapping::command_line},
                                                  {"parent_process", &Mapping::parent_process},
                                                  {"techniques", &Mapping::techniques},
                                                  {"tactics", &Mapping::tactics},
                                                  {"tags", &Mapping::tags},
                                                  {"mine", &Mapping::mine}});

std::string text_of(const YAML::Node& node) {
  if (!node.IsScalar() || node.Scalar().empty())
    throw Wrong{node.Mark(), "expected text", "Write a value after the colon; quote it if it holds a colon."};
  return node.Scalar();
}

template <class T, std::size_t N>
T choice_of(const YAML::Node& node, const std::array<Named<T>, N>& choices) {
  const auto text = text_of(node);
  std::string known;
  for (const auto& choice : choices) {
    if (choice.name == text) return choice.value;
    known += (known.empty() ? "" : ", ") + std::string(choice.name);
  }
  throw Wrong{node.Mark(), "'" + text + "' is not known here", "Use one of: " + known + "."};
}

model::Severity severity_of(const YAML::Node& node) {
  const auto severity = model::parse_severity(text_of(node));
  if (!severity)
    throw Wrong{node.Mark(), "'" + node.Scalar() + "' is no severity",
                "Use one of: critical, high, medium, low, info."};
  return *severity;
}

void expect_keys(const YAML::Node& node, std::initializer_list<std::string_view> keys) {
  if (!node.IsMap())
    throw Wrong{node.Mark(), "expected key: value lines", "Write each field on its own line."};
  for (const auto& entry : node) {
    const auto key = text_of(entry.first);
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    std::string known;
    for (const auto name : keys) known += (known.empty() ? "" : ", ") + std::string(name);
    throw Wrong{entry.first.Mark(), "unknown key '" + key + "'", "Use one of: " + known + "."};
  }
}

std::string path_of(const YAML::Node& node) {
  auto path = text_of(node);
  if (path.front() == '.' || path.back() == '.' || path.find("..") != std::string::npos)
    throw Wrong{node.Mark(), "'" + path + "' is no path",
                "Write member names with single dots between: host.name"};
  return path;
}

MappedPath mapped_path(const YAML::Node& node) {
  if (node.IsScalar()) return {path_of(node), Transform::kNone};
  expect_keys(node, {"path", "transform"});
  if (!node["path"]) throw Wrong{node.Mark(), "'path' is missing", "Add path: and where the value stands."};
  const Transform transform =
      node["transform"] ? choice_of(node["transform"], kTransforms) : Transform::kNone;
  return {path_of(node["path"]), transform};
}

MappedPaths mapped_paths(const YAML::Node& node) {
  if (!node.IsSequence()) return {mapped_path(node)};
  if (node.size() > kMaxEntries) throw Wrong{node.Mark(), "more than 256 entries", "Leave some out."};
  MappedPaths paths;
  for (const auto& item : node) paths.push_back(mapped_path(item));
  return paths;
}

void read_severity(const YAML::Node& node, Mapping& mapping) {
  if (node.IsScalar() || node.IsSequence()) {
    mapping.severity = mapped_paths(node);
    return;
  }
  expect_keys(node, {"path", "values", "default"});
  if (node["path"]) mapping.severity = mapped_paths(node["path"]);
  if (node["default"]) mapping.default_severity = severity_of(node["default"]);
  if (!node["values"]) return;
  if (!node["values"].IsMap())
    throw Wrong{node["values"].Mark(), "expected a table", "Write lines such as P1: critical"};
  for (const auto& entry : node["values"])
    mapping.severities[to_lower(text_of(entry.first))] = severity_of(entry.second);
}

MappedEntity entity_of(const YAML::Node& node) {
  expect_keys(node, {"path", "transform", "kind", "role", "indicator"});
  for (const auto* key : {"path", "kind"}) {
    if (!node[key])
      throw Wrong{node.Mark(), "'" + std::string(key) + "' is missing", "An entity needs path and kind."};
  }
  MappedEntity entity;
  entity.from.path = path_of(node["path"]);
  if (node["transform"]) entity.from.transform = choice_of(node["transform"], kTransforms);
  const auto kind = model::parse_entity_kind(text_of(node["kind"]));
  if (!kind)
    throw Wrong{node["kind"].Mark(), "'" + node["kind"].Scalar() + "' is no entity kind",
                "Use one of: user, host, ip, domain, url, hash, email, file, process, account, "
                "cloud_resource, cve, mac."};
  entity.kind = *kind;
  const auto role =
      node["role"] ? model::parse_entity_role(text_of(node["role"])) : model::EntityRole::kRelated;
  if (!role)
    throw Wrong{node["role"].Mark(), "'" + node["role"].Scalar() + "' is no role",
                "Use one of: actor, target, source, destination, related."};
  entity.role = *role;
  if (node["indicator"]) entity.standing = choice_of(node["indicator"], kStandings);
  return entity;
}

std::string source_of(const YAML::Node& root) {
  if (!root["source"])
    throw Wrong{root.Mark(), "'source' is missing", "Add source: and the name of the webhook."};
  auto name = text_of(root["source"]);
  const bool sound = name.size() <= kMaxSourceName && std::all_of(name.begin(), name.end(), [](char c) {
                       return is_lower(c) || is_digit(c) || c == '-' || c == '_';
                     });
  if (!sound)
    throw Wrong{root["source"].Mark(), "'" + name + "' is no source name",
                "Use a-z, 0-9 and '-', at most 64 of them."};
  if (!canonical_source(name).empty())
    throw Wrong{root["source"].Mark(), "'" + name + "' is a built-in source", "Choose another name."};
  return name;
}

Mapping mapping_of(const YAML::Node& root) {
  expect_keys(root,
              {"source",   "records",    "kind",    "title",  "id",      "time",         "message",
               "type",     "rule",       "url",     "status", "verdict", "command_line", "parent_process",
               "severity", "techniques", "tactics", "tags",   "mine",    "entities"});
  Mapping mapping;
  mapping.source = source_of(root);
  if (root["records"]) mapping.records = path_of(root["records"]);
  if (root["kind"]) mapping.kind = choice_of(root["kind"], kKinds);
  for (const auto& member : kPathMembers) {
    if (const auto node = root[std::string(member.name)]) mapping.*member.value = mapped_paths(node);
  }
  if (mapping.title.empty())
    throw Wrong{root.Mark(), "'title' is missing", "Add title: and where it stands."};
  if (root["severity"]) read_severity(root["severity"], mapping);
  if (!root["entities"]) return mapping;
  if (!root["entities"].IsSequence() || root["entities"].size() > kMaxEntries)
    throw Wrong{root["entities"].Mark(), "expected a list of at most 256",
                "Start each entity with '- path:'."};
  for (const auto& node : root["entities"]) mapping.entities.push_back(entity_of(node));
  return mapping;
}

std::string place(std::string_view file, const YAML::Mark& mark) {
  return std::string(file) + ':' + std::to_string(mark.line + 1) + ':' + std::to_string(mark.column + 1);
}

// yaml-cpp recurses on nesting; flow brackets and indents deeper than any mapping needs are refused before.
bool is_too_deep(std::string_view yaml) {
  constexpr int kMaxFlow = 16;
  int depth = 0;
  for (const char c : yaml) {
    depth += (c == '[' || c == '{') - (c == ']' || c == '}');
    if (depth > kMaxFlow) return true;
  }
  return false;
}

bool has_alias(std::string_view yaml) {
  return yaml.find(" *") != std::string_view::npos || yaml.find(" &") != std::string_view::npos;
}

Result<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file)
    return error(ErrorKind::kUnavailable, "read mapping", "the file cannot be read", "Check its permissions.",
                 path.string());
  return std::move(text).str();
}

}  // namespace

Result<Mapping> parse_mapping(std::string_view yaml, std::string_view file) {
  const auto fail = [&](ErrorKind kind, std::string message, std::string hint, const YAML::Mark& mark) {
    return error(kind, "read mapping", std::move(message), std::move(hint), place(file, mark));
  };
  if (yaml.size() > kMaxFileBytes) return fail(ErrorKind::kTooLarge, "more than 256 KiB", "Split it.", {});
  if (is_too_deep(yaml) || has_alias(yaml))
    return fail(ErrorKind::kInvalidInput, "nested too deep, or uses anchors", "Write plain keys and lists.",
                {});
  try {
    return mapping_of(YAML::Load(std::string(yaml)));
  } catch (const Wrong& wrong) {
    return fail(ErrorKind::kInvalidInput, wrong.message, wrong.hint, wrong.mark);
  } catch (const YAML::Exception& wrong) {
    return fail(ErrorKind::kInvalidSyntax, wrong.msg, "Check indents, colons and quotes there.", wrong.mark);
  }
}

const Mapping* Mappings::find(std::string_view source) const {
  const auto found = std::find_if(list.begin(), list.end(),
                                  [&](const Mapping& mapping) { return mapping.source == source; });
  return found == list.end() ? nullptr : &*found;
}

Mappings load_mappings(const std::filesystem::path& directory) {
  Mappings loaded;
  std::error_code none;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory, none)) {
    const auto suffix = entry.path().extension();
    if (suffix == ".yaml" || suffix == ".yml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    const auto text = read_file(file);
    auto mapping = text ? parse_mapping(*text, file.string()) : Result<Mapping>(text.error());
    if (mapping && loaded.find(mapping->source) != nullptr)
      mapping = error(ErrorKind::kConflict, "read mapping",
                      "source '" + mapping->source + "' has a mapping already",
                      "Give each file its own source.", file.string());
    if (mapping) {
      loaded.list.push_back(*std::move(mapping));
    } else {
      loaded.faults.push_back(std::move(mapping).error());
    }
  }
  return loaded;
}

}  // namespace tocsin::ingest
