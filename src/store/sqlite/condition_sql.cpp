#include "store/sqlite/condition_sql.h"

#include "model/field_values.h"
#include "model/text_match.h"

namespace tocsin::store {
namespace {

using model::Comparison;
using model::Condition;
using model::Field;
using model::FieldShape;

// Where a field is: an expression of the row, or (with none, or beside it) the list or document to look into.
enum class Place { kNowhere, kRow, kList, kDocument };
struct FieldPlace {
  Place place = Place::kNowhere;
  std::string_view expression;
};

FieldPlace alert_place(Field field) {
  switch (field) {
    case Field::kId:
      return {Place::kRow, "('AL-' || a.ulid)"};
    case Field::kTitle:
      return {Place::kRow, "a.title"};
    case Field::kSeverity:
      return {Place::kRow, "a.severity"};
    case Field::kStatus:
      return {Place::kRow, "a.status"};
    case Field::kVerdict:
      return {Place::kRow, "a.verdict"};
    case Field::kPriority:
      return {Place::kRow, "a.priority"};
    case Field::kConfidence:
      return {Place::kRow, "a.confidence"};
    case Field::kRequiresReview:
      return {Place::kRow, "a.requires_review"};
    case Field::kAssignee:
      return {Place::kRow, "a.assignee"};
    case Field::kCloseReason:
      return {Place::kRow, "a.close_reason"};
    case Field::kFirstSeen:
      return {Place::kRow, "a.first_seen"};
    case Field::kLastSeen:
      return {Place::kRow, "a.last_seen"};
    case Field::kSource:
      return {Place::kRow, "a.source"};
    case Field::kSourceId:
      return {Place::kRow, "a.source_id"};
    case Field::kType:
      return {Place::kRow, "a.type"};
    case Field::kAssetTier:
      return {Place::kRow, "a.asset_tier"};
    case Field::kOccurrences:
      return {Place::kRow, "a.occurrences"};
    case Field::kFpProbability:
      return {Place::kRow, "a.fp_probability"};
    case Field::kFingerprint:
      return {Place::kRow, "printf('%016x', a.fingerprint)"};
    case Field::kOccurred:
      return {Place::kRow, "a.occurred_at"};
    case Field::kReceived:
      return {Place::kRow, "a.received_at"};
    case Field::kIncident:
      return {Place::kRow,
              "(SELECT i.id FROM incident_alerts AS m JOIN incidents AS i ON i.tenant = a.tenant AND i.seq = "
              "m.incident WHERE m.alert_seq = a.seq)"};
    case Field::kTag:
      return {Place::kList, "a.tags"};
    case Field::kTechnique:
    case Field::kTactic:
      return {Place::kList, "a.attack"};
    case Field::kUser:
      return {Place::kDocument, "a.user"};
    case Field::kHost:
      return {Place::kDocument, "a.host"};
    case Field::kIp:
      return {Place::kDocument, "a.ip"};
    default:
      return {field >= Field::kMessage && field <= Field::kMac ? Place::kDocument : Place::kNowhere, {}};
  }
}

FieldPlace incident_place(Field field) {
  switch (field) {
    case Field::kId:
      return {Place::kRow, "id"};
    case Field::kTitle:
      return {Place::kRow, "title"};
    case Field::kSeverity:
      return {Place::kRow, "severity"};
    case Field::kStatus:
      return {Place::kRow, "status"};
    case Field::kVerdict:
      return {Place::kRow, "verdict"};
    case Field::kPriority:
      return {Place::kRow, "priority"};
    case Field::kConfidence:
      return {Place::kRow, "confidence"};
    case Field::kRequiresReview:
      return {Place::kRow, "requires_review"};
    case Field::kAssignee:
      return {Place::kRow, "assignee"};
    case Field::kCloseReason:
      return {Place::kRow, "close_reason"};
    case Field::kFirstSeen:
      return {Place::kRow, "first_seen"};
    case Field::kLastSeen:
      return {Place::kRow, "last_seen"};
    case Field::kCreated:
      return {Place::kRow, "created_at"};
    case Field::kUpdated:
      return {Place::kRow, "updated_at"};
    case Field::kRiskScore:
      return {Place::kRow, "risk_score"};
    case Field::kAlertCount:
      return {Place::kRow, "alert_count"};
    case Field::kDecided:
      return {Place::kRow, "decided"};
    case Field::kTactic:
      return {Place::kList, "tactics"};
    default:
      return {};
  }
}

SqlValue sql_value(const model::Operand& operand) {
  if (const auto* number = std::get_if<std::int64_t>(&operand)) return *number;
  if (const auto* number = std::get_if<double>(&operand)) return *number;
  if (const auto* text = std::get_if<std::string>(&operand)) return *text;
  return nullptr;  // not resolved: equals nothing
}

std::string one_of(std::string_view expression, const model::Test& test, SqlText& to) {
  std::string list;
  for (const auto& value : test.values) list += (list.empty() ? "" : ", ") + to.bind(sql_value(value));
  return "coalesce(" + std::string(expression) + " IN (" + list + "), 0)";
}

std::string between(std::string_view expression, const model::Test& test, SqlText& to) {
  std::string sql;
  if (test.low)
    sql = std::string(expression) + (test.low->inclusive ? " >= " : " > ") +
          to.bind(sql_value(test.low->value));
  if (test.low && test.high) sql += " AND ";
  if (test.high)
    sql += std::string(expression) + (test.high->inclusive ? " <= " : " < ") +
           to.bind(sql_value(test.high->value));
  return "coalesce(" + sql + ", 0)";
}

std::string row_test(std::string_view expression, const model::Test& test, SqlText& to) {
  if (test.how == Comparison::kInRange) return between(expression, test, to);
  const bool exact = model::shape_of(test.field) != FieldShape::kText || model::minds_case(test.field);
  if (test.how == Comparison::kEquals && exact) return one_of(expression, test, to);
  if (test.how == Comparison::kExists) return "coalesce(" + std::string(expression) + " <> '', 0)";
  return "passes(" + to.bind(text_test(test)) + ", " + std::string(expression) + ")";
}

// How the words of a subject are looked up.
class AlertFields {
 public:
  AlertFields(const std::shared_ptr<DocumentReader>& reader, SqlText& to) : reader_(reader), to_(to) {}

