#include "store/sqlite/inventory_store.h"

#include <unordered_map>
#include <unordered_set>

#include "base/ascii.h"
#include "base/display_text.h"
#include "base/sha256.h"
#include "store/audit_entries.h"

namespace tocsin::store {
namespace {

template <class Row>
std::string sql(std::string_view before, std::string_view after) {
  return join_sql({before, InventoryTraits<Row>::kTable, after});
}

constexpr std::string_view kSelect = "SELECT id, version, origin, updated_by, updated_at, document FROM ";

template <class Row>
std::optional<Row> read_row(const Statement& from) {
  Row row;
  if (!decode_row(from.blob(5), row)) return std::nullopt;
  row.meta = {std::string(from.text(0)), std::string(from.text(2)), std::string(from.text(3)), from.time(4),
              from.int64(1)};
  return row;
}

template <class Row>
Error no_such_row(std::string_view id) {
  return error(ErrorKind::kNotFound, "find a row",
               "there is no " + std::string(InventoryTraits<Row>::kNoun) + " " + std::string(id));
}

template <class Row>
Error name_is_taken(std::string_view name) {
  return error(ErrorKind::kConflict, "add a row",
               "another " + std::string(InventoryTraits<Row>::kNoun) + " is named " + display_text(name, 100),
               "Change that one, or choose another name.", "/name");
}

template <class Row>
void keep_last_of_each_name(std::vector<Row>& rows) {
  std::unordered_map<std::string, std::size_t> last;
  for (std::size_t i = 0; i < rows.size(); ++i) last[to_lower(rows[i].name)] = i;
  std::size_t index = 0;
  std::erase_if(rows, [&](const Row& row) { return last[to_lower(row.name)] != index++; });
}

template <class Row>
Result<std::optional<Row>> find_row(std::string_view condition, std::string_view value, TenantId tenant,
                                    Connection& db) {
  auto rows = db.prepare(join_sql({kSelect, InventoryTraits<Row>::kTable, condition}));
  std::optional<Row> found;
  if (rows.query(tenant.value, value).next()) found = read_row<Row>(rows);
  TOCSIN_CHECK(rows.status());
  return found;
}
constexpr std::string_view kOfId = " WHERE tenant = ?1 AND id = ?2";
constexpr std::string_view kOfName = " WHERE tenant = ?1 AND name = ?2";

// One row is recorded with its fields, many with their names and a hash of what they hold.
template <class Row>
class PutAudit {
 public:
  explicit PutAudit(std::optional<Row> before) : before_(std::move(before)) {}

  void add(const Row& row) {
    std::string document;
    encode_row(row, document);
    content_.add(row.meta.id).add("\n").add(document);
    names_.push_back(row.name);
    last_ = row;
  }
  AuditEntry entry(const typename InventoryTable<Row>::Outcome& outcome) {
    constexpr auto kAction = InventoryTraits<Row>::kPut;
    if (names_.size() == 1 && outcome.removed == 0) return audit_of(kAction, before_, last_);
    return audit_of(kAction, InventoryChange{outcome.created, outcome.updated, outcome.removed,
                                             std::move(names_), to_hex(content_.finish())});
  }

