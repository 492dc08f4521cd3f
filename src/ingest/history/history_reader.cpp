#include "ingest/history/history_reader.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "ingest/file/rows.h"
#include "ingest/history/verdict_words.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::Verdict;

constexpr std::string_view kAuto = "auto";
constexpr std::string_view kGeneric = "generic";
constexpr double kMostMinutes = 24 * 60;
constexpr std::size_t kMaxUnknownWords = 100;
constexpr std::size_t kMaxName = 200;
constexpr std::size_t kMaxReason = 2000;

Error cannot_read(std::string message, std::string hint) {
  return error(ErrorKind::kInvalidInput, "read history", std::move(message), std::move(hint));
}

Result<void> check_columns(const std::vector<std::string>& columns) {
  const auto missing = HistoryRow::missing_of(columns);
  if (missing.empty()) return {};
  std::string names;
  for (const auto& column : columns) names += (names.empty() ? "" : ", ") + column;
  return cannot_read("no column says " + missing + "; the columns are " + names.substr(0, 500),
                     "docs/history-import.md lists the names that are read.");
}

// Without a byte order mark and blanks.
std::string_view begin_of(std::string_view head) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (head.starts_with(kByteOrderMark)) head.remove_prefix(kByteOrderMark.size());
  return head.substr(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
}

// Tools whose payloads carry a verdict of a machine, not of a person.
constexpr auto kJudgingTools = std::to_array<std::string_view>(
    {"abuseipdb", "email", "fortinet-fortigate", "paloalto-ngfw", "proofpoint-tap", "sublime", "virustotal"});

// At most `most` bytes, not cut inside a character.
std::string bounded(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return std::string(text.substr(0, most));
}

std::string first_of(const HistoryRow& row, Closing what, std::size_t most) {
  const auto fields = row.of(what);
  return fields.empty() ? std::string() : bounded(fields.front()->value, most);
}

std::optional<double> minutes_of(const HistoryRow& row) {
  const auto fields = row.of(Closing::kMinutes);
  if (fields.empty()) return std::nullopt;
  const auto& text = fields.front()->value;
  double minutes = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), minutes);
  if (failed != std::errc{} || end != text.data() + text.size() || !(minutes >= 0 && minutes <= kMostMinutes))
    return std::nullopt;
  return minutes;
}

// "closed" may hold a time or just whether it is.
bool is_yes_or_no(std::string_view text) {
  return equal_ignoring_case(text, "true") || equal_ignoring_case(text, "false") ||
         equal_ignoring_case(text, "yes") || equal_ignoring_case(text, "no");
}

}  // namespace

Result<HistoryReader> HistoryReader::create(std::string_view head, std::string_view source,
                                            const Options& options) {
  const auto shape = find_file_shape(head, source == kAuto ? kGeneric : source, options);
  head = begin_of(head);
  // A table whose columns `generic` does not know is no fault here.
  if (!shape && (shape.error().kind != ErrorKind::kInvalidInput || head.empty())) return shape.error();
  if (shape && (head.front() == '{' || head.front() == '['))
    return HistoryReader(shape->kind, ',', std::string(source), options);
  const auto header = find_table_header(head);
  if (!header)
    return cannot_read("this is neither a table with a header row nor JSON",
                       "Export the closed alerts as CSV or as JSON lines.");
  TOCSIN_CHECK(check_columns(header->names));
  return HistoryReader(FileKind::kCsv, header->delimiter, std::string(source), options);
}

bool HistoryReader::next(HistoryChunk& chunk) {
  return chunks_.next(chunk, [this](const FileItem& item) { read(item); });
}

void HistoryReader::read(const FileItem& item) {
  if (item.fault != nullptr) return reject(item, {}, item.fault);
  kind_ == FileKind::kCsv ? read_row(item) : read_json(item);
}

void HistoryReader::read_row(const FileItem& item) {
  if (columns_.empty()) columns_ = split_row(chunks_.header(), delimiter_);
  const auto values = split_row(item.text, delimiter_);
  if (values.size() > columns_.size())
    return reject(item, {},
                  "the row has " + std::to_string(values.size()) + " columns, the header " +
                      std::to_string(columns_.size()));
  HistoryRow row;
  for (std::size_t i = 0; i < values.size(); ++i) row.add(columns_[i], values[i]);
  const bool is_flat = source_ == kAuto || source_ == kGeneric;
  const auto object = is_flat ? row.alert_object() : row_object(columns_, values, false);
  take(row, normalise(is_flat ? kGeneric : std::string_view(source_), object, *options_), item, is_flat);
}

