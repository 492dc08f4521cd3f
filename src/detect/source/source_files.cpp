// Log source files: YAML to rows and shapes, with the place of everything that is wrong.

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <map>
#include <sstream>

#include "base/ascii.h"
#include "base/embedded.h"
#include "detect/source/source_table.h"

TOCSIN_EMBEDDED(detect_logsources)

namespace tocsin::detect {
namespace {

constexpr std::size_t kMaxFileBytes = 256U << 10;
constexpr std::size_t kMaxFiles = 256;
constexpr std::size_t kMaxRows = 4096;
constexpr std::size_t kMaxPathBytes = 256;
constexpr std::string_view kFileMark = "\n### FILE ";

// Where it went wrong and why; thrown inside this file only, turned into an Error at its edge.
struct Wrong {
  YAML::Mark mark;
  std::string message;
  std::string hint;
};

std::string text_of(const YAML::Node& node) {
  if (!node.IsScalar()) throw Wrong{node.Mark(), "expected text", "Write one value here."};
  return node.Scalar();
}

std::vector<std::string> texts_of(const YAML::Node& node) {
  if (!node.IsSequence()) return {text_of(node)};
  std::vector<std::string> texts;
  for (const auto& item : node) texts.push_back(text_of(item));
  if (texts.empty()) throw Wrong{node.Mark(), "the list is empty", "Name at least one value."};
  return texts;
}

void expect_keys(const YAML::Node& node, std::initializer_list<std::string_view> keys) {
  if (!node.IsMap())
    throw Wrong{node.Mark(), "expected key: value lines", "Write each key on a line of its own."};
  for (const auto& entry : node) {
    const auto key = text_of(entry.first);
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    std::string known;
    for (const auto name : keys) known += (known.empty() ? "" : ", ") + std::string(name);
    throw Wrong{entry.first.Mark(), "unknown key '" + key + "'", "Use one of: " + known + "."};
  }
}

Paths paths_in(const YAML::Node& node) {
  Paths paths = texts_of(node);
  for (const auto& path : paths) {
    const bool empty_part =
        path.empty() || path.front() == '.' || path.back() == '.' || path.find("..") != std::string::npos;
    if (empty_part || path.size() > kMaxPathBytes)
      throw Wrong{node.Mark(), "'" + path + "' is no path",
                  "Write member names with single dots between: host.name"};
  }
  return paths;
}

PathsByName fields_in(const YAML::Node& node) {
  PathsByName fields;
  if (!node) return fields;
  if (!node.IsMap())
    throw Wrong{node.Mark(), "expected Sigma's names", "Write lines such as Image: process.executable"};
  for (const auto& entry : node) fields[text_of(entry.first)] = paths_in(entry.second);
  return fields;
}

// A copy, which shares the node: what `node["x"]` gives is gone at the end of its statement.
YAML::Node list_in(const YAML::Node& node) {
  if (!node.IsSequence()) throw Wrong{node.Mark(), "expected a list", "Begin each entry with a dash."};
  return node;
}

}  // namespace

class SourceTableBuilder {
 public:
  void add_file(const std::string& yaml) {
    const YAML::Node root = YAML::Load(yaml);
    expect_keys(root, {"shapes", "sources"});
    if (root["shapes"]) {
      for (const auto& shape : list_in(root["shapes"])) add_shape(shape);
    }
    if (root["sources"]) {
      for (const auto& source : list_in(root["sources"])) add_source(source);
    }
  }

  SourceTable build() && {
    table_.shapes_.push_back(std::make_unique<Shape>());
    table_.shapes_.back()->name = "flat";
    table_.signs_.emplace_back();
    table_.index_rows();
    return std::move(table_);
  }

 private:
  void add_shape(const YAML::Node& node) {
    expect_keys(node, {"name", "sign", "roots", "fields"});
    if (!node["name"] || !node["sign"])
      throw Wrong{node.Mark(), "a shape needs a name and a sign", "Add sign: and a path that only it has."};
    auto shape = std::make_unique<Shape>();
    shape->name = text_of(node["name"]);
    if (node["roots"]) {
      shape->roots = texts_of(node["roots"]);
    }
    shape->fields = fields_in(node["fields"]);
    table_.signs_.push_back(paths_in(node["sign"]).front());
    table_.shapes_.push_back(std::move(shape));
  }

  void add_source(const YAML::Node& node) {
    expect_keys(node,
                {"when", "product", "service", "category", "fields", "ignore_blanks", "otherwise", "kinds"});
    SourceRow row;
    if (!node["when"])
      throw Wrong{node.Mark(), "'when' is missing", "Say by which field its events are known."};
    fill(row, node);
    if (node["kinds"]) {
      for (const auto& kind : list_in(node["kinds"])) {
        expect_keys(kind, {"when", "product", "service", "category", "fields"});
        SourceRow special = row;
        fill(special, kind);
        add_row(kind, std::move(special));
      }
    }
    add_row(node, std::move(row));
  }

