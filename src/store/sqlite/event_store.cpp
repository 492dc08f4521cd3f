#include "store/sqlite/block.h"
#include "store/sqlite/document.h"
#include "store/sqlite/operation_stores.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 20;

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

}  // namespace

Result<std::vector<Seq>> SqliteEventStore::append(std::vector<model::Event> events) {
  const auto blocks = pack(events);
  std::size_t bytes = 0;
  for (const auto& block : blocks) bytes += block.docs.size();
  return parts_.writer.wait<std::vector<Seq>>(
      [&](WriteContext& context) -> Result<std::vector<Seq>> {
        std::vector<Seq> seqs;
        auto insert = context.db.prepare(
            "INSERT INTO event_blocks (first_seq, tenant, events, docs) VALUES (?1, ?2, ?3, ?4)");
        for (const auto& block : blocks) {
          const auto first = context.ingest.last_event + 1;
          TOCSIN_CHECK(insert.run(first, tenant_.value, block.count, Blob{block.docs}));
          context.ingest.last_event += static_cast<Seq>(block.count);
          for (auto seq = first; seq <= context.ingest.last_event; ++seq) seqs.push_back(seq);
        }
        for (const auto& event : events) {
          const auto name = context.ingest.names.counted_as(tenant_, Counter::kEventSource, event.source);
          context.counters.add(tenant_, Counter::kEventSource, name, 1);
        }
        context.counters.add(tenant_, Counter::kEvents, "", static_cast<std::int64_t>(events.size()));
        return seqs;
      },
      std::max<std::size_t>(events.size(), 1), bytes);
}

Result<std::vector<model::Event>> SqliteEventStore::after(Seq seq, std::size_t limit) const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto rows = db->prepare(
      "SELECT first_seq, docs FROM event_blocks WHERE tenant = ?1 AND first_seq >= coalesce((SELECT "
      "max(first_seq) FROM "
      "event_blocks WHERE first_seq <= ?2), 0) ORDER BY first_seq");
  std::vector<model::Event> events;
  rows.query(tenant_.value, seq + 1);
  while (events.size() < limit && rows.next()) {
    TOCSIN_TRY(block, BlockReader::open(rows.blob(1)));
    for (std::size_t slot = 0; slot < block.size() && events.size() < limit; ++slot) {
      model::Event event;
      event.seq = rows.int64(0) + static_cast<Seq>(slot);
      if (event.seq <= seq) continue;
      if (!decode_event(block.item(slot), event)) {
        return error(ErrorKind::kInternal, "read events",
                     "event " + std::to_string(event.seq) + " is damaged");
      }
      events.push_back(std::move(event));
    }
  }
  TOCSIN_CHECK(rows.status());
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

Result<std::vector<std::pair<std::string, std::int64_t>>> read_counters(Connection& db, TenantId tenant,
                                                                        Counter counter, std::size_t limit) {
  auto rows = db.prepare(
      "SELECT name, value FROM counters WHERE tenant = ?1 AND kind = ?2 AND value <> 0 ORDER BY value DESC, "
      "name LIMIT ?3");
  std::vector<std::pair<std::string, std::int64_t>> counters;
  rows.query(tenant.value, counter, limit);
  while (rows.next()) counters.emplace_back(std::string(rows.text(0)), rows.int64(1));
  TOCSIN_CHECK(rows.status());
  return counters;
}

}  // namespace tocsin::store
