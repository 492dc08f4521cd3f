#include "store/postgres/connection.h"

#include <array>
#include <map>

#include "store/postgres/dialect.h"
#include "store/postgres/statement.h"

namespace tocsin::store {
namespace {

// Lists are put together from filters, so their texts are many: beyond this the idle ones are dropped.
constexpr std::size_t kCachedStatements = 160;

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using Options = std::map<std::string, std::string>;

// A silent network is noticed within half a minute.
Options defaults() {
  return {{"application_name", "tocsin"}, {"connect_timeout", "5"},  {"keepalives_idle", "10"},
          {"keepalives_interval", "5"},   {"keepalives_count", "3"}, {"tcp_user_timeout", "20000"},
          {"client_encoding", "UTF8"}};
}

// What libpq says of a URL that it cannot read quotes it, password and all: it is not repeated.
Result<Options> parse_url(const std::string& url) {
  char* complaint = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeOptions> parsed(PQconninfoParse(url.c_str(), &complaint));
  PQfreemem(complaint);
  if (!parsed) {
    return error(ErrorKind::kInvalidInput, "open the database", "its URL cannot be read",
                 "Write postgresql://USER:PASSWORD@HOST:PORT/DATABASE; percent-encode signs in the password",
                 "DATABASE_URL");
  }
  Options options = defaults();
  for (const auto* option = parsed.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) options[option->keyword] = option->val;
  }
  return options;
}

Result<PGconn*> connect(const Options& options) {
  std::vector<const char*> names, values;
  for (const auto& [name, value] : options) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  auto* db = PQconnectdbParams(names.data(), values.data(), 0);
  if (db == nullptr) return error(ErrorKind::kInternal, "open the database", "out of memory");
  return db;
}

struct StateRow {
  std::string_view prefix;  // of the SQLSTATE
  ErrorKind kind;
};
constexpr std::array<StateRow, 12> kStates{{{"08", ErrorKind::kUnavailable},
                                            {"57P", ErrorKind::kUnavailable},
                                            {"28", ErrorKind::kUnavailable},
                                            {"3D", ErrorKind::kUnavailable},
                                            {"25006", ErrorKind::kUnavailable},
                                            {"42501", ErrorKind::kUnavailable},
                                            {"53100", ErrorKind::kStorageFull},
                                            {"53300", ErrorKind::kUnavailable},
                                            {"53", ErrorKind::kBusy},
                                            {"55P03", ErrorKind::kBusy},
                                            {"57014", ErrorKind::kBusy},
                                            {"54", ErrorKind::kTooLarge}}};

ErrorKind kind_of(std::string_view state) {
  for (const auto& row : kStates) {
    if (state.starts_with(row.prefix)) return row.kind;
  }
  return ErrorKind::kInternal;
}

std::string_view hint_of(ErrorKind kind) {
  if (kind == ErrorKind::kUnavailable)
    return "Check that PostgreSQL runs and that this user may use its database";
  return kind == ErrorKind::kStorageFull ? "Free space on the disk of PostgreSQL" : "";
}

std::string one_line(std::string_view text) {
  std::string line(text.substr(0, 500));
  for (auto& c : line) c = c == '\n' ? ' ' : c;
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

}  // namespace

std::string shown_place(const std::string& url) {
  const auto options = parse_url(url);
  if (!options) return "PostgreSQL";
  const auto value = [&](const char* name, const std::string& otherwise) {
    const auto found = options->find(name);
    return found == options->end() ? otherwise : found->second;
  };
  return value("host", "localhost") + ":" + value("port", "5432") + "/" + value("dbname", "");
}

Result<std::unique_ptr<PgConnection>> PgConnection::open(const std::string& url, const char* setup) {
  TOCSIN_TRY(options, parse_url(url));
  TOCSIN_TRY(db, connect(options));
  std::unique_ptr<PgConnection> connection(new PgConnection(db));
  if (!connection->usable()) {
    auto failed = connection->failure(nullptr, "connect to " + shown_place(url));
    failed.kind = ErrorKind::kUnavailable;
    return failed;
  }
  PQsetNoticeProcessor(
      db, [](void*, const char*) {}, nullptr);
  TOCSIN_CHECK(connection->exec(setup));
  return connection;
}

PgConnection::~PgConnection() {
  statements_.clear();
  PQfinish(db_);
}

Error PgConnection::failure(const PGresult* result, std::string_view op) const {
  const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* primary = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  auto kind = state == nullptr ? ErrorKind::kInternal : kind_of(state);
  if (!usable()) kind = ErrorKind::kUnavailable;
  auto message = one_line(primary != nullptr ? primary : PQerrorMessage(db_));
  return error(kind, std::string(op), std::move(message), std::string(hint_of(kind)));
}

void PgConnection::note_changes(PGresult* result) {
  changes_ = std::strtoll(PQcmdTuples(result), nullptr, 10);
}

void PgConnection::drop_idle_statements() {
  std::string sql;
  for (const auto& [text, cached] : statements_) {
    const auto& statement = static_cast<const PgStatement&>(*cached.statement);
    if (!cached.in_use && statement.known_to_server()) sql += "DEALLOCATE " + statement.name() + ";";
  }
  std::erase_if(statements_, [](const auto& entry) { return !entry.second.in_use; });
  // In a transaction that failed already it fails too; the names are not used again.
  if (!sql.empty()) PgResult(PQexec(db_, sql.c_str()));
}

Statement PgConnection::prepare(std::string_view sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end() && !found->second.in_use) {
    found->second.in_use = true;
    return {*found->second.statement, found->second.in_use};
  }
  auto prepared = std::make_unique<PgStatement>(*this, to_postgres(sql));
  if (found != statements_.end()) return Statement(std::move(prepared));  // the cached one is at work
  if (statements_.size() >= kCachedStatements) drop_idle_statements();
  auto& cached = statements_[std::string(sql)];
  cached = {std::move(prepared), true};
  return {*cached.statement, cached.in_use};
}

Result<void> PgConnection::exec(const char* sql) {
  const PgResult result(PQexec(db_, sql));
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    return failure(result.get(), "use the database");
  note_changes(result.get());
  // COMMIT of a transaction that failed answers ROLLBACK.
  if (std::string_view(sql) == "COMMIT" && std::string_view(PQcmdStatus(result.get())) != "COMMIT")
    return error(ErrorKind::kInternal, "use the database", "the transaction was rolled back");
  return {};
}

Result<void> PgConnection::copy(const char* sql, std::string_view rows) {
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  const PgResult started(PQexec(db_, sql));
  if (PQresultStatus(started.get()) != PGRES_COPY_IN) return failure(started.get(), "write to the database");
  bool sent = true;
  for (std::size_t at = 0; sent && at < rows.size(); at += kPiece) {
    const auto piece = rows.substr(at, kPiece);
    sent = PQputCopyData(db_, piece.data(), static_cast<int>(piece.size())) == 1;
  }
  sent = sent && PQputCopyEnd(db_, nullptr) == 1;
  Result<void> outcome;
  if (!sent) outcome = failure(nullptr, "write to the database");
  for (PgResult result(PQgetResult(db_)); result; result.reset(PQgetResult(db_))) {
    if (outcome && PQresultStatus(result.get()) != PGRES_COMMAND_OK)
      outcome = failure(result.get(), "write to the database");
  }
  return outcome;
}

}  // namespace tocsin::store
