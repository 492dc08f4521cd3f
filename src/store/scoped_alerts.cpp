#include "store/scoped_alerts.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "store/scoped.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kSpellings = 64;  // of a client's id: conditions do not mind its case

Error no_such_alert(std::string_view id) {
  return error(ErrorKind::kNotFound, "find alert", "there is no alert " + std::string(id.substr(0, 100)));
}

}  // namespace

Error beyond_scope(std::string_view op) {
  return error(ErrorKind::kForbidden, std::string(op),
               "it concerns the whole tenant, and you see the alerts of your scope",
               "Ask somebody whose role is not limited to sources or asset groups");
}

void ScopedAlertStore::append(IngestBatch, AppendDone done) {
  done(beyond_scope("hand in alerts"));
}

Result<std::optional<model::Alert>> ScopedAlertStore::find(std::string_view id) const {
  TOCSIN_TRY(found, whole_.find(id));
  if (!found) return found;
  const Seq seq = found->seq;
  TOCSIN_TRY(visible, whole_.in_scope(std::span(&seq, 1), scope_));
  return visible.empty() ? older(id) : found;
}

Result<std::optional<model::Alert>> ScopedAlertStore::older(std::string_view source_id) const {
  if (AlertId::parse(source_id)) return std::optional<model::Alert>();
  AlertQuery query;
  query.where.emplace();
  query.where->kind = model::Condition::Kind::kTest;
  query.where->test = {model::Field::kSourceId, model::Comparison::kEquals, {std::string(source_id)}, {}, {}};
  query.limit = kSpellings;
  TOCSIN_TRY(page, list(query, true));
  const auto same = std::find_if(page.items.begin(), page.items.end(),
                                 [&](const auto& alert) { return alert.source_id == source_id; });
  return same == page.items.end() ? std::nullopt : std::optional(std::move(*same));
}

Result<std::string> ScopedAlertStore::known(std::string_view id) const {
  const std::string text(id);
  TOCSIN_TRY(seqs, whole_.seqs_of(std::span(&text, 1)));
  TOCSIN_TRY(visible, whole_.in_scope(seqs, scope_));
  if (!visible.empty()) return text;
  if (seqs[0] == 0) return no_such_alert(id);
  TOCSIN_TRY(alert, older(id));
  if (!alert) return no_such_alert(id);
  return alert->id.str();
}

Result<std::vector<model::Alert>> ScopedAlertStore::by_seq(std::span<const Seq> seqs) const {
  TOCSIN_TRY(visible, whole_.in_scope(seqs, scope_));
  return whole_.by_seq(visible);
}

Result<Page<model::Alert>> ScopedAlertStore::list(const AlertQuery& query, bool with_documents) const {
  auto scoped = query;
  scoped.scope = scope_;
  return whole_.list(scoped, with_documents);
}

Result<model::Alert> ScopedAlertStore::update(std::string_view id, const AlertChange& change,
                                              std::optional<std::int64_t> if_version) {
  TOCSIN_TRY(alert, known(id));
  return whole_.update(alert, change, if_version);
}

Result<AlertStore::BulkResult> ScopedAlertStore::update_many(const std::vector<std::string>& ids,
                                                             const AlertChange& change) {
  TOCSIN_TRY(seqs, whole_.seqs_of(ids));
  TOCSIN_TRY(visible, whole_.in_scope(seqs, scope_));
  const std::unordered_set<Seq> allowed(visible.begin(), visible.end());
  std::vector<std::string> passed;                     // as they are known to the whole
  std::unordered_map<std::string, std::string> asked;  // …, by what they were asked for
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (allowed.contains(seqs[i])) {
      asked[ids[i]] = ids[i];
    } else if (seqs[i] != 0) {
      TOCSIN_TRY(alert, older(ids[i]));
      if (alert) asked[ids[i]] = alert->id.str();
    }
    if (const auto found = asked.find(ids[i]); found != asked.end()) passed.push_back(found->second);
  }
  TOCSIN_TRY(result, whole_.update_many(passed, change));
  const std::unordered_map<std::string, std::string> reasons(result.failed.begin(), result.failed.end());
  result.failed.clear();
  for (const auto& id : ids) {
    const auto found = asked.find(id);
    if (found == asked.end()) {
      result.failed.emplace_back(id, no_such_alert(id).message);
    } else if (const auto why = reasons.find(found->second); why != reasons.end()) {
      result.failed.emplace_back(id, why->second);
    }
  }
  return result;
}

Result<std::int64_t> ScopedAlertStore::version(std::string_view id) const {
  TOCSIN_TRY(alert, known(id));
  return whole_.version(alert);
}

Result<std::vector<Occurrence>> ScopedAlertStore::occurrences(std::string_view id) const {
  TOCSIN_TRY(alert, known(id));
  return whole_.occurrences(alert);
}

Result<std::vector<Seq>> ScopedAlertStore::seqs_of(std::span<const std::string> ids) const {
  TOCSIN_TRY(seqs, whole_.seqs_of(ids));
  TOCSIN_TRY(visible, whole_.in_scope(seqs, scope_));
  const std::unordered_set<Seq> allowed(visible.begin(), visible.end());
  for (auto& seq : seqs) seq = allowed.contains(seq) ? seq : 0;
  return seqs;
}

Result<std::vector<Seq>> ScopedAlertStore::in_scope(std::span<const Seq> seqs,
                                                    const model::AlertScope& scope) const {
  TOCSIN_TRY(visible, whole_.in_scope(seqs, scope_));
  return whole_.in_scope(visible, scope);
}

// Of this scope; a part of it is not asked for.
Result<AlertFigures> ScopedAlertStore::figures(const model::AlertScope& scope) const {
  if (!scope.is_everything()) return beyond_scope("count alerts of another scope");
  return whole_.figures(scope_);
}

Result<void> ScopedAlertStore::scan_links(
    Seq after, const std::function<bool(std::span<const model::LinkRecord>)>& each) const {
  Result<void> failed;
  TOCSIN_CHECK(whole_.scan_links(after, [&](std::span<const model::LinkRecord> records) {
    std::vector<Seq> seqs;
    for (const auto& record : records) seqs.push_back(record.seq);
    auto visible = whole_.in_scope(seqs, scope_);
    if (!visible) {
      failed = std::move(visible).error();
      return false;
    }
    const std::unordered_set<Seq> allowed(visible->begin(), visible->end());
    std::vector<model::LinkRecord> kept;
    std::copy_if(records.begin(), records.end(), std::back_inserter(kept),
                 [&](const auto& record) { return allowed.contains(record.seq); });
    return kept.empty() || each(kept);
  }));
  return failed;
}

}  // namespace tocsin::store
