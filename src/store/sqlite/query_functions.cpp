#include "store/sqlite/query_functions.h"

#include <array>

#include "model/field_values.h"
#include "model/text_match.h"
#include "store/sqlite/block.h"
#include "store/sqlite/codec.h"
#include "store/sqlite/document.h"

namespace tocsin::store {
namespace {

constexpr std::int64_t kDocumentCost = 4;  // in rows
constexpr std::int64_t kBlockCost = 40;

constexpr const char* kTextType = "tocsin-text-test";
constexpr const char* kListType = "tocsin-list-test";
constexpr const char* kDocumentType = "tocsin-document-test";
constexpr const char* kWordsType = "tocsin-words-test";
constexpr const char* kScopeType = "tocsin-scope";
constexpr const char* kBudgetType = "tocsin-row-budget";

std::string_view text_of(sqlite3_value* value) {
  const auto* data = reinterpret_cast<const char*>(sqlite3_value_text(value));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

std::string_view blob_of(sqlite3_value* value) {
  const auto* data = static_cast<const char*>(sqlite3_value_blob(value));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

bool is_null(sqlite3_value* value) {
  return sqlite3_value_type(value) == SQLITE_NULL;
}

void answer(sqlite3_context* to, bool holds) {
  sqlite3_result_int(to, holds ? 1 : 0);
}

void fail(sqlite3_context* to, const Error& error) {
  const auto message = to_string(error);
  sqlite3_result_error(to, message.data(), static_cast<int>(message.size()));
}

}  // namespace

class DocumentReader {
 public:
  DocumentReader(Connection& db, std::shared_ptr<RowBudget> budget) : db_(db), budget_(std::move(budget)) {}

  // Valid until the next call.
  Result<const model::Alert*> read(std::int64_t block, std::size_t slot) {
    if (block == block_ && slot == slot_) return &alert_;
    budget_->examined += kDocumentCost;
    if (block != block_) TOCSIN_CHECK(open(block));
    alert_ = {};
    slot_ = slot;
    if (!decode_document(items_.item(slot), alert_))
      return error(ErrorKind::kInternal, "read an alert", "its document is damaged", "Restore a backup");
    return &alert_;
  }

 private:
  Result<void> open(std::int64_t block) {
    budget_->examined += kBlockCost;
    auto row = db_.prepare("SELECT docs FROM blocks WHERE block = ?1");
    if (row.query(block).next()) {
      TOCSIN_TRY(reader, BlockReader::open(row.blob(0)));
      items_ = std::move(reader);
      block_ = block;
    }
    return row.status();
  }

  Connection& db_;
  std::shared_ptr<RowBudget> budget_;
  std::int64_t block_ = -1;
  std::size_t slot_ = 0;
  BlockReader items_;
  model::Alert alert_;
};

namespace {

struct ListTest {
  model::Field field;
  model::TextTest test;
};
struct DocumentTest {
  model::Field field;
  model::TextTest test;
  std::shared_ptr<DocumentReader> reader;
};
struct WordsTest {
  model::SearchQuestion question;
  std::shared_ptr<DocumentReader> reader;
};

template <class T>
T* object_of(sqlite3_context* to, sqlite3_value* value, const char* type) {
  auto* object = static_cast<T*>(sqlite3_value_pointer(value, type));
  if (object == nullptr) sqlite3_result_error(to, "a test is missing", -1);
  return object;
}

void passes(sqlite3_context* to, int, sqlite3_value** given) {
  const auto* test = object_of<model::TextTest>(to, given[0], kTextType);
  if (test != nullptr) answer(to, !is_null(given[1]) && test->passes(text_of(given[1])));
}

void list_passes(sqlite3_context* to, int, sqlite3_value** given) {
  const auto* test = object_of<ListTest>(to, given[0], kListType);
  if (test == nullptr) return;
  model::Alert alert;
  const auto bytes = blob_of(given[1]);
  if (test->field == model::Field::kTag) {
    if (!bytes.empty()) alert.tags = ByteReader(bytes).texts();
  } else {
    decode_attack(bytes, alert.attack);
  }
  answer(to, any_text(alert, test->field, [&](std::string_view text) { return test->test.passes(text); }));
}

void tactic_passes(sqlite3_context* to, int, sqlite3_value** given) {
  const auto* test = object_of<model::TextTest>(to, given[0], kTextType);
  if (test == nullptr) return;
  model::Incident incident;
  incident.tactics = static_cast<std::uint16_t>(sqlite3_value_int(given[1]));
  answer(to, any_text(incident, model::Field::kTactic,
                      [&](std::string_view text) { return test->passes(text); }));
}

void document_passes(sqlite3_context* to, int, sqlite3_value** given) {
  const auto* test = object_of<DocumentTest>(to, given[0], kDocumentType);
  if (test == nullptr) return;
  const auto alert = test->reader->read(sqlite3_value_int64(given[1]),
                                        static_cast<std::size_t>(sqlite3_value_int64(given[2])));
  if (!alert) return fail(to, alert.error());
  answer(to, any_text(**alert, test->field, [&](std::string_view text) { return test->test.passes(text); }));
}

void document_has(sqlite3_context* to, int, sqlite3_value** given) {
  const auto* test = object_of<WordsTest>(to, given[0], kWordsType);
  if (test == nullptr) return;
  const auto document = test->reader->read(sqlite3_value_int64(given[1]),
                                           static_cast<std::size_t>(sqlite3_value_int64(given[2])));
  if (!document) return fail(to, document.error());
  model::Alert alert;
  alert.entities = (*document)->entities;
  alert.message = (*document)->message;
  alert.title = text_of(given[3]);
  alert.type = text_of(given[4]);
  alert.source = text_of(given[5]);
  if (!is_null(given[6])) alert.source_id = text_of(given[6]);
  answer(to, test->question.matches(model::search_words(alert)));
}

void in_scope(sqlite3_context* to, int, sqlite3_value** given) {
  const auto* scope = object_of<ScopePtr>(to, given[0], kScopeType);
  if (scope != nullptr) answer(to, (*scope)->holds(text_of(given[1]), text_of(given[2]), text_of(given[3])));
}

void examined(sqlite3_context* to, int, sqlite3_value** given) {
  auto* budget = object_of<RowBudget>(to, given[0], kBudgetType);
  if (budget == nullptr) return;
  ++budget->examined;
  if (budget->most == 0 || budget->examined <= budget->most) return answer(to, true);
  budget->spent = true;
  sqlite3_result_error(to, "the budget of rows is spent", -1);
}

struct FunctionRow {
  const char* name;
  int arguments;
  void (*call)(sqlite3_context*, int, sqlite3_value**);
};
constexpr std::array<FunctionRow, 7> kFunctions{{{"passes", 2, passes},
                                                 {"list_passes", 2, list_passes},
                                                 {"tactic_passes", 2, tactic_passes},
                                                 {"document_passes", 3, document_passes},
                                                 {"document_has", 7, document_has},
                                                 {"in_scope", 4, in_scope},
                                                 {"examined", 2, examined}}};

}  // namespace

Result<void> add_query_functions(sqlite3* db) {
  for (const auto& row : kFunctions) {
    const int code = sqlite3_create_function_v2(db, row.name, row.arguments, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                                nullptr, row.call, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return sqlite_error(db, code, "add a function to the database");
  }
  return {};
}

std::shared_ptr<DocumentReader> read_documents(Connection& db, std::shared_ptr<RowBudget> budget) {
  return std::make_shared<DocumentReader>(db, std::move(budget));
}

SqlPointer text_test(const model::Test& test) {
  return {std::make_shared<model::TextTest>(test), kTextType};
}

SqlPointer list_test(const model::Test& test) {
  return {std::make_shared<ListTest>(ListTest{test.field, model::TextTest(test)}), kListType};
}

SqlPointer document_test(const model::Test& test, std::shared_ptr<DocumentReader> reader) {
  return {std::make_shared<DocumentTest>(DocumentTest{test.field, model::TextTest(test), std::move(reader)}),
          kDocumentType};
}

SqlPointer words_test(model::SearchQuestion question, std::shared_ptr<DocumentReader> reader) {
  return {std::make_shared<WordsTest>(WordsTest{std::move(question), std::move(reader)}), kWordsType};
}

SqlPointer scope_test(ScopePtr scope) {
  return {std::make_shared<ScopePtr>(std::move(scope)), kScopeType};
}

SqlPointer row_budget(std::shared_ptr<RowBudget> budget) {
  return {std::move(budget), kBudgetType};
}

}  // namespace tocsin::store
