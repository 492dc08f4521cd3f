#include <algorithm>
#include <iterator>
#include <limits>

#include "base/sha256.h"
#include "store/audit_entries.h"
#include "store/sqlite/block.h"
#include "store/sqlite/document.h"
#include "store/sqlite/operation_stores.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
constexpr std::size_t kWholeBlock = std::numeric_limits<std::size_t>::max();

struct EventBlock {
  std::size_t first = 0;
  std::size_t count = 0;
  std::string docs;
};

std::vector<EventBlock> pack(const std::vector<model::Event>& events) {
  std::vector<EventBlock> blocks;
  BlockWriter writer;
  for (std::size_t i = 0; i < events.size(); ++i) {
    encode_event(events[i], writer.open_item());
    writer.close_item();
    if (writer.bytes() < kBlockBytes && i + 1 < events.size()) continue;
    blocks.push_back({i + 1 - writer.items(), writer.items(), writer.pack()});
    writer.clear();
  }
  return blocks;
}

Result<void> read_block(std::string_view docs, Seq first, Seq& reached, std::size_t limit,
                        std::vector<model::Event>& events) {
  TOCSIN_TRY(block, BlockReader::open(docs));
  for (std::size_t slot = 0; slot < block.size() && events.size() < limit; ++slot) {
    model::Event event;
    event.seq = first + static_cast<Seq>(slot);
    if (event.seq <= reached) continue;
    if (!decode_event(block.item(slot), event)) {
      return error(ErrorKind::kInternal, "read events", "event " + std::to_string(event.seq) + " is damaged");
    }
    reached = event.seq;
    events.push_back(std::move(event));
  }
  return {};
}

void add_bytes(const std::vector<model::Event>& events, std::size_t counted, std::size_t& bytes) {
  for (auto at = counted; at < events.size(); ++at)
    bytes += events[at].raw.size() + events[at].message.size();
}

// Events after `reached`, which moves along; a few blocks at a time, because some databases send whole
// results.
Result<void> read_blocks(Connection& db, TenantId tenant, Seq& reached, std::size_t limit,
                         std::vector<model::Event>& events, std::size_t& bytes) {
  auto rows = db.prepare(
      "SELECT first_seq, docs FROM event_blocks WHERE tenant = ?1 AND first_seq >= coalesce((SELECT "
      "first_seq FROM event_blocks WHERE tenant = ?1 AND first_seq <= ?2 ORDER BY first_seq DESC LIMIT 1), "
      "0) ORDER BY first_seq LIMIT 16");
  rows.query(tenant.value, reached + 1);
  while (events.size() < limit && bytes < kEventBytesAtOnce && rows.next()) {
    const auto counted = events.size();
    TOCSIN_CHECK(read_block(rows.blob(1), rows.int64(0), reached, limit, events));
    add_bytes(events, counted, bytes);
  }
  return rows.status();
}

}  // namespace

Result<std::vector<Seq>> SqliteEventStore::append(const std::vector<model::Event>& events) {
  const auto blocks = pack(events);
  std::size_t bytes = 0;
  Sha256 content;
  for (const auto& block : blocks) {
    bytes += block.docs.size();
    content.add(block.docs);
  }
  const auto hash = to_hex(content.finish());
  return parts_.writer.wait<std::vector<Seq>>(
      [&](WriteContext& context) -> Result<std::vector<Seq>> {
        TOCSIN_TRY(last, number_for(context.db, parts_.dialect.last_event, tenant_));
        std::vector<Seq> seqs;
        auto insert = context.db.prepare(
            "INSERT INTO event_blocks (first_seq, tenant, events, docs) VALUES (?1, ?2, ?3, ?4)");
        for (const auto& block : blocks) {
          const auto first = last + 1;
          TOCSIN_CHECK(insert.run(first, tenant_.value, block.count, Blob{block.docs}));
          last += static_cast<Seq>(block.count);
          for (auto seq = first; seq <= last; ++seq) seqs.push_back(seq);
        }
        for (const auto& event : events) {
          const auto name = context.names.counted_as(tenant_, Counter::kEventSource, event.source);
          context.counters.add(tenant_, Counter::kEventSource, name, 1);
        }
        context.counters.add(tenant_, Counter::kEvents, "", static_cast<std::int64_t>(events.size()));
        if (seqs.empty()) return seqs;
        TOCSIN_CHECK(
            write_audit(context, tenant_, audit_of_events(seqs.size(), seqs.front(), seqs.back(), hash)));
        return seqs;
      },
      std::max<std::size_t>(events.size(), 1), bytes);
}

Result<std::vector<model::Event>> SqliteEventStore::after(Seq seq, std::size_t limit) const {
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);
  std::vector<model::Event> events;
  std::size_t bytes = 0;
  for (Seq reached = seq; events.size() < limit && bytes < kEventBytesAtOnce;) {
    const auto before = reached;
    TOCSIN_CHECK(read_blocks(*db, tenant_, reached, limit, events, bytes));
    if (reached == before) break;
  }
  return events;
}

Result<std::optional<Seq>> SqliteEventStore::next(Seq seq) const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto rows = db->prepare(
      "SELECT first_seq FROM event_blocks WHERE tenant = ?1 AND first_seq + events - 1 > ?2 AND first_seq >= "
      "coalesce((SELECT first_seq FROM event_blocks WHERE tenant = ?1 AND first_seq <= ?2 ORDER BY first_seq "
      "DESC LIMIT 1), 0) ORDER BY first_seq LIMIT 1");
  rows.query(tenant_.value, seq);
  std::optional<Seq> found;
  if (rows.next()) found = std::max(rows.int64(0), seq + 1);
  TOCSIN_CHECK(rows.status());
  return found;
}

Result<std::vector<model::Event>> SqliteEventStore::before(Seq seq, std::size_t limit) const {
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);
  std::vector<model::Event> events;
  std::size_t bytes = 0;
  for (Seq below = seq; events.size() < limit && bytes < kEventBytesAtOnce;) {
    const auto from = below;
    auto rows = db->prepare(
        "SELECT first_seq, docs FROM event_blocks WHERE tenant = ?1 AND first_seq < ?2 ORDER BY first_seq "
        "DESC LIMIT 4");
    rows.query(tenant_.value, below);
    while (events.size() < limit && bytes < kEventBytesAtOnce && rows.next()) {
      below = rows.int64(0);
      const auto counted = events.size();
      std::vector<model::Event> block;
      Seq reached = 0;
      TOCSIN_CHECK(read_block(rows.blob(1), below, reached, kWholeBlock, block));
      std::erase_if(block, [&](const model::Event& event) { return event.seq >= seq; });
      const auto wanted = std::min(block.size(), limit - events.size());
      std::move(block.rbegin(), block.rbegin() + static_cast<std::ptrdiff_t>(wanted),
                std::back_inserter(events));
      add_bytes(events, counted, bytes);
    }
    TOCSIN_CHECK(rows.status());
    if (below == from) break;
  }
  return events;
}

Result<std::int64_t> SqliteEventStore::count() const {
  TOCSIN_TRY(db, parts_.readers.take());
  TOCSIN_TRY(counters, read_counters(*db, tenant_, Counter::kEvents, 1));
  return counters.empty() ? std::int64_t{0} : counters[0].second;
}

Result<std::vector<std::pair<std::string, std::int64_t>>> SqliteEventStore::count_by_source() const {
  TOCSIN_TRY(db, parts_.readers.take());
  return read_counters(*db, tenant_, Counter::kEventSource, CountedNames::kCountedNames + 1);
}

}  // namespace tocsin::store
