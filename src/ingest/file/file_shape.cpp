#include "ingest/file/file_shape.h"

#include <algorithm>
#include <array>
#include <map>

#include "ingest/file/file_items.h"
#include "ingest/file/rows.h"
#include "ingest/json_scan.h"
#include "ingest/mapping.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/syslog_message.h"
#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

constexpr std::string_view kAuto = "auto";
constexpr std::string_view kGeneric = "generic";
constexpr std::size_t kSample = 200;           // items that are looked at
constexpr double kDominant = 0.6;              // share from which all items are read as that source
constexpr double kGenericConfidence = 0.3;     // the names are common, so they say little
constexpr double kBareSyslogConfidence = 0.7;  // a time and a host at the begin of lines
constexpr std::size_t kFewestColumns = 2;

Error cannot_read(ErrorKind kind, std::string message, std::string hint) {
  return error(kind, "recognise file", std::move(message), std::move(hint));
}

// ---- formats that are no text

struct Magic {
  std::string_view bytes;
  const char* name;
  const char* hint;
};

using namespace std::string_view_literals;
constexpr auto kMagics = std::to_array<Magic>({
    {"ElfFile\0"sv, "a binary Windows event log (.evtx)",
     "Export it as XML: Event Viewer, 'Save all events as', or wevtutil qe /f:xml."},
    {"PK\x03\x04"sv, "a ZIP archive or an Office document",
     "Unpack it and send the files one by one; tables as CSV."},
    {"%PDF"sv, "a PDF", "Send what it was made of: the tool's own export."},
    {"\xD4\xC3\xB2\xA1"sv, "a packet capture", "Run Suricata or Zeek on it and send their logs."},
    {"\x0A\x0D\x0D\x0A"sv, "a packet capture", "Run Suricata or Zeek on it and send their logs."},
    {"\xD0\xCF\x11\xE0"sv, "an Outlook message or an old Office document",
     "Save the message as .eml, tables as CSV."},
    {"\xFD"
     "7zXZ"sv,
     "an xz archive", "Unpack it, or use gzip."},
    {"\x28\xB5\x2F\xFD"sv, "a zstd archive", "Unpack it, or use gzip."},
    {"BZh"sv, "a bzip2 archive", "Unpack it, or use gzip."},
    {"7z\xBC\xAF"sv, "a 7-Zip archive", "Unpack it, or use gzip."},
    {"\xFF\xFE"sv, "text in UTF-16", "Save it as UTF-8."},
    {"\xFE\xFF"sv, "text in UTF-16", "Save it as UTF-8."},
});

Result<void> check_is_text(std::string_view head) {
  for (const auto& magic : kMagics) {
    if (head.starts_with(magic.bytes))
      return cannot_read(ErrorKind::kUnsupported, "this is " + std::string(magic.name), magic.hint);
  }
  if (head.find('\0') != head.npos)
    return cannot_read(ErrorKind::kUnsupported, "this is binary data, not text",
                       "Send JSON, NDJSON, CSV, XML of Windows events, a mail, or log lines in UTF-8.");
  return {};
}

// ---- what is there

std::string_view first_line_of(std::string_view text) {
  return trim(take_until(text, '\n'));
}

// A whole value on the first line, or a first line that is broken: then each line is an item of its own.
bool is_line_json(std::string_view text) {
  if (text.front() != '{') return false;
  const auto line = first_line_of(text);
  return line.ends_with('}') && skip_value(line, 0) == line.size();
}

bool has_xml_events(std::string_view text) {
  return find_normaliser("windows-eventlog")->recognises_document(text);
}

bool is_known_line(std::string_view line) {
  const auto all = normalisers();
  return std::any_of(all.begin(), all.end(), [&](const Normaliser& entry) {
    return entry.recognises_text != nullptr && entry.recognises_text(line);
  });
}

bool is_column_name(std::string_view name) {
  name = trim(name);
  const auto fits = [](char c) {
    return is_alnum(c) || std::string_view(" _-./()@#%&'").find(c) != std::string_view::npos;
  };
  return !name.empty() && name.size() <= 64 &&
         (is_alpha(name.front()) || name.front() == '_' || name.front() == '@') &&
         std::all_of(name.begin(), name.end(), fits);
}

// ---- detection by what the items look like

