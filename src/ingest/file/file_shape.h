#pragma once
// What an uploaded file is: how it is cut into items, and whose records they are. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/ingest.h"

namespace tocsin::ingest {

enum class FileKind : std::uint8_t {
  kJson,       // an array, or objects one after the other, on any number of lines
  kLines,      // an item a line: NDJSON, CEF, LEEF, syslog …
  kCsv,        // a header row, then rows; quoted columns may hold line breaks
  kKeyValues,  // name=value pairs, a record a line
  kXmlEvents,  // <Event> elements
  kTable,      // text columns whose header lines say what they are (Zeek, VPC flow logs)
  kDocument,   // one item: a mail
};
std::string_view to_text(FileKind kind);

struct FileShape {
  FileKind kind = FileKind::kLines;
  std::string source;     // canonical, a mapping's name, or "auto": each item by its own shape
  bool detected = false;  // the source was not given
  double confidence = 1;  // 0..1, of a detected one
  std::string why;        // one sentence: what was seen
  char delimiter = ',';   // of kCsv
  std::vector<std::string> ignored_columns;  // of kCsv, when read as `generic`: kept in `raw` only
};

// The beginning of a file is enough to tell.
constexpr std::size_t kHeadBytes = 64U << 10;

// `head`: at least the first kHeadBytes of the file, or all of it. `source` is as in ingest::normalise.
// kNotFound for an unknown source; kInvalidInput when nothing can be told, kUnsupported for a known binary
// format: both with what to do in the hint.
Result<FileShape> find_file_shape(std::string_view head, std::string_view source, const Options& options);

// The first row of a table, when it has names of columns.
struct TableHeader {
  char delimiter = ',';
  std::vector<std::string> names;
};
std::optional<TableHeader> find_table_header(std::string_view text);

// By what the records of a source are recognised, in words; empty for an unknown one.
std::string_view recognised_by(std::string_view source);

}  // namespace tocsin::ingest
