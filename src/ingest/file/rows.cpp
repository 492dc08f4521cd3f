#include "ingest/file/rows.h"

#include <algorithm>
#include <array>

#include "base/json_text.h"
#include "ingest/api_input.h"
#include "ingest/fields.h"
#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

struct Alias {
  std::string_view column;
  std::string_view name;
};

// What exports call the fields that `generic` names otherwise; docs/uploads.md shows the table.
constexpr auto kAliases = std::to_array<Alias>({
    {"alert", "title"},
    {"alert_id", "id"},
    {"alert_name", "title"},
    {"alert_title", "title"},
    {"computer", "host"},
    {"computer_name", "host"},
    {"created", "timestamp"},
    {"date", "timestamp"},
    {"datetime", "timestamp"},
    {"destination", "dst_ip"},
    {"destination_address", "dst_ip"},
    {"dst", "dst_ip"},
    {"dstip", "dst_ip"},
    {"event_time", "timestamp"},
    {"file_name", "file"},
    {"filename", "file"},
    {"host_name", "host"},
    {"level", "severity"},
    {"mitre_attack", "techniques"},
    {"mitre_technique", "techniques"},
    {"msg", "message"},
    {"name", "title"},
    {"rule_name", "rule"},
    {"sev", "severity"},
    {"sha_256", "sha256"},
    {"signature", "title"},
    {"source_address", "src_ip"},
    {"src", "src_ip"},
    {"srcip", "src_ip"},
    {"summary", "message"},
    {"tag", "tags"},
    {"technique", "techniques"},
    {"time", "timestamp"},
    {"user_name", "user"},
});
static_assert(std::is_sorted(kAliases.begin(), kAliases.end(),
                             [](const Alias& a, const Alias& b) { return a.column < b.column; }));

constexpr std::array<std::string_view, 5> kLists{"iocs", "mitre_tactics", "mitre_techniques", "tags",
                                                 "techniques"};

// "Source IP", "source-ip" and "source_ip" are one name; "sourceIP" is split at its capitals.
std::string plain_name(std::string_view column) {
  return slug(trim(column));
}

bool is_plain_number(std::string_view text) {
  return !text.empty() && text.size() <= 3 && std::all_of(text.begin(), text.end(), is_digit) &&
         (text.size() == 1 || text[0] != '0');
}

void append_list(std::string& out, std::string_view value) {
  out += '[';
  bool first = true;
  while (!value.empty()) {
    const auto end = value.find_first_of(";,|");
    const auto one = trim(value.substr(0, end));
    value.remove_prefix(end == value.npos ? value.size() : end + 1);
    if (one.empty()) continue;
    if (!first) out += ',';
    first = false;
    append_json_string(out, one);
  }
  out += ']';
}

void append_value(std::string& out, std::string_view name, std::string_view value, bool generic) {
  if (generic && name == "severity" && is_plain_number(value)) {
    out += value;
  } else if (generic && std::find(kLists.begin(), kLists.end(), name) != kLists.end()) {
    append_list(out, value);
  } else {
    append_json_string(out, value);
  }
}

class ObjectText {
 public:
  explicit ObjectText(bool generic) : generic_(generic) {}
  // The first column of a name wins: two may mean the same.
  void add(std::string_view column, std::string_view value) {
    value = trim(value);
    auto name = generic_ ? generic_name(column) : std::string();
    if (name.empty()) name = trim(column);
    if (value.empty() || name.empty() || std::find(names_.begin(), names_.end(), name) != names_.end())
      return;
    out_ += out_.empty() ? '{' : ',';
    append_json_string(out_, name);
    out_ += ':';
    append_value(out_, name, value, generic_);
    names_.push_back(std::move(name));
  }
  std::string text() && { return out_.empty() ? "{}" : std::move(out_) + '}'; }

 private:
  bool generic_;
  std::string out_;
  std::vector<std::string> names_;
};

}  // namespace

std::size_t end_of_row(std::string_view text) {
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') quoted = !quoted;
    if (text[at] == '\n' && !quoted) return at + 1;
  }
  return std::string_view::npos;
}

std::vector<std::string> split_row(std::string_view row, char delimiter) {
  std::vector<std::string> columns(1);
  bool quoted = false;
  row = row.substr(0, row.find_last_not_of("\r\n") + 1);
  for (std::size_t at = 0; at < row.size(); ++at) {
    const char c = row[at];
    const bool doubled = quoted && c == '"' && at + 1 < row.size() && row[at + 1] == '"';
    if (doubled) ++at;
    if (c == '"' && !doubled) {
      quoted = !quoted;
    } else if (c == delimiter && !quoted) {
      if (columns.size() == kMaxColumns) break;
      columns.emplace_back();
    } else {
      columns.back() += c;
    }
  }
  return columns;
}

std::string generic_name(std::string_view column) {
  auto name = plain_name(column);
  if (is_generic_member(name)) return name;
  const auto* const found =
      std::lower_bound(kAliases.begin(), kAliases.end(), std::string_view(name),
                       [](const Alias& alias, std::string_view key) { return alias.column < key; });
  return found != kAliases.end() && found->column == name ? std::string(found->name) : std::string();
}

std::string row_object(const std::vector<std::string>& names, const std::vector<std::string>& values,
                       bool generic) {
  ObjectText object(generic);
  for (std::size_t i = 0; i < std::min(names.size(), values.size()); ++i) object.add(names[i], values[i]);
  return std::move(object).text();
}

std::string pairs_object(std::string_view line, bool generic) {
  ObjectText object(generic);
  const auto pairs = read_key_values(line);
  for (const auto& [name, value] : pairs.all()) object.add(name, value);
  return std::move(object).text();
}

bool is_pairs_line(std::string_view line) {
  const auto equals = line.find('=');
  if (equals == 0 || equals == line.npos || equals > 64) return false;
  const auto is_name = [](char c) { return is_alnum(c) || c == '_' || c == '-' || c == '.'; };
  if (!std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(equals), is_name)) return false;
  return read_key_values(line).all().size() >= 3;
}

}  // namespace tocsin::ingest