class Tally {
 public:
  void add(std::string_view source) {
    ++total_;
    if (!source.empty()) ++counts_[source];
  }
  std::size_t total() const { return total_; }
  bool empty() const { return counts_.empty(); }
  std::pair<std::string_view, std::size_t> most() const {
    const auto found = std::max_element(counts_.begin(), counts_.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
    if (found == counts_.end()) return {};
    return {found->first, found->second};
  }
  double share(std::size_t count) const {
    return total_ == 0 ? 0 : static_cast<double>(count) / static_cast<double>(total_);
  }
  std::string words() const {
    std::string text;
    for (const auto& [source, count] : counts_) {
      if (!text.empty()) text += ", ";
      text += std::to_string(count) + " as " + std::string(source);
    }
    return text;
  }

 private:
  std::map<std::string_view, std::size_t> counts_;
  std::size_t total_ = 0;
};

std::string_view source_of_line(std::string_view line) {
  for (const auto& entry : normalisers()) {
    if (entry.recognises_text != nullptr && entry.recognises_text(line)) return entry.name;
  }
  const auto message = read_syslog(line, {});
  if (message.time && !message.host.empty()) return "syslog";
  return {};
}

std::string_view source_of_item(std::string_view text, const Options& options) {
  if (text.front() != '{') return source_of_line(text);
  const auto parsed = ParsedJson::parse(text, options.max_depth);
  if (!parsed) return {};
  const auto& found = recognise(parsed->root());
  if (found.name != kGeneric) return found.name;
  const auto read = normalise(kGeneric, text, options);
  return read && !read->records.empty() ? found.name : std::string_view();
}

Tally tally_of(std::string_view head, FileKind kind, const Options& options) {
  FileItems items(kind);
  items.feed(head);
  FileItem item;
  Tally tally;
  const auto source_of = [&] {
    return item.fault != nullptr ? std::string_view() : source_of_item(trim(item.text), options);
  };
  while (tally.total() < kSample && items.next(item)) tally.add(source_of());
  const bool only_one = tally.total() == 0;
  items.finish();  // what is left is the end of the file, or an item that the head cuts off
  while (tally.total() < kSample && items.next(item)) {
    const auto source = source_of();
    if (only_one || !source.empty()) tally.add(source);
  }
  return tally;
}

std::string names_of_sources(bool text_only) {
  std::string list;
  for (const auto name : known_sources()) {
    const auto* entry = find_normaliser(name);
    if (text_only && entry->read_text == nullptr && entry->read_document == nullptr) continue;
    list += (list.empty() ? "" : ", ") + std::string(name);
  }
  return list;
}

Error unknown(bool json, const Options& options) {
  std::string hint = "Name its source. ";
  hint += json ? "Sources that send JSON: " : "Sources that send text: ";
  hint += names_of_sources(!json);
  if (options.mappings != nullptr) {
    for (const auto& mapping : options.mappings->list) hint += ", " + mapping.source;
  }
  hint += json ? ". A mapping file can define a source of your own (docs/mappings.md)."
               : ". A table needs a header row with title, message, type or rule among its columns.";
  return cannot_read(ErrorKind::kInvalidInput, "nothing in this file shows whose records it holds", hint);
}

Result<FileShape> shape_of_items(std::string_view head, FileKind kind, const Options& options) {
  const auto tally = tally_of(head, kind, options);
  if (tally.empty()) return unknown(head.front() == '{' || head.front() == '[', options);
  const auto [source, count] = tally.most();
  FileShape shape;
  shape.kind = kind;
  shape.detected = true;
  shape.confidence = tally.share(count);
  const auto looked_at = std::to_string(count) + " of the first " + std::to_string(tally.total()) + " items ";
  if (shape.confidence < kDominant) {
    shape.source = kAuto;
    shape.why = "several sources in one file, each item is read by its own shape: " + tally.words();
    return shape;
  }
  shape.source = source;
  shape.why = looked_at + "have " + std::string(recognised_by(source));
  if (source == kGeneric) shape.confidence *= kGenericConfidence;
  if (source == "syslog" && head.front() != '<') shape.confidence *= kBareSyslogConfidence;
  return shape;
}

FileShape detected(FileKind kind, std::string_view source, double confidence) {
  return {.kind = kind,
          .source = std::string(source),
          .detected = true,
          .confidence = confidence,
          .why = "the file begins with " + std::string(recognised_by(source))};
}

// ---- tables

constexpr std::array<std::string_view, 6> kSayWhat{"title", "message",    "description",
                                                   "type",  "alert_type", "rule"};

bool says_what(const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(), [](const auto& name) {
    return std::find(kSayWhat.begin(), kSayWhat.end(), generic_name(name)) != kSayWhat.end();
  });
}

Result<FileShape> generic_table(const TableHeader& header) {
  if (!says_what(header.names)) {
    std::string columns;
    for (const auto& name : header.names) columns += (columns.empty() ? "" : ", ") + name;
    return cannot_read(
        ErrorKind::kInvalidInput,
        "no column says what the alerts are about; the columns are " + columns.substr(0, 500),
        "Name one of them title, message, description, type, alert_type or rule, or give the name "
        "of a mapping as source (docs/mappings.md).");
  }
  FileShape shape{.kind = FileKind::kCsv, .source = std::string(kGeneric), .delimiter = header.delimiter};
  for (const auto& name : header.names) {
    if (generic_name(name).empty()) shape.ignored_columns.push_back(name);
  }
  const auto known = header.names.size() - shape.ignored_columns.size();
  shape.confidence = static_cast<double>(known) / static_cast<double>(header.names.size());
  shape.why = std::to_string(known) + " of " + std::to_string(header.names.size()) +
              " columns of the header row have names that every alert may have";
  return shape;
}

