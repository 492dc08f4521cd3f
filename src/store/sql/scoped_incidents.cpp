#include "store/sql/scoped_incidents.h"

#include <algorithm>
#include <map>

#include "base/ascii.h"
#include "model/attack.h"
#include "model/matcher.h"
#include "store/scoped.h"
#include "store/sqlite/document.h"
#include "store/sqlite/incident_list.h"
#include "store/sqlite/incident_row.h"
#include "store/sqlite/search_text.h"
#include "store/sqlite/sql_text.h"

namespace tocsin::store {
namespace {

constexpr std::int64_t kExamined = 100'000;     // alerts and incidents, of one page and of one count
constexpr std::int64_t kAlertsAtOnce = 10'000;  // of the incidents of one statement; one may have more
constexpr std::size_t kIncidentsAtOnce = 256;
constexpr int kMergesFollowed = 32;

// What the visible alerts of an incident add up to.
struct Visible {
  std::int64_t alerts = 0;
  std::int64_t first_seen = 0;  // UTC nanoseconds
  std::int64_t last_seen = 0;
  std::int64_t lead_seen = 0;
  Seq lead = 0;
  model::Severity lead_severity = model::Severity::kInfo;
  std::string lead_title;
  std::uint16_t tactics = 0;
};
using VisibleOf = std::map<Seq, Visible>;

// As the correlator takes it: a clock that is ahead does not hold an incident open.
std::int64_t seen_at(const Statement& row) {
  constexpr std::int64_t kAhead = std::chrono::nanoseconds(std::chrono::minutes(5)).count();
  const auto occurred = row.int64(4), received = row.int64(5);
  return occurred - kAhead > received ? received + kAhead : occurred;
}

std::uint16_t tactics_of(const Statement& row) {
  model::Attack attack;
  return !row.null(6) && decode_attack(row.blob(6), attack) ? model::tactic_bits(attack) : std::uint16_t{0};
}

// The most severe leads, then the earliest, then the lowest number.
bool leads(const Statement& row, std::int64_t seen, const Visible& over) {
  const auto severity = static_cast<model::Severity>(row.integer(3));
  if (over.alerts == 0 || severity != over.lead_severity)
    return over.alerts == 0 || severity > over.lead_severity;
  return std::pair(seen, row.int64(1)) < std::pair(over.lead_seen, over.lead);
}

void add_alert(const Statement& row, Visible& to) {
  const auto seen = seen_at(row);
  if (leads(row, seen, to)) {
    to.lead = row.int64(1);
    to.lead_seen = seen;
    to.lead_severity = static_cast<model::Severity>(row.integer(3));
    to.lead_title = row.text(2);
  }
  to.first_seen = to.alerts == 0 ? seen : std::min(to.first_seen, seen);
  to.last_seen = to.alerts == 0 ? seen : std::max(to.last_seen, seen);
  to.tactics = static_cast<std::uint16_t>(to.tactics | tactics_of(row));
  ++to.alerts;
}

Result<VisibleOf> visible_of(Connection& db, TenantId tenant, const ScopeFilter& scope,
                             std::span<const Seq> incidents) {
  VisibleOf visible;
  for (std::size_t at = 0; at < incidents.size(); at += kSeqsAtOnce) {
    SqlText text;
    const auto some = incidents.subspan(at, std::min(kSeqsAtOnce, incidents.size() - at));
    text.sql =
        "SELECT m.incident, a.seq, a.title, a.severity, a.occurred_at, a.received_at, a.attack, a.source, "
        "a.host, a.ip FROM incident_alerts AS m INDEXED BY incident_alerts_by_incident JOIN alerts AS a ON "
        "a.tenant = m.tenant AND a.seq = m.alert_seq WHERE m.tenant = " +
        text.bind(tenant.value) + " AND m.incident IN (" + text.bind_all(padded(some)) + ")";
    auto row = db.prepare(text.sql);
    row.query_values(text.values);
    while (row.next()) {
      const auto host = row.null(8) ? std::string_view() : row.text(8);
      const auto address = row.null(9) ? std::string_view() : row.text(9);
      if (scope.holds(row.text(7), host, address)) add_alert(row, visible[row.int64(0)]);
    }
    TOCSIN_CHECK(row.status());
  }
  return visible;
}

void narrow(model::Incident& incident, const Visible& visible) {
  const auto hidden = incident.alert_count - visible.alerts;
  if (hidden <= 0) return;
  incident.title = visible.lead_title;
  incident.first_seen = from_unix_nanos(visible.first_seen);
  incident.last_seen = from_unix_nanos(visible.last_seen);
  incident.alert_count = visible.alerts;
  incident.lead_alert = visible.lead;
  incident.tactics = visible.tactics;
  incident.alerts_out_of_scope = hidden;
  incident.review_reason = out_of_scope_sentence(hidden);
}

// It has no alerts any more: what it says of them may be of hidden ones.
void forget_alerts(model::Incident& merged, const model::Incident& into) {
  merged.title = "Merged into " + into.id.str();
  merged.first_seen = into.first_seen;
  merged.last_seen = into.last_seen;
  merged.alert_count = 0;
  merged.lead_alert = 0;
  merged.tactics = 0;
  merged.review_reason.clear();
}

Result<std::optional<model::Incident>> survivor_of(Connection& db, TenantId tenant,
                                                   const model::Incident& merged) {
  std::optional<model::Incident> next = merged;
  for (int i = 0; next && next->merged_into && i < kMergesFollowed; ++i) {
    TOCSIN_TRY(into, find_incident(db, tenant, next->merged_into->str()));
    next = std::move(into);
  }
  return next && next->merged_into ? std::nullopt : next;
}

// False when the reader may not know it.
Result<bool> narrow_merged(Connection& db, TenantId tenant, const ScopeFilter& scope,
                           model::Incident& merged) {
  TOCSIN_TRY(survivor, survivor_of(db, tenant, merged));
  if (!survivor) return false;
  TOCSIN_TRY(visible, visible_of(db, tenant, scope, std::span(&survivor->seq, 1)));
  if (visible.empty()) return false;
  narrow(*survivor, visible.begin()->second);
  forget_alerts(merged, *survivor);
  return true;
}

// ---- lists

// Those whose answer depends on which alerts are looked at.
class LateFilters {
 public:
  explicit LateFilters(const IncidentQuery& query)
      : words_(parse_question(query.text).words), seen_(query.seen) {
    if (query.where) matcher_.emplace(*query.where);
  }
  bool pass(const model::Incident& incident) const {
    const auto has = [&](const std::string& word) { return contains_ignoring_case(incident.title, word); };
    return (!seen_.from || incident.last_seen >= *seen_.from) &&
           (!seen_.until || incident.first_seen < *seen_.until) &&
           std::all_of(words_.begin(), words_.end(), has) && (!matcher_ || matcher_->matches(incident));
  }