  std::string test(const model::Test& test) const {
    const auto [place, expression] = alert_place(test.field);
    switch (place) {
      case Place::kRow:
        return row_test(expression, test, to_);
      case Place::kList:
        return "list_passes(" + to_.bind(list_test(test)) + ", " + std::string(expression) + ")";
      case Place::kDocument: {
        const auto sql = "document_passes(" + to_.bind(document_test(test, reader_)) + ", a.block, a.slot)";
        // The row has one of them, which often answers it.
        return expression.empty() ? sql : "(" + row_test(expression, test, to_) + " OR " + sql + ")";
      }
      case Place::kNowhere:
        break;
    }
    return "0";
  }

  std::string words(model::SearchQuestion question) const {
    return "document_has(" + to_.bind(words_test(std::move(question), reader_)) +
           ", a.block, a.slot, a.title, a.type, a.source, a.source_id)";
  }

 private:
  const std::shared_ptr<DocumentReader>& reader_;
  SqlText& to_;
};

class IncidentFields {
 public:
  explicit IncidentFields(SqlText& to) : to_(to) {}

  std::string test(const model::Test& test) const {
    const auto [place, expression] = incident_place(test.field);
    if (place == Place::kRow) return row_test(expression, test, to_);
    if (place == Place::kNowhere) return "0";
    return "tactic_passes(" + to_.bind(text_test(test)) + ", " + std::string(expression) + ")";
  }

  std::string words(const model::SearchQuestion& question) const {
    std::string sql;
    for (const auto& word : question.words) {
      const model::Test part{Field::kTitle, Comparison::kContains, {word}, {}, {}};
      sql += (sql.empty() ? "(" : " AND ") + row_test("title", part, to_);
    }
    return sql + ")";
  }

 private:
  SqlText& to_;
};

template <class Fields>
std::string expression_of(const Condition& condition, const Fields& fields) {
  switch (condition.kind) {
    case Condition::Kind::kTest:
      return fields.test(condition.test);
    case Condition::Kind::kWords: {
      auto question = model::parse_question(condition.words);
      question.prefix = condition.prefix;
      return question.empty() ? "1" : fields.words(std::move(question));
    }
    case Condition::Kind::kNot:
      return "NOT " + expression_of(condition.parts.front(), fields);
    default:
      break;
  }
  const bool all = condition.kind == Condition::Kind::kAll;
  if (condition.parts.empty()) return all ? "1" : "0";
  std::string sql;
  for (const auto& part : condition.parts) {
    sql += sql.empty() ? "(" : all ? " AND " : " OR ";
    sql += expression_of(part, fields);
  }
  return sql + ")";
}

}  // namespace

std::string alert_condition(const Condition& condition, const std::shared_ptr<DocumentReader>& reader,
                            SqlText& to) {
  return expression_of(condition, AlertFields(reader, to));
}

std::string incident_condition(const Condition& condition, SqlText& to) {
  return expression_of(condition, IncidentFields(to));
}

}  // namespace tocsin::store
