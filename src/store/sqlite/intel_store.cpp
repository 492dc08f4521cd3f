#include "store/sqlite/intel_store.h"

#include <algorithm>

#include "base/utf8.h"
#include "store/audit_entries.h"

namespace tocsin::store {
namespace {

constexpr std::string_view kSelectList =
    "SELECT number, id, name, format, source, tlp, produced_at, imported_at, imported_by, entries FROM "
    "intel_lists ";
constexpr std::string_view kEntryColumns =
    "e.number, e.kind, e.value, e.label, e.reference, e.confidence, e.tlp, e.seen_at, e.valid_until ";

IntelList read_list(const Statement& row) {
  IntelList list;
  list.id = IntelListId::parse(row.text(1)).value_or(IntelListId());
  list.name = row.text(2);
  list.format = row.text(3);
  list.source = row.text(4);
  list.tlp = static_cast<model::Tlp>(row.integer(5));
  list.produced_at = row.time(6);
  list.imported_at = row.time(7);
  list.imported_by = row.text(8);
  list.entries = row.int64(9);
  return list;
}

IntelEntry read_entry(const Statement& row) {
  IntelEntry entry;
  entry.ioc.kind = static_cast<model::IocKind>(row.integer(1));
  entry.ioc.value = row.text(2);
  entry.label = row.text(3);
  entry.reference = row.text(4);
  entry.confidence = row.integer(5);
  entry.tlp = static_cast<model::Tlp>(row.integer(6));
  entry.seen_at = row.time(7);
  if (!row.null(8)) entry.valid_until = row.time(8);
  return entry;
}

// Number of the list in its table; 0 when there is none.
Result<std::int64_t> number_of(std::string_view sql, std::string_view key, TenantId tenant, Connection& db) {
  auto row = db.prepare(sql);
  std::int64_t number = 0;
  if (row.query(tenant.value, key).next()) number = row.int64(0);
  TOCSIN_CHECK(row.status());
  return number;
}

Result<std::int64_t> number_of(const IntelListId& id, TenantId tenant, Connection& db) {
  return number_of("SELECT number FROM intel_lists WHERE tenant = ?1 AND id = ?2", id.str(), tenant, db);
}

Result<std::optional<IntelList>> list_of(std::int64_t number, Connection& db) {
  auto row = db.prepare(join_sql({kSelectList, "WHERE number = ?1"}));
  std::optional<IntelList> list;
  if (row.query(number).next()) list = read_list(row);
  TOCSIN_CHECK(row.status());
  return list;
}

Result<void> drop_list(std::int64_t number, Connection& db) {
  TOCSIN_CHECK(db.prepare("DELETE FROM intel_entries WHERE list = ?1").run(number));
  return db.prepare("DELETE FROM intel_lists WHERE number = ?1").run(number);
}

Result<std::int64_t> insert_list(const IntelList& list, TenantId tenant, Connection& db) {
  auto insert = db.prepare(
      "INSERT INTO intel_lists (tenant, id, name, format, source, tlp, produced_at, imported_at, "
      "imported_by, "
      "entries) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING number");
  insert.query(tenant.value, list.id.str(), list.name, list.format, list.source, list.tlp, list.produced_at,
               list.imported_at, list.imported_by, list.entries);
  const auto number = insert.next() ? insert.int64(0) : 0;
  while (insert.next()) {
  }
  TOCSIN_CHECK(insert.status());
  return number;
}

Result<void> insert_entries(std::int64_t list, const std::vector<IntelEntry>& entries, Connection& db) {
  auto insert = db.prepare(
      "INSERT INTO intel_entries (list, kind, value, label, reference, confidence, tlp, seen_at, "
      "valid_until) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
  for (const auto& entry : entries) {
    TOCSIN_CHECK(insert.run(list, entry.ioc.kind, entry.ioc.value, entry.label, entry.reference,
                            entry.confidence, entry.tlp, entry.seen_at, entry.valid_until));
  }
  return {};
}

void keep_last_of_repeats(std::vector<IntelEntry>& entries) {
  const auto by_ioc = [](const IntelEntry& a, const IntelEntry& b) { return a.ioc < b.ioc; };
  std::reverse(entries.begin(), entries.end());
  std::stable_sort(entries.begin(), entries.end(), by_ioc);
  const auto same = [](const IntelEntry& a, const IntelEntry& b) { return a.ioc == b.ioc; };
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
  for (auto& entry : entries) {
    if (entry.label.size() > kMaxIntelLabel) entry.label = utf8_prefix(entry.label, kMaxIntelLabel);
  }
}

Error too_many(std::string what, std::string hint) {
  return error(ErrorKind::kInvalidInput, "keep an intelligence list", std::move(what), std::move(hint));
}

Result<void> check_room(TenantId tenant, Connection& db) {
  auto row = db.prepare("SELECT count(*) FROM intel_lists WHERE tenant = ?1");
  const bool full = row.query(tenant.value).next() && row.int64(0) >= std::int64_t{kMaxIntelLists};
  TOCSIN_CHECK(row.status());
  if (full) return too_many("there are 200 lists already", "Delete one, or give the name of one to replace");
  return {};
}

}  // namespace

Result<IntelList> SqliteIntelStore::put(IntelList list, std::vector<IntelEntry> entries) {
  keep_last_of_repeats(entries);
  if (entries.size() > kMaxIntelEntries) return too_many("it has more than 200,000 indicators", "Split it");
  list.entries = static_cast<std::int64_t>(entries.size());
  const auto content = content_hash(entries);
  const auto write = [&](WriteContext& context) -> Result<IntelList> {
    TOCSIN_TRY(before, number_of("SELECT number FROM intel_lists WHERE tenant = ?1 AND name = ?2", list.name,
                                 tenant_, context.db));
    if (before == 0) TOCSIN_CHECK(check_room(tenant_, context.db));
    auto stored = list;
    stored.id = IntelListId::make(context.now);
    stored.imported_at = context.now;
    TOCSIN_TRY(replaced, list_of(before, context.db));
    if (before != 0) TOCSIN_CHECK(drop_list(before, context.db));
    TOCSIN_TRY(number, insert_list(stored, tenant_, context.db));
    TOCSIN_CHECK(insert_entries(number, entries, context.db));
    TOCSIN_CHECK(write_audit(context, tenant_, audit_of(replaced, stored, content)));
    return stored;
  };
  return parts_.writer.wait<IntelList>(write);
}

Result<std::vector<IntelList>> SqliteIntelStore::lists() const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto row = db->prepare(join_sql({kSelectList, "WHERE tenant = ?1 ORDER BY name"}));
  std::vector<IntelList> lists;
  row.query(tenant_.value);
  while (row.next()) lists.push_back(read_list(row));
  TOCSIN_CHECK(row.status());
  return lists;
}

Result<std::optional<IntelList>> SqliteIntelStore::find_list(const IntelListId& id) const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto row = db->prepare(join_sql({kSelectList, "WHERE tenant = ?1 AND id = ?2"}));
  std::optional<IntelList> list;
  if (row.query(tenant_.value, id.str()).next()) list = read_list(row);
  TOCSIN_CHECK(row.status());
  return list;
}