 private:
  const std::vector<std::string> words_;
  const TimeRange seen_;
  std::optional<model::Matcher> matcher_;
};

class Walk {
 public:
  Walk(Connection& db, TenantId tenant, const ScopeFilter* scope, const IncidentQuery& query)
      : db_(db), tenant_(tenant), scope_(scope), query_(query), filters_(query), rows_(query) {
    if (scope != nullptr) {
      rows_.text.clear();
      rows_.seen = {};
    }
    rows_.where.reset();
    rows_.offset = 0;
    rows_.limit = kIncidentsAtOnce - 1;
  }

  // Until `each` has said false, the list is at its end or too much was looked at; that one answers where to
  // go on.
  template <class Each>
  Result<std::optional<model::Incident>> run(std::optional<Cursor> from, Each each) {
    std::optional<model::Incident> last;
    for (std::int64_t examined = 0; examined < kExamined;) {
      TOCSIN_TRY(rows, incidents_after(db_, tenant_, rows_, from));
      const bool at_end = rows.size() < kIncidentsAtOnce;
      const auto cost = shorten(rows);
      if (rows.empty()) return std::optional<model::Incident>();
      last = rows.back();
      from = cursor_at(*last, query_.sort);
      const bool all = at_end && !shortened_;
      if (scope_ != nullptr) {
        TOCSIN_TRY(visible, narrow_incidents(db_, tenant_, *scope_, std::move(rows)));
        rows = std::move(visible);
      }
      for (auto& incident : rows) {
        if (filters_.pass(incident) && !each(std::move(incident))) return std::optional<model::Incident>();
      }
      if (all) return std::optional<model::Incident>();
      examined += cost;
    }
    return last;
  }

