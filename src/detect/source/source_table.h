#pragma once
// Recognises where an event comes from, by tables: the YAML files of data/logsources that the binary carries,
// and files of the operator's own (docs/logsources.md shows the format).
//
// Immutable once built; any number of threads may use it. Cost of recognise(): one hash look-up for each
// field that tells sources apart, then the conditions of the few rows that it leads to.

#include <simdjson.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "detect/source/field_names.h"
#include "detect/source/log_source.h"

namespace tocsin::detect {

// Holds when the field's text is one of these. "text*" is any text with that beginning, "*" any value at all;
// texts compare without case.
struct SourceCondition {
  std::size_t field = 0;           // place in SourceTable::telling_fields()
  std::vector<std::string> texts;  // lower case
  bool negated = false;            // holds when the text is none of them, and when the field is absent
};

struct SourceRow {
  Provenance provenance;
  std::vector<SourceCondition> when;  // all of them
  SourceNames names;
  bool otherwise = false;  // counts only when no other row does
};

// One way to see an event: rules that may see this provenance read their fields under these names.
struct View {
  Provenance provenance;
  const Shape* shape = nullptr;        // belongs to the table
  const SourceNames* names = nullptr;  // as above

  Paths paths_of(std::string_view field) const { return detect::paths_of(field, *shape, *names); }
};

// The value of a telling field, as text; absent when the event does not have it.
using TellingValue = std::optional<std::string>;

class SourceTable {
 public:
  // The table of the files in the binary.
  static const SourceTable& built_in();
  // The files' rows in order. kInvalidSyntax or kInvalidInput with FILE:LINE:COL.
  struct File {
    std::string name;
    std::string yaml;
  };
  static Result<SourceTable> parse(std::span<const File> files);
  // The operator's files (*.yaml, *.yml of the directory, by name), then the built-in ones.
  static Result<SourceTable> load(const std::filesystem::path& directory);

  // The ways to see an event; several where it is of several kinds (a Zeek DNS record is also a `dns` event).
  // `given` is what the sender says: rows that contradict it do not count, what it says is added to the rest,
  // and alone it is a view of its own when no row fits. Empty: nobody knows what this is.
  std::vector<View> recognise(simdjson::dom::element event, const LogSource& given = {}) const;

  // For a reader that has the values already: the shape's place in shapes(), and one value for each telling
  // field.
  std::vector<View> recognise(std::size_t shape, std::span<const TellingValue> values,
                              const LogSource& given = {}) const;
  const std::vector<std::string>& telling_fields() const noexcept { return telling_fields_; }
  // The first whose sign the event has; the last one is flat and needs none.
  const std::vector<std::unique_ptr<Shape>>& shapes() const noexcept { return shapes_; }
  // A path that only events of that shape have; empty for flat.
  const std::string& sign_of(std::size_t shape) const { return signs_.at(shape); }
  const std::vector<std::unique_ptr<SourceRow>>& rows() const noexcept { return rows_; }

 private:
  friend class SourceTableBuilder;
  SourceTable() = default;
  void index_rows();
  std::vector<const SourceRow*> rows_that_fit(std::span<const TellingValue> values,
                                              const LogSource& given) const;

  // Rows by the value of their first condition.
  struct ByField {
    std::unordered_map<std::string, std::vector<std::size_t>> exact;
    std::vector<std::size_t> other;  // "text*", "*" and negated ones
  };
  std::vector<std::string> telling_fields_;
  std::vector<ByField> by_field_;  // by telling field
  std::vector<std::unique_ptr<Shape>> shapes_;
  std::vector<std::string> signs_;
  std::vector<std::unique_ptr<SourceRow>> rows_;
};

}  // namespace tocsin::detect
