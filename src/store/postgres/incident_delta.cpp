#include "store/postgres/incident_delta.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>

#include "store/postgres/array_text.h"
#include "store/sql/incident_upsert.h"

namespace tocsin::store::postgres {
namespace {

// Bounds what a rebuild of a million alerts holds as text at a time, some 100 bytes a row.
constexpr std::size_t kRowsPerStatement = 20'000;

// One statement cannot write a row twice: of rows with one key, the last one counts.
template <class Row, class Key>
std::vector<const Row*> last_of_each(std::span<const Row> rows, const Key& key_of) {
  std::unordered_map<Seq, std::size_t> last;
  for (std::size_t i = 0; i < rows.size(); ++i) last[key_of(rows[i])] = i;
  std::vector<const Row*> kept;
  kept.reserve(last.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (last[key_of(rows[i])] == i) kept.push_back(&rows[i]);
  }
  return kept;
}

template <class Row, class Write>
Result<void> in_chunks(const std::vector<Row>& rows, const Write& write) {
  for (std::size_t from = 0; from < rows.size(); from += kRowsPerStatement) {
    const auto count = std::min(kRowsPerStatement, rows.size() - from);
    TOCSIN_CHECK(write(std::span<const Row>(rows).subspan(from, count)));
  }
  return {};
}

// LATERAL with an OFFSET is a search of the index for each row that is asked for, whatever the statistics
// say: those of a table that a rebuild fills are wrong for as long as that takes.

struct States {
  std::int64_t shown = 0;
  std::int64_t open = 0;
};

Result<States> read_states(Connection& db, TenantId tenant, const std::string& seqs) {
  auto row = db.prepare(
      "SELECT count(*) FILTER (WHERE i.shown), count(*) FILTER (WHERE i.shown AND i.status <> 3) "
      "FROM unnest(?2::text::int8[]) AS t (seq) CROSS JOIN LATERAL (SELECT status, merged_into IS NULL AS "
      "shown "
      "FROM incidents WHERE tenant = ?1 AND seq = t.seq OFFSET 0) AS i");
  States states;
  if (row.query(tenant.value, seqs).next()) states = {row.int64(0), row.int64(1)};
  TOCSIN_CHECK(row.status());
  return states;
}

// The columns of an upsert, each as a list.
struct IncidentLists {
  ArrayText seq, id, title, severity, priority, risk_score, confidence, status, verdict, assignee,
      close_reason, created_at, updated_at, first_seen, last_seen, lead_alert, tactics, requires_review,
      review_reason, merged_into, decided;

  void add(const model::Incident& i) {
    seq.number(i.seq);
    id.text(i.id.str());
    title.text(i.title);
    severity.number(static_cast<int>(i.severity));
    priority.number(i.priority);
    risk_score.number(i.risk_score);
    confidence.number(i.confidence);
    status.number(static_cast<int>(i.status));
    verdict.number(static_cast<int>(i.verdict));
    assignee.optional_text(i.assignee);
    close_reason.optional_text(i.close_reason);
    created_at.number(to_unix_nanos(i.created_at));
    updated_at.number(to_unix_nanos(i.updated_at));
    first_seen.number(to_unix_nanos(i.first_seen));
    last_seen.number(to_unix_nanos(i.last_seen));
    lead_alert.number(i.lead_alert);
    tactics.number(i.tactics);
    requires_review.number(i.requires_review ? 1 : 0);
    review_reason.text(i.review_reason);
    merged_into.optional_text(i.merged_into ? std::optional(i.merged_into->str()) : std::nullopt);
    decided.number(i.decided ? 1 : 0);
  }