  // What the node says goes over what the row has; conditions add up.
  void fill(SourceRow& row, const YAML::Node& node) {
    if (node["when"]) add_conditions(row, node["when"]);
    if (node["product"]) row.provenance.product = text_of(node["product"]);
    if (node["service"]) row.provenance.service = text_of(node["service"]);
    if (node["category"]) row.provenance.categories = texts_of(node["category"]);
    if (node["fields"]) row.names.fields = fields_in(node["fields"]);
    if (node["ignore_blanks"]) row.names.ignore_blanks = node["ignore_blanks"].as<bool>();
    if (node["otherwise"]) row.otherwise = node["otherwise"].as<bool>();
  }

  void add_row(const YAML::Node& node, SourceRow row) {
    if (table_.rows_.size() >= kMaxRows)
      throw Wrong{node.Mark(), "more than 4096 sources", "Join those that differ in one value."};
    table_.rows_.push_back(std::make_unique<SourceRow>(std::move(row)));
  }

  void add_conditions(SourceRow& row, const YAML::Node& node) {
    if (!node.IsMap() || node.size() == 0)
      throw Wrong{node.Mark(), "expected conditions", "Write lines such as Channel: System"};
    for (const auto& entry : node) {
      SourceCondition condition;
      condition.field = place_of(text_of(entry.first));
      auto wanted = entry.second;
      if (wanted.IsMap()) {
        expect_keys(wanted, {"not"});
        condition.negated = true;
        wanted.reset(wanted["not"]);
      }
      for (const auto& text : texts_of(wanted)) condition.texts.push_back(to_lower(text));
      row.when.push_back(std::move(condition));
    }
  }

  std::size_t place_of(const std::string& field) {
    auto& fields = table_.telling_fields_;
    const auto found = std::find(fields.begin(), fields.end(), field);
    if (found != fields.end()) return static_cast<std::size_t>(found - fields.begin());
    fields.push_back(field);
    return fields.size() - 1;
  }

  SourceTable table_;
};

namespace {

Error fault(ErrorKind kind, const SourceTable::File& file, const YAML::Mark& mark, const std::string& message,
            const std::string& hint) {
  return error(kind, "read log sources", message, hint,
               file.name + ':' + std::to_string(mark.line + 1) + ':' + std::to_string(mark.column + 1));
}

Result<void> add(SourceTableBuilder& builder, const SourceTable::File& file) {
  if (file.yaml.size() > kMaxFileBytes)
    return error(ErrorKind::kTooLarge, "read log sources", "the file is larger than 256 KiB", "Split it.",
                 file.name);
  try {
    builder.add_file(file.yaml);
    return {};
  } catch (const Wrong& wrong) {
    return fault(ErrorKind::kInvalidInput, file, wrong.mark, wrong.message, wrong.hint);
  } catch (const YAML::Exception& wrong) {
    return fault(ErrorKind::kInvalidSyntax, file, wrong.mark, wrong.msg, "Check the indentation and quotes.");
  }
}

std::vector<SourceTable::File> built_in_files() {
  std::vector<SourceTable::File> files;
  std::string_view text = embedded_detect_logsources();
  for (auto at = text.find(kFileMark); at != std::string_view::npos; at = text.find(kFileMark)) {
    text.remove_prefix(at + kFileMark.size());
    const auto line_end = text.find('\n');
    const auto next = text.find(kFileMark);
    files.push_back(
        {std::string(text.substr(0, line_end)), std::string(text.substr(line_end, next - line_end))});
  }
  return files;
}

}  // namespace

Result<SourceTable> SourceTable::parse(std::span<const File> files) {
  SourceTableBuilder builder;
  for (const auto& file : files) TOCSIN_CHECK(add(builder, file));
  return std::move(builder).build();
}

const SourceTable& SourceTable::built_in() {
  // The files are part of the program and a test reads them: a fault in one is a bug, and value() says so.
  static const SourceTable table = [] {
    auto read = parse(built_in_files());
    if (!read) throw std::logic_error(to_string(read.error()));
    return *std::move(read);
  }();
  return table;
}

Result<SourceTable> SourceTable::load(const std::filesystem::path& directory) {
  std::vector<File> files;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failed)) {
    const auto extension = entry.path().extension();
    if (extension != ".yaml" && extension != ".yml") continue;
    if (files.size() == kMaxFiles)
      return error(ErrorKind::kTooLarge, "read log sources", "more than 256 files", "Join some.",
                   directory.string());
    std::ifstream file(entry.path(), std::ios::binary);
    std::string text(kMaxFileBytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    files.push_back({entry.path().string(), std::move(text)});
  }
  if (failed)
    return error(ErrorKind::kNotFound, "read log sources", failed.message(), "Check the path.",
                 directory.string());
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.name < b.name; });
  auto own = built_in_files();
  files.insert(files.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
  return parse(files);
}

}  // namespace tocsin::detect
