#pragma once
// Which column of an export of closed alerts says what: the names that SIEMs and case tools use, put into the
// names of `generic` (docs/history-import.md has the table). Pure.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/json.h"

namespace tocsin::ingest {

// What is asked of a row beside what makes an alert.
enum class Closing : std::uint8_t { kVerdict, kWeakVerdict, kClosedAt, kClosedBy, kReason, kMinutes };

// Named texts of one alert: the columns of a row, or the members of a JSON object with the names of what is
// around them ("owner.assignedTo"). Names are compared as slugs, without envelopes such as `properties`.
class HistoryRow {
 public:
  static constexpr std::size_t kMaxFields = 512;

  struct Field {
    std::string column;  // as it came
    std::string name;    // as it is compared
    std::string value;   // without blanks around it; never empty
  };

  // Nothing is added beyond kMaxFields, of a name that is there already, or without a value.
  void add(std::string_view column, std::string_view value);
  // Members of an object, at most three deep; of arrays the texts in them, joined by ';'.
  void add(const Node& object);

  // The fields that may say it, the best first.
  std::vector<const Field*> of(Closing what) const;
  // The field that says when the alert came up; nullptr when none does.
  const Field* created() const;
  // The alert as an object for `generic`; what has no name there keeps its own.
  std::string alert_object() const;
  // Whether these columns can say what an alert is about, when, and what became of it: what is missing, in
  // words, else empty.
  static std::string missing_of(const std::vector<std::string>& columns);

 private:
  const Field* find(std::string_view name) const;
  void add_members(const Node& object, const std::string& prefix, int depth);

  std::vector<Field> fields_;
};

}  // namespace tocsin::ingest