 private:
  const std::optional<Row> before_;
  std::optional<Row> last_;
  std::vector<std::string> names_;
  Sha256 content_;
};

// Whoever remembers what the asset table says asks for its revision first.
template <class Row>
void count_change(TenantId tenant, WriteContext& context) {
  if constexpr (std::is_same_v<Row, Asset>) context.counters.add(tenant, Counter::kAssetRevision, "", 1);
}

struct Known {
  std::string id;
  std::int64_t version = 0;
};

// Version of the row; kNotFound, kConflict.
template <class Row>
Result<Known> known_row(std::string_view id, std::optional<std::int64_t> if_version, TenantId tenant,
                        Connection& db) {
  auto found = db.prepare(sql<Row>("SELECT id, version FROM ", " WHERE tenant = ?1 AND id = ?2"));
  Known known;
  if (found.query(tenant.value, id).next()) known = {std::string(found.text(0)), found.int64(1)};
  TOCSIN_CHECK(found.status());
  if (known.id.empty()) return no_such_row<Row>(id);
  if (if_version && *if_version != known.version)
    return error(ErrorKind::kConflict, "change a row", "it is at version " + std::to_string(known.version));
  return known;
}

template <class Row>
Result<void> write_row(Row& row, TenantId tenant, WriteContext& context) {
  std::string document;
  encode_row(row, document);
  row.meta.updated_at = context.now;
  ++row.meta.version;
  return context.db
      .prepare(sql<Row>("INSERT INTO ",
                        " (tenant, id, name, version, origin, updated_by, updated_at, search, document) "
                        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (tenant, id) DO UPDATE SET "
                        "name = excluded.name, version = excluded.version, origin = excluded.origin, "
                        "updated_by = excluded.updated_by, updated_at = excluded.updated_at, search = "
                        "excluded.search, document = excluded.document"))
      .run(tenant.value, row.meta.id, to_lower(row.name), row.meta.version, row.meta.origin,
           row.meta.updated_by, row.meta.updated_at, search_text_of(row), Blob{document});
}

// Rows by name as they are, for put().
template <class Row>
Result<std::unordered_map<std::string, Known>> names_of(TenantId tenant, Connection& db) {
  auto rows = db.prepare(sql<Row>("SELECT name, id, version FROM ", " WHERE tenant = ?1"));
  std::unordered_map<std::string, Known> names;
  rows.query(tenant.value);
  while (rows.next()) names[std::string(rows.text(0))] = {std::string(rows.text(1)), rows.int64(2)};
  TOCSIN_CHECK(rows.status());
  return names;
}

template <class Row>
Result<std::int64_t> drop_others(const std::vector<Row>& kept,
                                 const std::unordered_map<std::string, Known>& before, TenantId tenant,
                                 Connection& db) {
  std::unordered_set<std::string> names;
  for (const auto& row : kept) names.insert(to_lower(row.name));
  auto drop = db.prepare(sql<Row>("DELETE FROM ", " WHERE tenant = ?1 AND name = ?2"));
  std::int64_t dropped = 0;
  for (const auto& [name, known] : before) {
    if (names.contains(name)) continue;
    TOCSIN_CHECK(drop.run(tenant.value, name));
    ++dropped;
  }
  return dropped;
}

}  // namespace

template <class Row>
Result<typename InventoryTable<Row>::Outcome> SqliteInventoryTable<Row>::put(std::vector<Row> rows,
                                                                             PutMode mode) {
  keep_last_of_each_name(rows);
  if (rows.size() > kMaxInventoryRows)
    return error(ErrorKind::kInvalidInput, "keep rows",
                 "more than " + std::to_string(kMaxInventoryRows) + " rows", "leave some out");
  const auto write = [&](WriteContext& context) -> Result<Outcome> {
    TOCSIN_TRY(before, names_of<Row>(tenant_, context.db));
    std::int64_t added = 0;
    for (const auto& row : rows) {
      const bool is_known = before.contains(to_lower(row.name));
      if (is_known && mode == PutMode::kAdd) return name_is_taken<Row>(row.name);
      added += is_known ? 0 : 1;
    }
    const auto kept = mode == PutMode::kReplace ? static_cast<std::int64_t>(rows.size()) - added
                                                : static_cast<std::int64_t>(before.size());
    if (kept + added > std::int64_t{kMaxInventoryRows})
      return error(ErrorKind::kInvalidInput, "keep rows",
                   "the table would have more than " + std::to_string(kMaxInventoryRows) + " rows",
                   "leave some out, or replace the whole table");
    std::optional<Row> replaced;
    if (rows.size() == 1) {
      TOCSIN_TRY(row, find_row<Row>(kOfName, to_lower(rows[0].name), tenant_, context.db));
      replaced = std::move(row);
    }
    PutAudit<Row> recorded(std::move(replaced));
    Outcome outcome;
    if (mode == PutMode::kReplace) {
      TOCSIN_TRY(dropped, drop_others(rows, before, tenant_, context.db));
      outcome.removed = dropped;
    }
    for (auto row : rows) {
      const auto known = before.find(to_lower(row.name));
      const bool is_new = known == before.end();
      row.meta.id = is_new ? InventoryTraits<Row>::Id::make(context.now).str() : known->second.id;
      row.meta.version = is_new ? 0 : known->second.version;
      TOCSIN_CHECK(write_row(row, tenant_, context));
      recorded.add(row);
      ++(is_new ? outcome.created : outcome.updated);
    }
    if (!rows.empty() || outcome.removed > 0) {
      count_change<Row>(tenant_, context);
      TOCSIN_CHECK(write_audit(context, tenant_, recorded.entry(outcome)));
    }
    return outcome;
  };
  return parts_.writer.wait<Outcome>(write, rows.size() + 1, rows.size() * 512);
}

template <class Row>
Result<Row> SqliteInventoryTable<Row>::replace(std::string_view id, Row row,
                                               std::optional<std::int64_t> if_version) {
  const auto write = [&](WriteContext& context) -> Result<Row> {
    TOCSIN_TRY(known, known_row<Row>(id, if_version, tenant_, context.db));
    auto other = context.db.prepare(sql<Row>("SELECT id FROM ", " WHERE tenant = ?1 AND name = ?2"));
    const bool taken = other.query(tenant_.value, to_lower(row.name)).next() && other.text(0) != id;
    TOCSIN_CHECK(other.status());
    if (taken)
      return error(ErrorKind::kInvalidInput, "change a row", "another row has this name", "", "/name");
    auto stored = row;
    stored.meta.id = known.id;
    stored.meta.version = known.version;
    TOCSIN_TRY(before, find_row<Row>(kOfId, id, tenant_, context.db));
    TOCSIN_CHECK(write_row(stored, tenant_, context));
    count_change<Row>(tenant_, context);
    TOCSIN_CHECK(write_audit(context, tenant_,
                             audit_of(InventoryTraits<Row>::kReplaced, before, std::optional<Row>(stored))));
    return stored;
  };
  return parts_.writer.wait<Row>(write);
}

template <class Row>
Result<void> SqliteInventoryTable<Row>::remove(std::string_view id, std::optional<std::int64_t> if_version) {
  return parts_.writer.wait_for([&](WriteContext& context) -> Result<void> {
    TOCSIN_CHECK(known_row<Row>(id, if_version, tenant_, context.db));
    TOCSIN_TRY(before, find_row<Row>(kOfId, id, tenant_, context.db));
    TOCSIN_CHECK(context.db.prepare(sql<Row>("DELETE FROM ", kOfId)).run(tenant_.value, id));
    count_change<Row>(tenant_, context);
    return write_audit(context, tenant_,
                       audit_of(InventoryTraits<Row>::kRemoved, before, std::optional<Row>()));
  });
}

template <class Row>
Result<std::optional<Row>> SqliteInventoryTable<Row>::find_where(std::string_view condition,
                                                                 std::string_view value) const {
  TOCSIN_TRY(db, parts_.readers.take());
  return find_row<Row>(condition, value, tenant_, *db);
}

template <class Row>
Result<std::optional<Row>> SqliteInventoryTable<Row>::find(std::string_view id) const {
  return find_where(kOfId, id);
}

template <class Row>
Result<std::optional<Row>> SqliteInventoryTable<Row>::find_by_name(std::string_view name) const {
  return find_where(kOfName, to_lower(name));
}

template <class Row>
Result<std::vector<Row>> SqliteInventoryTable<Row>::list(std::string_view text, std::string_view after_name,
                                                         std::size_t limit) const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto rows = db->prepare(join_sql({kSelect, InventoryTraits<Row>::kTable,
                                    " WHERE tenant = ?1 AND name > ?2 AND search LIKE ?3 ESCAPE '\\' "
                                    "ORDER BY name LIMIT ?4"}));
  std::vector<Row> found;
  rows.query(tenant_.value, to_lower(after_name), like_pattern(to_lower(text)), limit);
  while (rows.next()) {
    if (auto row = read_row<Row>(rows)) found.push_back(*std::move(row));
  }
  TOCSIN_CHECK(rows.status());
  return found;
}

