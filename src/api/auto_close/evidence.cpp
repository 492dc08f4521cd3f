#include "api/auto_close/evidence.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "triage/auto_close/sample.h"

namespace tocsin::api {
namespace {

constexpr std::size_t kPage = 1000;
constexpr std::int64_t kShapeAlerts = 2000;
constexpr std::size_t kShapePages = 5;

store::AlertQuery low_and_medium() {
  store::AlertQuery query;
  query.severities = {model::Severity::kInfo, model::Severity::kLow, model::Severity::kMedium};
  query.limit = kPage;
  return query;
}

DecidedRow to_row(const store::DecidedAlert& decided, const model::Alert& alert,
                  const AutoClosePolicy& policy, const std::string& key) {
  DecidedRow row{.alert = alert.seq};
  row.is_kept = !key.empty() && triage::is_kept_for_review(alert.id.str(), key);
  row.said = {.incident = alert.incident_id ? alert.incident_id->str() : std::string(),
              .actor = decided.said.actor,
              .decided_at = decided.said.decided_at,
              .fp_probability = decided.fp_probability,
              .word = decided.said.word,
              .is_real = decided.said.verdict == model::Verdict::kTruePositive,
              .is_open_to_view = row.is_kept || !policy.was_on_at(decided.received_at)};
  return row;
}

std::vector<triage::SaidOfAlert> said_until(const std::vector<DecidedRow>& rows, Timestamp until) {
  std::vector<triage::SaidOfAlert> said;
  for (const auto& row : rows) {
    if (row.said.decided_at < until) said.push_back(row.said);
  }
  return said;
}

// What an alert of the time looked at adds.
class PreviewCount {
 public:
  PreviewCount(Preview& preview, const std::vector<DecidedRow>& rows) : preview_(preview) {
    for (const auto& row : rows) said_.emplace(row.alert, &row.said);
  }
  void add(const model::Alert& alert) {
    ++preview_.alerts;
    if (!triage::may_be_closed(alert.severity, alert.asset_tier)) return;
    ++preview_.may_be_closed;
    const auto said = said_.find(alert.seq);
    const bool is_real = said != said_.end() && said->second->is_real;
    if (is_real) ++preview_.real;
    const auto& threshold = preview_.choice.threshold;
    if (!threshold || alert.triage.fp_probability < *threshold) return;
    ++preview_.would_close;
    auto& rule = rules_[{alert.source, alert.type}];
    ++rule.would_close;
    if (!is_real) return;
    ++preview_.missed;
    ++rule.missed;
    if (preview_.missed_ids.size() < kMissedShown) preview_.missed_ids.push_back(alert.id.str());
  }
  void finish() {
    for (auto& [name, rule] : rules_)
      preview_.rules.push_back({name.first, name.second, rule.would_close, rule.missed});
    std::stable_sort(preview_.rules.begin(), preview_.rules.end(),
                     [](const auto& a, const auto& b) { return a.would_close > b.would_close; });
    if (preview_.rules.size() > kRulesShown) preview_.rules.resize(kRulesShown);
  }

 private:
  Preview& preview_;
  std::unordered_map<model::Seq, const triage::SaidOfAlert*> said_;
  std::map<std::pair<std::string, std::string>, Preview::Rule> rules_;
};

}  // namespace

Result<std::vector<DecidedRow>> decided_rows(store::TenantStore& store, const AutoClosePolicy& policy,
                                             Timestamp now) {
  TOCSIN_TRY(key, read_sample_key(store));
  const auto from = now - std::chrono::hours(24 * kDecidedDays);
  TOCSIN_TRY(decided, store.dispositions().decided(from, kMostDecided));
  std::vector<DecidedRow> rows;
  for (std::size_t first = 0; first < decided.size(); first += kPage) {
    std::unordered_map<model::Seq, const store::DecidedAlert*> by_seq;
    std::vector<model::Seq> seqs;
    for (auto i = first; i < std::min(first + kPage, decided.size()); ++i) {
      seqs.push_back(decided[i].said.alert);
      by_seq.emplace(decided[i].said.alert, &decided[i]);
    }
    TOCSIN_TRY(alerts, store.alerts().by_seq(seqs));
    for (const auto& alert : alerts) {
      if (triage::may_be_closed(alert.severity, alert.asset_tier))
        rows.push_back(to_row(*by_seq.at(alert.seq), alert, policy, key));
    }
  }
  return rows;
}

triage::Choice choose(const std::vector<DecidedRow>& rows, const triage::Promise& promise, Timestamp until) {
  return triage::choose_threshold(triage::real_decisions(said_until(rows, until)), promise);
}

Evidence evidence_of(const std::vector<DecidedRow>& rows, const AutoClosePolicy& policy) {
  Evidence evidence;
  const auto decisions = triage::real_decisions(said_until(rows, Timestamp::max()));
  evidence.achieved = triage::achieved(decisions, policy.threshold, policy.promise.confidence);
  for (const auto& row : rows) {
    const bool counts = row.is_kept && row.alert > policy.from && row.said.fp_probability >= policy.threshold;
    if (!counts) continue;
    ++evidence.decided;
    evidence.real += row.said.is_real ? 1U : 0U;
  }
  evidence.real_upper = triage::upper_share(evidence.real, evidence.decided, policy.promise.confidence);
  return evidence;
}

Result<triage::ScoreShape> recent_shape(store::TenantStore& store) {
  triage::ScoreShape shape;
  auto query = low_and_medium();
  for (std::size_t pages = 0; pages < kShapePages; ++pages) {
    TOCSIN_TRY(page, store.alerts().list(query));
    for (const auto& alert : page.items) {
      if (triage::may_be_closed(alert.severity, alert.asset_tier)) shape.add(alert.triage.fp_probability);
    }
    if (page.next_cursor.empty() || shape.count() >= kShapeAlerts) break;
    query.cursor = std::move(page.next_cursor);
  }
  return shape;
}

Result<Preview> preview(store::TenantStore& store, const AutoClosePolicy& policy,
                        const triage::Promise& promise, Timestamp from, Timestamp now) {
  Preview found;
  TOCSIN_TRY(rows, decided_rows(store, policy, now));
  found.choice = choose(rows, promise, from);
  if (!found.choice.threshold) {
    found.held_back = false;
    found.choice = choose(rows, promise, Timestamp::max());
  }
  PreviewCount count(found, rows);
  auto query = low_and_medium();
  query.severities.clear();
  for (bool goes_on = true; goes_on;) {
    TOCSIN_TRY(page, store.alerts().list(query));
    for (const auto& alert : page.items) {
      goes_on = goes_on && alert.received_at >= from;
      if (goes_on) count.add(alert);
    }
    if (page.next_cursor.empty()) break;
    found.in_part = goes_on && found.alerts >= static_cast<std::int64_t>(kMostPreviewed);
    goes_on = goes_on && !found.in_part;
    query.cursor = std::move(page.next_cursor);
  }
  count.finish();
  return found;
}

}  // namespace tocsin::api