void HistoryReader::read_json(const FileItem& item) {
  HistoryRow row;
  auto source = std::string_view(source_);
  {
    const auto parsed = ParsedJson::parse(item.text, options_->max_depth);
    if (!parsed) return reject(item, {}, parsed.error().message);
    if (!parsed->root().is_object()) return reject(item, {}, "an alert must be a JSON object");
    row.add(parsed->root());
    if (source == kAuto) source = recognise(parsed->root()).name;
  }
  const bool is_flat = source == kGeneric;
  take(row,
       is_flat ? normalise(source, row.alert_object(), *options_) : normalise(source, item.text, *options_),
       item, is_flat);
}

void HistoryReader::take(const HistoryRow& row, Result<Normalised> read, const FileItem& item, bool is_flat) {
  if (!read) return reject(item, {}, read.error().message);
  for (const auto& rejection : read->rejections) reject(item, rejection.error.where, rejection.error.message);
  for (auto& record : read->records) {
    if (record.kind == model::RecordKind::kAlert) {
      take_alert(row, std::move(record.alert), item, is_flat);
    } else {
      reject(item, {}, "this is no alert but " + std::string(to_text(record.kind)));
    }
  }
}

void HistoryReader::take_alert(const HistoryRow& row, model::Alert alert, const FileItem& item,
                               bool is_flat) {
  const auto* created = row.created();
  if (is_flat && created == nullptr) return reject(item, "created", "nothing says when the alert came up");
  if (is_flat && !read_time(created->value))
    return reject(item, created->column,
                  "is not a time that can be read: " + bounded(created->value, kMaxWord));
  if (alert.occurred_at >= options_->now)
    return reject(item, created == nullptr ? "created" : created->column,
                  "nothing says when in the past the alert came up");
  const auto verdict = verdict_of(row, alert, item);
  if (!verdict) return;
  ClosedAlert closed{.alert = std::move(alert), .verdict = *verdict, .line = item.line};
  const HistoryRow::Field* unreadable = nullptr;
  for (const auto* field : row.of(Closing::kClosedAt)) {
    if (is_yes_or_no(field->value)) continue;
    closed.closed_at = read_time(field->value);
    if (closed.closed_at) break;
    if (unreadable == nullptr) unreadable = field;
  }
  if (!closed.closed_at && unreadable != nullptr)
    return reject(item, unreadable->column,
                  "is not a time that can be read: " + bounded(unreadable->value, kMaxWord));
  if (closed.closed_at) closed.closed_at = std::max(*closed.closed_at, closed.alert.occurred_at);
  closed.closed_by = first_of(row, Closing::kClosedBy, kMaxName);
  closed.reason = first_of(row, Closing::kReason, kMaxReason);
  closed.minutes = minutes_of(row);
  chunks_.open().alerts.push_back(std::move(closed));
}

// Absent when the row has none; it is counted, and rejected when its word is not known.
std::optional<Verdict> HistoryReader::verdict_of(const HistoryRow& row, const model::Alert& alert,
                                                 const FileItem& item) {
  std::optional<Verdict> found;
  const HistoryRow::Field* unknown = nullptr;
  const auto ask = [&](std::string_view text) {
    const auto said = verdict_of_words(text);
    if (said && (!found || *found == Verdict::kUndecided)) found = said;
    return said.has_value();
  };
  const bool is_of_machine =
      std::find(kJudgingTools.begin(), kJudgingTools.end(), alert.source) != kJudgingTools.end();
  if (alert.vendor_verdict && !is_of_machine) ask(*alert.vendor_verdict);
  for (const auto* field : row.of(Closing::kVerdict)) {
    if (!ask(field->value) && unknown == nullptr) unknown = field;
  }
  for (const auto* field : row.of(Closing::kWeakVerdict)) {
    for (auto rest = std::string_view(field->value); !rest.empty();) ask(trim(take_until(rest, ';')));
  }
  if (found && *found != Verdict::kUndecided) return found;
  if (!found && unknown != nullptr) {
    const auto word = bounded(unknown->value, kMaxWord);
    if (chunks_.open().unknown_verdicts.size() < kMaxUnknownWords ||
        chunks_.open().unknown_verdicts.contains(word))
      ++chunks_.open().unknown_verdicts[word];
    reject(item, unknown->column, "is no verdict that is known: " + word);
    return std::nullopt;
  }
  ++chunks_.open().undecided;
  return std::nullopt;
}

void HistoryReader::reject(const FileItem& item, std::string column, std::string reason) {
  chunks_.open().rejections.push_back(
      {item.line, std::move(column), std::move(reason), std::string(trim(item.text))});
}

}  // namespace tocsin::ingest
