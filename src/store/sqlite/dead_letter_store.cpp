#include "store/audit_entries.h"
#include "store/sqlite/block.h"
#include "store/sqlite/cursor.h"
#include "store/sqlite/operation_stores.h"

namespace tocsin::store {
namespace {

constexpr std::string_view kListName = "dead-letters";
constexpr std::string_view kSelect =
    "SELECT number, id, source, content_type, reason, truncated, received_at, attempts, resolved, body FROM "
    "dead_letters ";

Result<DeadLetter> read_letter(const Statement& row) {
  DeadLetter letter;
  letter.id = DeadLetterId::parse(row.text(1)).value_or(DeadLetterId());
  letter.source = row.text(2);
  letter.content_type = row.text(3);
  letter.reason = row.text(4);
  letter.truncated = row.integer(5) != 0;
  letter.received_at = row.time(6);
  letter.attempts = row.integer(7);
  letter.resolved = row.integer(8) != 0;
  TOCSIN_TRY(body, decompress(row.blob(9)));
  letter.body = std::move(body);
  return letter;
}

Result<std::optional<DeadLetter>> find_letter(const DeadLetterId& id, TenantId tenant, Connection& db) {
  auto row = db.prepare(join_sql({kSelect, "WHERE tenant = ?1 AND id = ?2"}));
  if (!row.query(tenant.value, id.str()).next()) {
    TOCSIN_CHECK(row.status());
    return std::optional<DeadLetter>();
  }
  TOCSIN_TRY(letter, read_letter(row));
  return std::optional(std::move(letter));
}

Result<void> insert_letter(const DeadLetter& letter, std::string_view packed, TenantId tenant,
                           Connection& db) {
  auto insert = db.prepare(
      "INSERT INTO dead_letters (tenant, id, source, content_type, reason, truncated, received_at, attempts, "
      "resolved, "
      "body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
  return insert.run(tenant.value, letter.id.str(), letter.source, letter.content_type, letter.reason,
                    letter.truncated, letter.received_at, letter.attempts, letter.resolved, Blob{packed});
}

// The newest stay; numbers grow by one, so the distance of two is at least the letters between them.
Result<void> forget_oldest(TenantId tenant, std::size_t kept, Connection& db) {
  auto forget = db.prepare(
      "DELETE FROM dead_letters WHERE tenant = ?1 AND number <= (SELECT max(number) FROM dead_letters) - ?2");
  return forget.run(tenant.value, kept);
}

}  // namespace

Result<void> SqliteDeadLetterStore::put(std::vector<DeadLetter> letters) {
  std::vector<std::string> packed;
  std::size_t bytes = 0;
  for (auto& letter : letters) {
    if (letter.id.empty()) letter.id = DeadLetterId::make(parts_.clock.now());
    letter.truncated = letter.truncated || letter.body.size() > kDeadLetterBytes;
    if (letter.body.size() > kDeadLetterBytes) letter.body.resize(kDeadLetterBytes);
    packed.push_back(compress(letter.body));
    bytes += packed.back().size();
  }
  const auto entry = audit_of(letters);
  return parts_.writer.wait_for(
      [&](WriteContext& context) -> Result<void> {
        for (std::size_t i = 0; i < letters.size(); ++i) {
          TOCSIN_CHECK(insert_letter(letters[i], packed[i], tenant_, context.db));
        }
        TOCSIN_CHECK(forget_oldest(tenant_, context.options.dead_letters_kept, context.db));
        return letters.empty() ? Result<void>() : write_audit(context, tenant_, entry);
      },
      std::max<std::size_t>(letters.size(), 1), bytes);
}

Result<Page<DeadLetter>> SqliteDeadLetterStore::list(std::string_view cursor, std::size_t limit,
                                                     bool unresolved_only) const {
  constexpr std::string_view kAll = "WHERE tenant = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3";
  constexpr std::string_view kOpen =
      "WHERE tenant = ?1 AND resolved = 0 AND number < ?2 ORDER BY number DESC LIMIT ?3";
  constexpr std::string_view kCountAll =
      "SELECT count(*) FROM (SELECT 1 FROM dead_letters WHERE tenant = ?1 LIMIT ?2) AS counted";
  constexpr std::string_view kCountOpen =
      "SELECT count(*) FROM (SELECT 1 FROM dead_letters WHERE tenant = ?1 AND resolved = 0 LIMIT ?2) AS "
      "counted";
  Cursor from{0, std::numeric_limits<std::int64_t>::max()};
  if (!cursor.empty()) {
    TOCSIN_TRY(decoded, decode_cursor(kListName, cursor));
    from = decoded;
  }
  limit = std::clamp<std::size_t>(limit, 1, 1000);
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);
  Page<DeadLetter> page;
  auto row = db->prepare(join_sql({kSelect, unresolved_only ? kOpen : kAll}));
  row.query(tenant_.value, from.seq, limit + 1);
  std::int64_t last = 0;
  while (row.next()) {
    if (page.items.size() == limit) {
      page.next_cursor = encode_cursor(kListName, {0, last});
      break;
    }
    TOCSIN_TRY(letter, read_letter(row));
    page.items.push_back(std::move(letter));
    last = row.int64(0);
  }
  TOCSIN_CHECK(row.status());
  auto counted = db->prepare(unresolved_only ? kCountOpen : kCountAll);
  if (counted.query(tenant_.value, kCountedAtMost + 1).next()) page.total = counted.int64(0);
  page.total_capped = page.total > kCountedAtMost;
  page.total = std::min(page.total, kCountedAtMost);
  TOCSIN_CHECK(counted.status());
  return page;
}

Result<std::optional<DeadLetter>> SqliteDeadLetterStore::find(const DeadLetterId& id) const {
  TOCSIN_TRY(db, parts_.readers.take());
  return find_letter(id, tenant_, *db);
}

Result<void> SqliteDeadLetterStore::mark(const DeadLetterId& id, bool resolved, std::string_view reason) {
  return parts_.writer.wait_for([&](WriteContext& context) -> Result<void> {
    TOCSIN_TRY(before, find_letter(id, tenant_, context.db));
    if (!before) {
      return error(ErrorKind::kNotFound, "mark dead letter", "there is no dead letter " + id.str());
    }
    auto update = context.db.prepare(
        "UPDATE dead_letters SET resolved = ?3, reason = ?4, attempts = attempts + 1 WHERE tenant = ?1 AND "
        "id = ?2");
    TOCSIN_CHECK(update.run(tenant_.value, id.str(), resolved, reason));
    return write_audit(context, tenant_, audit_of_mark(*before, resolved, reason));
  });
}

}  // namespace tocsin::store