template <class Row>
Result<std::int64_t> SqliteInventoryTable<Row>::count(std::string_view text) const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto rows =
      db->prepare(sql<Row>("SELECT count(*) FROM ", " WHERE tenant = ?1 AND search LIKE ?2 ESCAPE '\\'"));
  const auto total = rows.query(tenant_.value, like_pattern(to_lower(text))).next() ? rows.int64(0) : 0;
  TOCSIN_CHECK(rows.status());
  return total;
}

template class SqliteInventoryTable<Asset>;
template class SqliteInventoryTable<User>;

namespace {

// Its columns but for the body, which stands last where it is read.
constexpr std::string_view kSelectFile =
    "SELECT id, kind, name, version, as_of, imported_at, imported_by, entries ";

ReferenceFile read_file(const Statement& row) {
  return {ReferenceId::parse(row.text(0)).value_or(ReferenceId()),
          std::string(row.text(1)),
          std::string(row.text(2)),
          std::string(row.text(3)),
          row.time(4),
          row.time(5),
          std::string(row.text(6)),
          row.int64(7),
          {}};
}

// With its body.
template <class... Keys>
Result<std::optional<ReferenceFile>> find_file(std::string_view condition, Connection& db,
                                               const Keys&... keys) {
  auto row = db.prepare(join_sql({kSelectFile, ", body FROM reference_files", condition}));
  std::optional<ReferenceFile> file;
  if (row.query(keys...).next()) {
    file = read_file(row);
    file->body = row.text(8);
  }
  TOCSIN_CHECK(row.status());
  return file;
}

}  // namespace