  Result<void> write(Connection& db, TenantId tenant) const {
    auto upsert = db.prepare(join_sql(
        {kInsertIncidents,
         "SELECT ?1, t.*, 1 FROM (SELECT seq, id, title, severity, priority, risk_score, confidence, status, "
         "verdict, assignee, close_reason, created_at, updated_at, first_seen, last_seen, 0::int8, "
         "lead_alert, "
         "tactics, requires_review, review_reason, merged_into, decided FROM unnest(?2::text::int8[], "
         "?3::text::text[], ?4::text::text[], ?5::text::int2[], ?6::text::int2[], ?7::text::float8[], "
         "?8::text::float8[], ?9::text::int2[], ?10::text::int2[], ?11::text::text[], ?12::text::text[], "
         "?13::text::int8[], ?14::text::int8[], ?15::text::int8[], ?16::text::int8[], ?17::text::int8[], "
         "?18::text::int4[], ?19::text::int2[], ?20::text::text[], ?21::text::text[], ?22::text::int2[]) AS "
         "u "
         "(seq, id, title, severity, priority, risk_score, confidence, status, verdict, assignee, "
         "close_reason, "
         "created_at, updated_at, first_seen, last_seen, lead_alert, tactics, requires_review, "
         "review_reason, "
         "merged_into, decided)) AS t",
         kUpdateKnownIncidents}));
    return upsert.run(tenant.value, seq.str(), id.str(), title.str(), severity.str(), priority.str(),
                      risk_score.str(), confidence.str(), status.str(), verdict.str(), assignee.str(),
                      close_reason.str(), created_at.str(), updated_at.str(), first_seen.str(),
                      last_seen.str(), lead_alert.str(), tactics.str(), requires_review.str(),
                      review_reason.str(), merged_into.str(), decided.str());
  }
};

class DeltaWriter {
 public:
  DeltaWriter(TenantId tenant, WriteContext& context) : tenant_(tenant), context_(context) {}

  Result<void> write(const CorrelationDelta& delta) {
    const auto upserts = last_of_each(std::span<const model::Incident>(delta.upserts),
                                      [](const model::Incident& incident) { return incident.seq; });
    TOCSIN_CHECK(in_chunks(upserts, [&](auto chunk) { return upsert(chunk); }));
    TOCSIN_CHECK(in_chunks(delta.removed_memberships, [&](auto chunk) { return remove(chunk); }));
    const auto members = last_of_each(std::span<const model::Membership>(delta.memberships),
                                      [](const model::Membership& member) { return member.alert; });
    TOCSIN_CHECK(in_chunks(members, [&](auto chunk) { return join(chunk); }));
    TOCSIN_CHECK(write_counts());
    if (delta.watermark == 0) return {};
    return context_.db
        .prepare(
            "INSERT INTO correlation (tenant, watermark) VALUES (?1, ?2) "
            "ON CONFLICT (tenant) DO UPDATE SET watermark = excluded.watermark")
        .run(tenant_.value, delta.watermark);
  }

 private:
  Result<void> upsert(std::span<const model::Incident* const> incidents) {
    IncidentLists lists;
    for (const auto* incident : incidents) {
      if (context_.changes != nullptr) context_.changes->incident(tenant_, incident->id.str());
      lists.add(*incident);
    }
    const auto seqs = lists.seq.str();
    TOCSIN_TRY(before, read_states(context_.db, tenant_, seqs));
    TOCSIN_CHECK(lists.write(context_.db, tenant_));
    TOCSIN_TRY(after, read_states(context_.db, tenant_, seqs));
    context_.counters.add(tenant_, Counter::kIncidents, "", after.shown - before.shown);
    context_.counters.add(tenant_, Counter::kIncidentsOpen, "", after.open - before.open);
    return {};
  }

  Result<void> remove(std::span<const Seq> alerts) {
    ArrayText seqs;
    for (const auto seq : alerts) seqs.number(seq);
    auto gone = context_.db.prepare(
        "DELETE FROM incident_alerts WHERE ctid = ANY (ARRAY (SELECT m.ctid FROM unnest(?2::text::int8[]) AS "
        "t "
        "(seq) CROSS JOIN LATERAL (SELECT ctid FROM incident_alerts WHERE tenant = ?1 AND alert_seq = t.seq "
        "OFFSET 0) AS m)) RETURNING incident");
    gone.query(tenant_.value, seqs.str());
    while (gone.next()) --counts_[gone.int64(0)];
    return gone.status();
  }

