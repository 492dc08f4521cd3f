#include "detect/baseline/definition.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "base/embedded.h"
#include "base/hash.h"
#include "detect/sigma/document.h"
#include "detect/sigma/number.h"
#include "detect/sigma/rule_parser.h"

TOCSIN_EMBEDDED(detect_baselines)

namespace tocsin::detect {
namespace {

using sigma::fault;
using sigma::Yaml;

constexpr std::size_t kMaxFiles = 256;
constexpr std::size_t kMaxParts = 4;                   // fields of an entity or value
constexpr std::string_view kFileMark = "\n### FILE ";  // of cmake/JoinFiles.cmake
constexpr std::string_view kPrefix = "baseline.";

Result<void> expect_keys(const Yaml& map, std::initializer_list<std::string_view> keys) {
  for (const auto& member : map.members) {
    if (std::find(keys.begin(), keys.end(), member.key) != keys.end()) continue;
    std::string known;
    for (const auto key : keys) known += (known.empty() ? "" : ", ") + std::string(key);
    return fault(member.at, "unknown key '" + member.key + "'", "Use one of: " + known + ".");
  }
  return {};
}

Result<void> read_span(const Yaml& map, std::string_view key, std::chrono::seconds& out) {
  if (map.find(key) == nullptr) return {};
  TOCSIN_TRY(span, sigma::timespan_of(map, key));
  out = span;
  return {};
}

Result<void> read_count(const Yaml& map, std::string_view key, std::uint32_t most, std::uint32_t& out) {
  const auto* written = map.find(key);
  if (written == nullptr) return {};
  const auto number = sigma::parse_number(written->text);
  const auto* whole = number ? std::get_if<std::int64_t>(&*number) : nullptr;
  if (whole == nullptr || *whole < 1 || *whole > most)
    return fault(written->at, "'" + std::string(key) + "' is a number from 1 to " + std::to_string(most));
  out = static_cast<std::uint32_t>(*whole);
  return {};
}

Result<std::vector<BaselineText>> read_parts(const Yaml& source, std::string_view key) {
  constexpr std::string_view kFile = "|file";
  std::vector<BaselineText> parts;
  TOCSIN_TRY(texts, sigma::texts_of(source, key));
  if (texts.size() > kMaxParts) return fault(source.at, "'" + std::string(key) + "' has more than 4 fields");
  for (auto& text : texts) {
    const bool file_name = text.ends_with(kFile);
    if (file_name) text.resize(text.size() - kFile.size());
    if (text.empty() || text.find('|') != std::string::npos)
      return fault(source.at, "'" + text + "' is no field", "Write a field's name, or name|file.");
    parts.push_back({std::move(text), file_name});
  }
  return parts;
}

Result<void> read_field(const Yaml& source, std::string_view key, std::optional<std::string>& out) {
  TOCSIN_TRY(text, sigma::text_of(source, key));
  if (!text.empty()) out = std::move(text);
  return {};
}

// Which events count is said as in a rule.
Result<sigma::Rule> probe_of(const Yaml& source, const std::string& name) {
  Yaml rule;
  rule.kind = Yaml::Kind::kMap;
  rule.at = source.at;
  Yaml title;
  title.kind = Yaml::Kind::kScalar;
  title.text = "Baseline " + name;
  rule.members.push_back({"title", source.at, std::move(title)});
  for (const std::string_view key : {"logsource", "detection"}) {
    if (const auto* written = source.find(key))
      rule.members.push_back({std::string(key), written->at, *written});
  }
  return sigma::parse_rule(rule, {});
}

Result<BaselineSource> read_source(const Yaml& written, const std::string& name) {
  if (!written.is_map()) return fault(written.at, "a source is a map with logsource, detection and entity");
  TOCSIN_CHECK(
      expect_keys(written, {"logsource", "detection", "entity", "value", "amount", "latitude", "longitude"}));
  BaselineSource source;
  TOCSIN_TRY(probe, probe_of(written, name));
  source.probe = std::move(probe);
  TOCSIN_TRY(entity, read_parts(written, "entity"));
  source.entity = std::move(entity);
  if (source.entity.empty())
    return fault(written.at, "'entity' is missing", "Say whose past it is: entity: User");
  TOCSIN_TRY(value, read_parts(written, "value"));
  source.value = std::move(value);
  TOCSIN_CHECK(read_field(written, "amount", source.amount));
  TOCSIN_CHECK(read_field(written, "latitude", source.latitude));
  TOCSIN_CHECK(read_field(written, "longitude", source.longitude));
  if (source.latitude.has_value() != source.longitude.has_value())
    return fault(written.at, "a place has a latitude and a longitude");
  return source;
}

Result<void> check_name(const Yaml& document, const std::string& name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  if (name.size() <= 64 && std::all_of(name.begin(), name.end(), fits)) return {};
  return fault(document.find("name")->at, "'" + name + "' is no name of a baseline",
               "Use small letters, digits and _; rules write baseline.NAME.first_seen.");
}

void append(const Yaml& tree, std::string& out) {
  out += static_cast<char>('0' + static_cast<int>(tree.kind));
  out += std::to_string(tree.text.size()) + ':' + tree.text;
  for (const auto& item : tree.items) append(item, out);
  for (const auto& member : tree.members) {
    out += std::to_string(member.key.size()) + ':' + member.key;
    append(member.value, out);
  }
  out += ';';
}

Result<BaselineDefinition> read_definition(const Yaml& document) {
  if (!document.is_map()) return fault(document.at, "a baseline is a map with name and sources");
  TOCSIN_CHECK(expect_keys(document, {"name", "description", "learn", "learn_events", "forget", "half_life",
                                      "values_per_entity", "sources"}));
  BaselineDefinition out;
  TOCSIN_TRY(name, sigma::needed_text_of(document, "name"));
  out.name = std::move(name);
  TOCSIN_CHECK(check_name(document, out.name));
  TOCSIN_TRY(description, sigma::text_of(document, "description"));
  out.description = std::move(description);
  TOCSIN_CHECK(read_span(document, "learn", out.terms.learn));
  TOCSIN_CHECK(read_span(document, "forget", out.terms.forget));
  TOCSIN_CHECK(read_span(document, "half_life", out.terms.half_life));
  TOCSIN_CHECK(read_count(document, "learn_events", 1'000'000, out.terms.learn_events));
  TOCSIN_CHECK(read_count(document, "values_per_entity", 10'000, out.terms.values_per_entity));
  const auto* sources = document.find("sources");
  if (sources == nullptr || !sources->is_list() || sources->items.empty())
    return fault(document.at, "'sources' is missing", "List the log sources whose events count.");
  std::string text;
  append(*sources, text);
  out.fingerprint = hash64(text);
  for (const auto& source : sources->items) {
    TOCSIN_TRY(read, read_source(source, out.name));
    out.sources.push_back(std::move(read));
  }
  return out;
}

Error placed(Error wrong, const std::string& file) {
  wrong.op = "read baselines";
  wrong.where = file + ':' + wrong.where;
  return wrong;
}

std::vector<BaselineSet::File> built_in_files() {
  std::vector<BaselineSet::File> files;
  std::string_view text = embedded_detect_baselines();
  for (auto at = text.find(kFileMark); at != std::string_view::npos; at = text.find(kFileMark)) {
    text.remove_prefix(at + kFileMark.size());
    const auto name_end = std::min(text.find('\n'), text.size());
    const auto body = text.substr(name_end, text.find(kFileMark) - name_end);
    files.push_back({std::string(text.substr(0, name_end)), std::string(body)});
  }
  return files;
}

Result<std::vector<BaselineSet::File>> files_of(const std::filesystem::path& directory) {
  std::vector<BaselineSet::File> files;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failed)) {
    const auto extension = entry.path().extension();
    if (extension != ".yaml" && extension != ".yml") continue;
    if (files.size() == kMaxFiles)
      return error(ErrorKind::kTooLarge, "read baselines", "more than 256 files", "Join some.",
                   directory.string());
    std::ifstream file(entry.path(), std::ios::binary);
    std::string text(sigma::kMaxYamlBytes + 1, '\0');  // a longer one is refused when it is parsed
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    files.push_back({entry.path().string(), std::move(text)});
  }
  if (failed)
    return error(ErrorKind::kNotFound, "read baselines", failed.message(), "Check the path.",
                 directory.string());
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

}  // namespace

Result<BaselineSet> BaselineSet::parse(std::span<const File> files) {
  BaselineSet set;
  for (const auto& file : files) {
    const auto read = sigma::parse_yaml(file.yaml);
    if (read.fault) return placed(*read.fault, file.name);
    for (const auto& document : read.documents) {
      auto definition = read_definition(document);
      if (!definition) return placed(std::move(definition).error(), file.name);
      if (set.find(definition->name) != nullptr)
        return placed(fault(document.at, "the name " + definition->name + " is taken",
                            "Names are for one baseline; give this one its own."),
                      file.name);
      if (set.all_.size() == kMaxBaselines)
        return placed(fault(document.at, "more than 64 baselines"), file.name);
      set.all_.push_back(*std::move(definition));
    }
  }
  return set;
}

const BaselineSet& BaselineSet::built_in() {
  // The files are part of the program and a test reads them: a fault in one is a bug, and this says so.
  static const BaselineSet set = [] {
    auto read = parse(built_in_files());
    if (!read) throw std::logic_error(to_string(read.error()));
    return *std::move(read);
  }();
  return set;
}

Result<BaselineSet> BaselineSet::load(const std::filesystem::path& directory) {
  TOCSIN_TRY(files, files_of(directory));
  TOCSIN_TRY(set, parse(files));
  for (const auto& definition : built_in().all()) {
    if (set.find(definition.name) == nullptr && set.all_.size() < kMaxBaselines)
      set.all_.push_back(definition);
  }
  return set;
}

const BaselineDefinition* BaselineSet::find(std::string_view name) const {
  const auto found =
      std::find_if(all_.begin(), all_.end(), [&](const auto& one) { return one.name == name; });
  return found == all_.end() ? nullptr : &*found;
}

std::optional<BaselineReference> baseline_reference(std::string_view field) {
  if (!field.starts_with(kPrefix)) return std::nullopt;
  field.remove_prefix(kPrefix.size());
  const auto dot = field.find('.');
  if (dot == std::string_view::npos) return BaselineReference{field, {}};
  return BaselineReference{field.substr(0, dot), field.substr(dot + 1)};
}

std::vector<BaselineReference> baseline_references(const sigma::Rule& rule) {
  std::vector<BaselineReference> references;
  const auto add = [&](std::string_view field) {
    if (const auto reference = baseline_reference(field)) references.push_back(*reference);
  };
  for (const auto& selection : rule.selections) {
    for (const auto& branch : selection.branches) {
      for (const auto& item : branch.items) {
        if (item.field) add(*item.field);
        for (const auto& alternatives : item.values) {
          for (const auto& matcher : alternatives) {
            if (const auto* other = std::get_if<sigma::FieldReference>(&matcher)) add(other->field);
          }
        }
      }
    }
  }
  return references;
}

Result<void> check_baselines(const sigma::Rule& rule, const BaselineSet& baselines) {
  for (const auto& reference : baseline_references(rule)) {
    if (baselines.find(reference.baseline) == nullptr) {
      std::string known;
      for (const auto& one : baselines.all()) known += (known.empty() ? "" : ", ") + one.name;
      return fault(rule.at, "there is no baseline '" + std::string(reference.baseline) + "'",
                   "Declared are: " + known + ".");
    }
    if (!baseline_field_of(reference.field))
      return fault(rule.at, "a baseline has no field '" + std::string(reference.field) + "'",
                   "docs/baselines.md lists them: first_seen, known, count and others.");
  }
  return {};
}

}  // namespace tocsin::detect