Result<ReferenceFile> SqliteReferenceStore::put(ReferenceFile file) {
  const auto write = [&](WriteContext& context) -> Result<ReferenceFile> {
    auto count = context.db.prepare(
        "SELECT count(*) FROM reference_files WHERE tenant = ?1 AND NOT (kind = ?2 AND name = ?3)");
    const bool full = count.query(tenant_.value, file.kind, file.name).next() &&
                      count.int64(0) >= std::int64_t{kMaxReferenceFiles};
    TOCSIN_CHECK(count.status());
    if (full)
      return error(ErrorKind::kInvalidInput, "keep a reference file", "there are 500 files already",
                   "delete one, or give the name of one to replace");
    TOCSIN_TRY(replaced, find_file(" WHERE tenant = ?1 AND kind = ?2 AND name = ?3", context.db,
                                   tenant_.value, file.kind, file.name));
    TOCSIN_CHECK(
        context.db.prepare("DELETE FROM reference_files WHERE tenant = ?1 AND kind = ?2 AND name = ?3")
            .run(tenant_.value, file.kind, file.name));
    auto stored = file;
    stored.id = ReferenceId::make(context.now);
    stored.imported_at = context.now;
    TOCSIN_CHECK(context.db
                     .prepare("INSERT INTO reference_files (tenant, id, kind, name, version, as_of, "
                              "imported_at, imported_by, entries, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
                              "?8, ?9, ?10)")
                     .run(tenant_.value, stored.id.str(), stored.kind, stored.name, stored.version,
                          stored.as_of, stored.imported_at, stored.imported_by, stored.entries, stored.body));
    TOCSIN_CHECK(write_audit(context, tenant_, audit_of(replaced, std::optional(stored))));
    stored.body.clear();
    return stored;
  };
  return parts_.writer.wait<ReferenceFile>(write, 2, file.body.size() + 256);
}

Result<std::vector<ReferenceFile>> SqliteReferenceStore::list(std::string_view kind) const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto rows = db->prepare(
      join_sql({kSelectFile, "FROM reference_files WHERE tenant = ?1 AND kind = ?2 ORDER BY name"}));
  std::vector<ReferenceFile> files;
  rows.query(tenant_.value, kind);
  while (rows.next()) files.push_back(read_file(rows));
  TOCSIN_CHECK(rows.status());
  return files;
}

Result<std::string> SqliteReferenceStore::body(const ReferenceId& id) const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto rows = db->prepare("SELECT body FROM reference_files WHERE tenant = ?1 AND id = ?2");
  std::optional<std::string> body;
  if (rows.query(tenant_.value, id.str()).next()) body = rows.text(0);
  TOCSIN_CHECK(rows.status());
  if (!body) return error(ErrorKind::kNotFound, "read a reference file", "there is no file " + id.str());
  return *std::move(body);
}

Result<void> SqliteReferenceStore::remove(const ReferenceId& id) {
  return parts_.writer.wait_for([&](WriteContext& context) -> Result<void> {
    TOCSIN_TRY(before, find_file(kOfId, context.db, tenant_.value, id.str()));
    if (!before)
      return error(ErrorKind::kNotFound, "delete a reference file", "there is no file " + id.str());
    TOCSIN_CHECK(context.db.prepare("DELETE FROM reference_files WHERE tenant = ?1 AND id = ?2")
                     .run(tenant_.value, id.str()));
    return write_audit(context, tenant_, audit_of(before, std::optional<ReferenceFile>()));
  });
}

}  // namespace tocsin::store