Result<std::vector<std::pair<std::int64_t, IntelEntry>>> SqliteIntelStore::entries(const IntelListId& id,
                                                                                   std::int64_t after,
                                                                                   std::size_t limit) const {
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);
  TOCSIN_TRY(list, number_of(id, tenant_, *db));
  auto row = db->prepare(join_sql({"SELECT ", kEntryColumns,
                                   "FROM intel_entries e WHERE e.list = ?1 AND e.number > ?2 ORDER BY "
                                   "e.number LIMIT ?3"}));
  std::vector<std::pair<std::int64_t, IntelEntry>> found;
  row.query(list, after, limit);
  while (row.next()) found.emplace_back(row.int64(0), read_entry(row));
  TOCSIN_CHECK(row.status());
  return found;
}

Result<void> SqliteIntelStore::remove(const IntelListId& id) {
  return parts_.writer.wait_for([&](WriteContext& context) -> Result<void> {
    TOCSIN_TRY(number, number_of(id, tenant_, context.db));
    if (number == 0) {
      return error(ErrorKind::kNotFound, "delete an intelligence list", "there is no list " + id.str());
    }
    TOCSIN_TRY(before, list_of(number, context.db));
    TOCSIN_CHECK(drop_list(number, context.db));
    return write_audit(context, tenant_, audit_of(before, std::nullopt, {}));
  });
}

Result<std::vector<IntelHit>> SqliteIntelStore::find(const model::Ioc& ioc, Timestamp now) const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto row = db->prepare(
      join_sql({"SELECT ", kEntryColumns,
                ", l.id, l.name, l.source FROM intel_entries e JOIN intel_lists l ON l.number = e.list "
                "WHERE e.kind = ?1 AND e.value = ?2 AND l.tenant = ?3 AND (e.valid_until IS NULL OR "
                "e.valid_until > ?4) ORDER BY l.name LIMIT ?5"}));
  std::vector<IntelHit> hits;
  row.query(ioc.kind, ioc.value, tenant_.value, now, kMaxIntelHits);
  while (row.next()) {
    hits.push_back({read_entry(row), IntelListId::parse(row.text(9)).value_or(IntelListId()),
                    std::string(row.text(10)), std::string(row.text(11))});
  }
  TOCSIN_CHECK(row.status());
  return hits;
}

}  // namespace tocsin::store