  Result<void> join(std::span<const model::Membership* const> members) {
    ArrayText alert, incident, linked_to, reason, weight, indexes;
    for (const auto* member : members) {
      alert.number(member->alert);
      incident.number(member->incident);
      linked_to.number(member->linked_to);
      reason.number(static_cast<int>(member->reason));
      weight.number(member->weight_hundredths);
      indexes.hex(member->entity_indexes);
    }
    TOCSIN_TRY(owners, read_owners(alert.str()));
    auto written = context_.db.prepare(
        "INSERT INTO incident_alerts AS m (tenant, alert_seq, incident, linked_to, reason, weight, "
        "entity_indexes) "
        "SELECT ?1, t.alert_seq, t.incident, t.linked_to, t.reason, t.weight, decode(t.indexes, 'hex') FROM "
        "unnest(?2::text::int8[], ?3::text::int8[], ?4::text::int8[], ?5::text::int2[], ?6::text::int4[], "
        "?7::text::text[]) AS t (alert_seq, incident, linked_to, reason, weight, indexes) "
        "ON CONFLICT (tenant, alert_seq) DO UPDATE SET incident = excluded.incident, linked_to = "
        "excluded.linked_to, reason = excluded.reason, weight = excluded.weight, entity_indexes = "
        "excluded.entity_indexes WHERE (m.incident, m.linked_to, m.reason, m.weight, m.entity_indexes) "
        "IS DISTINCT FROM (excluded.incident, excluded.linked_to, excluded.reason, excluded.weight, "
        "excluded.entity_indexes) RETURNING alert_seq, incident");
    written.query(tenant_.value, alert.str(), incident.str(), linked_to.str(), reason.str(), weight.str(),
                  indexes.str());
    while (written.next()) {
      ++counts_[written.int64(1)];
      if (const auto old = owners.find(written.int64(0)); old != owners.end()) --counts_[old->second];
    }
    return written.status();
  }

  // The incidents that the alerts belong to so far.
  Result<std::unordered_map<Seq, Seq>> read_owners(const std::string& alerts) {
    auto row = context_.db.prepare(
        "SELECT m.alert_seq, m.incident FROM unnest(?2::text::int8[]) AS t (seq) CROSS JOIN LATERAL (SELECT "
        "alert_seq, incident FROM incident_alerts WHERE tenant = ?1 AND alert_seq = t.seq OFFSET 0) AS m");
    std::unordered_map<Seq, Seq> owners;
    row.query(tenant_.value, alerts);
    while (row.next()) owners.emplace(row.int64(0), row.int64(1));
    TOCSIN_CHECK(row.status());
    return owners;
  }

  Result<void> write_counts() {
    std::vector<std::pair<Seq, std::int64_t>> changed;
    std::copy_if(counts_.begin(), counts_.end(), std::back_inserter(changed),
                 [](const auto& count) { return count.second != 0; });
    return in_chunks(changed, [&](auto chunk) {
      ArrayText seqs, changes;
      for (const auto& [seq, change] : chunk) {
        seqs.number(seq);
        changes.number(change);
      }
      return context_.db
          .prepare(
              "UPDATE incidents SET alert_count = alert_count + t.change FROM unnest(?2::text::int8[], "
              "?3::text::int8[]) AS t (seq, change) WHERE incidents.tenant = ?1 AND incidents.seq = t.seq")
          .run(tenant_.value, seqs.str(), changes.str());
    });
  }

  const TenantId tenant_;
  WriteContext& context_;
  std::unordered_map<Seq, std::int64_t> counts_;  // of alerts, by incident: what is to be added
};

}  // namespace

Result<void> write_delta(const CorrelationDelta& delta, TenantId tenant, WriteContext& context) {
  return DeltaWriter(tenant, context).write(delta);
}

}  // namespace tocsin::store::postgres