Result<FileShape> generic_pairs(std::string_view head) {
  const auto line = first_line_of(head);
  const auto sample = pairs_object(line, true);
  if (!normalise(kGeneric, sample, {}) || normalise(kGeneric, sample, {})->records.empty()) {
    return cannot_read(
        ErrorKind::kInvalidInput, "no name of these name=value lines says what they are about",
        "One of title, message, msg, description, type, alert_type or rule is needed, or a mapping "
        "as source (docs/mappings.md).");
  }
  FileShape shape{
      .kind = FileKind::kKeyValues, .source = std::string(kGeneric), .confidence = kGenericConfidence};
  shape.why = "the lines are name=value pairs";
  return shape;
}

Result<FileShape> detect(std::string_view head, const Options& options) {
  if (has_xml_events(head)) return detected(FileKind::kXmlEvents, "windows-eventlog", 0.99);
  for (const auto name : {"zeek", "w3c", "aws-vpcflow"}) {
    if (find_normaliser(name)->recognises_document(head)) return detected(FileKind::kTable, name, 0.95);
  }
  if (head.front() == '{' || head.front() == '[')
    return shape_of_items(head, is_line_json(head) ? FileKind::kLines : FileKind::kJson, options);
  if (find_normaliser("email")->recognises_document(head)) return detected(FileKind::kDocument, "email", 0.9);
  const auto line = first_line_of(head);
  if (!is_known_line(line)) {
    Result<FileShape> found = unknown(false, options);
    const auto header = find_table_header(head);
    if (header) found = generic_table(*header);
    if (!header && is_pairs_line(line)) found = generic_pairs(head);
    if (header || is_pairs_line(line)) {
      if (found) found->detected = true;
      return found;
    }
  }
  return shape_of_items(head, FileKind::kLines, options);
}

// ---- a source was given

Error unknown_source(std::string_view source, const Options& options) {
  const auto answer = normalise(source, "{}", options);
  return answer ? cannot_read(ErrorKind::kInternal, "the source is known", {}) : answer.error();
}

Result<FileShape> shape_for(std::string_view head, std::string_view source, const Normaliser* reader) {
  FileShape shape{.source = std::string(source), .why = "the source was given"};
  const bool documents =
      reader != nullptr && reader->recognises_document != nullptr && reader->recognises_document(head);
  const bool lines = reader != nullptr && reader->read_text != nullptr;
  if (head.front() == '{' || head.front() == '[') {
    shape.kind = is_line_json(head) ? FileKind::kLines : FileKind::kJson;
  } else if (documents) {
    shape.kind = source == "email"              ? FileKind::kDocument
                 : source == "windows-eventlog" ? FileKind::kXmlEvents
                                                : FileKind::kTable;
  } else if (const auto header = find_table_header(head); header && !lines) {
    if (source == kGeneric) {
      auto table = generic_table(*header);
      if (table) table->why = shape.why;
      return table;
    }
    shape.kind = FileKind::kCsv;
    shape.delimiter = header->delimiter;
  } else if (!lines && is_pairs_line(first_line_of(head))) {
    shape.kind = FileKind::kKeyValues;
  }
  return shape;
}

}  // namespace

std::optional<TableHeader> find_table_header(std::string_view text) {
  const auto row = text.substr(0, std::min(end_of_row(text), text.size()));
  std::optional<TableHeader> best;
  for (const char delimiter : {',', ';', '\t', '|'}) {
    auto names = split_row(row, delimiter);
    const bool named = std::all_of(names.begin(), names.end(), is_column_name);
    if (named && names.size() >= kFewestColumns && (!best || names.size() > best->names.size()))
      best = TableHeader{delimiter, std::move(names)};
  }
  return best;
}

std::string_view to_text(FileKind kind) {
  constexpr std::array<std::string_view, 7> kNames{"json",       "lines", "csv",     "key_values",
                                                   "xml_events", "table", "document"};
  return kNames[static_cast<std::size_t>(kind)];
}

Result<FileShape> find_file_shape(std::string_view head, std::string_view source, const Options& options) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  const auto* reader = find_normaliser(source);
  const bool mapped =
      reader == nullptr && options.mappings != nullptr && options.mappings->find(source) != nullptr;
  if (reader == nullptr && !mapped && source != kAuto) return unknown_source(source, options);
  TOCSIN_CHECK(check_is_text(head));
  if (head.starts_with(kByteOrderMark)) head.remove_prefix(kByteOrderMark.size());
  head.remove_prefix(std::min(skip_space(head, 0), head.size()));
  if (head.empty()) return cannot_read(ErrorKind::kInvalidInput, "the file is empty", {});
  if (source == kAuto) return detect(head, options);
  return shape_for(head, reader != nullptr ? reader->name : source, reader);
}

}  // namespace tocsin::ingest