 private:
  // To as many as have kAlertsAtOnce alerts together; how much is looked at for them.
  std::int64_t shorten(std::vector<model::Incident>& rows) {
    shortened_ = false;
    if (scope_ == nullptr) return std::ssize(rows);
    std::int64_t cost = 0;
    std::size_t kept = 0;
    while (kept < rows.size() && (kept == 0 || cost + rows[kept].alert_count <= kAlertsAtOnce))
      cost += rows[kept++].alert_count + 1;
    shortened_ = kept < rows.size();
    rows.resize(kept);
    return cost;
  }

  Connection& db_;
  const TenantId tenant_;
  const ScopeFilter* scope_;  // null: whole incidents
  const IncidentQuery& query_;
  const LateFilters filters_;
  IncidentQuery rows_;  // what a row answers
  bool shortened_ = false;
};

}  // namespace

Result<std::vector<model::Incident>> narrow_incidents(Connection& db, TenantId tenant,
                                                      const ScopeFilter& scope,
                                                      std::vector<model::Incident> incidents) {
  std::vector<Seq> seqs;
  for (const auto& incident : incidents) {
    if (!incident.merged_into) seqs.push_back(incident.seq);
  }
  TOCSIN_TRY(visible, visible_of(db, tenant, scope, seqs));
  std::vector<model::Incident> narrowed;
  for (auto& incident : incidents) {
    if (incident.merged_into) {
      TOCSIN_TRY(known, narrow_merged(db, tenant, scope, incident));
      if (known) narrowed.push_back(std::move(incident));
    } else if (const auto found = visible.find(incident.seq); found != visible.end()) {
      narrow(incident, found->second);
      narrowed.push_back(std::move(incident));
    }
  }
  return narrowed;
}

Result<Page<model::Incident>> walk_incidents(Connection& db, TenantId tenant, const ScopeFilter* scope,
                                             const IncidentQuery& query) {
  TOCSIN_TRY(from, start_of(query));
  Walk walk(db, tenant, scope, query);
  Page<model::Incident> page;
  std::size_t skipped = 0;
  TOCSIN_TRY(stopped, walk.run(from, [&](model::Incident incident) {
    if (skipped < query.offset) return ++skipped > 0;
    page.items.push_back(std::move(incident));
    return page.items.size() <= query.limit;
  }));
  const bool more = page.items.size() > query.limit;
  if (more) page.items.resize(query.limit);
  if (more || stopped) page.next_cursor = encode_cursor_at(more ? page.items.back() : *stopped, query.sort);
  page.total = static_cast<std::int64_t>(page.items.size());
  if (!from && query.offset == 0 && page.next_cursor.empty()) return page;
  std::int64_t total = 0;
  TOCSIN_TRY(uncounted,
             walk.run(std::nullopt, [&](const model::Incident&) { return ++total <= kCountedAtMost; }));
  page.total = std::min(std::max(total, page.total), kCountedAtMost);
  page.total_capped = total > kCountedAtMost || uncounted.has_value();
  return page;
}

}  // namespace tocsin::store
