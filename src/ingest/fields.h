#pragma once
// A record as a flat list of named texts: what key=value lines, LEEF, CSV, TSV and flat JSON objects have in
// common. Names and values may point into the text they were read from.

#include <deque>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/draft.h"
#include "ingest/json.h"

namespace tocsin::ingest {

constexpr std::size_t kMaxFields = 512;

class Fields {
 public:
  Fields() { entries_.reserve(64); }
  // A copy's views would lead into the original.
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;
  Fields(Fields&&) = default;
  Fields& operator=(Fields&&) = default;
  // Both views must outlive this object; beyond kMaxFields nothing is added.
  void add(std::string_view name, std::string_view value);
  // The value is kept here.
  void add_own(std::string_view name, std::string value);

  // The first value of that name without blanks around it; empty when it is not there or says nothing ("-").
  std::string_view operator[](std::string_view name) const;
  // The first of these that says something.
  std::string_view any(std::initializer_list<std::string_view> names) const;
  const std::vector<std::pair<std::string_view, std::string_view>>& all() const noexcept { return entries_; }
  bool empty() const noexcept { return entries_.empty(); }

 private:
  std::vector<std::pair<std::string_view, std::string_view>> entries_;
  std::deque<std::string> own_;
};

// Scalar members of an object; members of inner objects as "outer.inner", to `depth` levels.
Fields fields_of(const Node& object, int depth = 1);

// key=value pairs between blanks: values may be in double quotes, with \" inside.
Fields read_key_values(std::string_view line);

// Steps through the columns of one CSV row: quotes around a column, "" for a quote inside.
class CsvRow {
 public:
  explicit CsvRow(std::string_view row) : rest_(row) {}
  // False after the last column. `column` points into the row, or into `store` when quotes were doubled.
  bool next(std::string_view& column, std::string& store);

 private:
  std::string_view rest_;
  bool done_ = false;
};

// What a field of that name holds.
struct FieldMeaning {
  std::string_view name;
  model::EntityKind kind;
  model::EntityRole role;
  bool observed = false;  // foreign or suspicious: an indicator too
};
void add_entities(const Fields& fields, std::span<const FieldMeaning> meanings, AlertDraft& draft);
void add_entity(const FieldMeaning& meaning, std::string_view value, AlertDraft& draft);

}  // namespace tocsin::ingest
