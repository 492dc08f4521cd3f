#include "app/correlation_rebuild.h"

#include <algorithm>
#include <map>

#include "app/link_reader.h"

namespace tocsin::app {

using correlate::Replay;
using model::Incident;
using model::Seq;
using Report = api::Correlation::Report;

namespace {

constexpr std::string_view kMark = "correlation.rebuilt_incident";  // highest incident at the last rebuild
constexpr std::size_t kDifferences = 100;                           // of each sort

Result<Seq> read_mark(store::TenantStore& store) {
  TOCSIN_TRY(text, store.setting(kMark));
  return text ? static_cast<Seq>(std::strtoll(text->c_str(), nullptr, 10)) : Seq{0};
}

std::string count_text(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace

Result<void> Rebuild::read_incidents() {
  input_ = Replay::Input{options_, score_, {}, {}, 0, 0};
  TOCSIN_TRY(watermark, store_.incidents().watermark());
  TOCSIN_TRY(last, store_.incidents().last_incident_seq());
  input_.watermark = watermark;
  input_.last_incident = last;
  return store_.incidents().scan_incidents(0, [&](std::span<const Incident> incidents) {
    for (const auto& i : incidents) {
      input_.incidents.push_back({i.seq, correlate::described_hash(i), i.priority, i.decided,
                                  i.status == model::IncidentStatus::kClosed, i.merged_into.has_value()});
    }
    return true;
  });
}

Result<void> Rebuild::replay_once() {
  TOCSIN_TRY(replay, Replay::create(input_));
  TOCSIN_CHECK(for_each_alert(
      store_, 0,
      [&](const model::LinkRecord& record, const model::Membership* member) { replay.add(record, member); }));
  plan_ = replay.finish();
  correlator_ = replay.take_correlator();
  return {};
}

// Incidents that would dissolve are kept and the rest judged again; each round keeps more, so it ends.
Result<void> Rebuild::prepare() {
  TOCSIN_CHECK(read_incidents());
  TOCSIN_CHECK(replay_once());
  for (int round = 0; !plan_.dissolved.empty(); ++round) {
    constexpr int kRounds = 3;
    input_.keep.insert(plan_.dissolved.begin(), plan_.dissolved.end());
    if (round >= kRounds) {
      for (const auto& incident : input_.incidents) input_.keep.insert(incident.seq);
    }
    TOCSIN_CHECK(replay_once());
  }
  return {};
}

Result<std::vector<Incident>> Rebuild::write(std::size_t chunk_alerts) {
  TOCSIN_CHECK(write_incidents(chunk_alerts));
  TOCSIN_CHECK(write_ended(chunk_alerts));
  store::CorrelationDelta last;
  last.removed_memberships = plan_.removed;
  last.watermark = plan_.last_alert;
  TOCSIN_CHECK(store_.incidents().apply(last));
  TOCSIN_TRY(highest, store_.incidents().last_incident_seq());
  TOCSIN_CHECK(store_.set_setting(kMark, std::to_string(highest)));
  return std::move(published_);
}

Result<void> Rebuild::write_delta(std::vector<IncidentDraft> drafts, store::CorrelationDelta delta) {
  TOCSIN_TRY(incidents, writer_.write_up(drafts));
  delta.upserts = std::move(incidents);
  TOCSIN_CHECK(store_.incidents().apply(delta));
  for (auto& incident : delta.upserts) {
    if (published_.size() < kPublished) published_.push_back(std::move(incident));
  }
  return {};
}

// Incident by incident: its row and its memberships come in one transaction.
Result<void> Rebuild::write_incidents(std::size_t chunk_alerts) {
  std::vector<IncidentDraft> drafts;
  store::CorrelationDelta delta;
  auto upsert = plan_.upserts.begin();
  auto link = plan_.links.begin();
  while (upsert != plan_.upserts.end() || link != plan_.links.end()) {
    const bool by_upsert =
        link == plan_.links.end() || (upsert != plan_.upserts.end() && upsert->incident <= link->incident);
    const auto incident = by_upsert ? upsert->incident : link->incident;
    if (by_upsert) {
      drafts.push_back({incident, upsert->total, upsert->fixed_priority.value_or(0)});
      ++upsert;
    }
    for (; link != plan_.links.end() && link->incident == incident; ++link) {
      delta.memberships.push_back(to_membership(*link));
    }
    if (drafts.size() + delta.memberships.size() < chunk_alerts) continue;
    TOCSIN_CHECK(write_delta(std::exchange(drafts, {}), std::exchange(delta, {})));
  }
  return write_delta(std::move(drafts), std::move(delta));
}

Result<void> Rebuild::write_ended(std::size_t chunk_alerts) {
  std::vector<IncidentDraft> drafts;
  for (const auto& merge : plan_.ended) {
    drafts.push_back({merge.from, {}, 0, false, merge.into});
    if (drafts.size() >= chunk_alerts) TOCSIN_CHECK(write_delta(std::exchange(drafts, {}), {}));
  }
  return write_delta(std::move(drafts), {});
}

void Rebuild::count_standing(Report& report, Seq mark) const {
  std::vector<Seq> ended;
  for (const auto& merge : plan_.ended) ended.push_back(merge.from);
  std::sort(ended.begin(), ended.end());
  for (const auto& incident : input_.incidents) {
    if (incident.ended || std::binary_search(ended.begin(), ended.end(), incident.seq)) continue;
    report.incidents_created += incident.seq > mark;
    report.clusters += !incident.closed;
  }
  for (const auto& upsert : plan_.upserts) {
    report.incidents_created += upsert.is_new;
    report.clusters += upsert.is_new;
  }
}

Result<Report> Rebuild::report(bool dry_run) const {
  Report report;
  report.dry_run = dry_run;
  TOCSIN_TRY(mark, read_mark(store_));
  count_standing(report, mark);
  report.incidents_changed = static_cast<std::int64_t>(plan_.incidents_changed());
  report.alerts_correlated = plan_.alerts_in_incidents;
  report.kept_decisions = plan_.kept;
  if (dry_run) {
    TOCSIN_TRY(found, differences());
    report.differences = std::move(found);
  }
  return report;
}

Result<std::vector<Report::Difference>> Rebuild::differences() const {
  std::vector<Report::Difference> found;
  std::map<Seq, std::size_t> joining;
  for (const auto& link : plan_.links) ++joining[link.incident];
  for (const auto& upsert : plan_.upserts) {
    if (!upsert.is_new || found.size() >= kDifferences) continue;
    found.push_back({"new", "opens with " + count_text(upsert.total.alerts, "alert")});
  }
  std::map<Seq, std::string> changes;
  for (const auto& upsert : plan_.upserts) {
    if (upsert.is_new) joining.erase(upsert.incident);
    if (!upsert.is_new && changes.size() < kDifferences) {
      changes[upsert.incident] = "is described anew, with " + count_text(upsert.total.alerts, "alert");
    }
  }
  for (const auto& [seq, count] : joining) {
    if (changes.size() >= kDifferences) break;
    auto& text = changes[seq];
    text += (text.empty() ? "" : "; ") + count_text(count, "membership") + " written";
  }
  std::map<Seq, Seq> ended;
  for (const auto& merge : plan_.ended) {
    if (ended.size() < kDifferences) ended[merge.from] = merge.into;
  }
  std::vector<Seq> seqs;
  for (const auto& [seq, text] : changes) seqs.push_back(seq);
  for (const auto& [from, into] : ended) seqs.insert(seqs.end(), {from, into});
  TOCSIN_TRY(incidents, store_.incidents().by_seq(seqs));
  std::map<Seq, std::string> ids;
  for (const auto& incident : incidents) ids[incident.seq] = incident.id.str();
  for (const auto& [seq, text] : changes) found.push_back({ids[seq], text});
  for (const auto& [from, into] : ended) {
    found.push_back(
        {ids[from], "ends in " + (ids.count(into) != 0 ? ids[into] : std::string("a new incident"))});
  }
  return found;
}

Result<Report> CorrelationService::rebuild(bool dry_run) {
  const auto start = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  auto report = rebuild_now(dry_run);
  auto written = std::exchange(unpublished_, {});
  lock.unlock();
  publish(std::move(written));
  if (!report) return report;
  report->run_id = "RB-" + make_ulid(clock_.now());
  report->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

// What is committed by now is judged by the replay itself, under the rules of the live part.
Result<Report> CorrelationService::rebuild_now(bool dry_run) {
  if (!dry_run) {
    TOCSIN_CHECK(seize_turn());
    TOCSIN_CHECK(turn_.seize());  // for long
  }
  TOCSIN_CHECK(write_waiting());
  auto score = options_.score;
  score.max_alerts_per_incident = options_.correlate.max_alerts_per_incident;
  score.max_duration = options_.correlate.max_duration;
  Rebuild rebuild(store_, writer_, options_.correlate, score);
  if (!dry_run) correlator_.reset();  // the replay's own takes its place: never two in memory
  TOCSIN_CHECK(rebuild.prepare());
  TOCSIN_TRY(report, rebuild.report(dry_run));
  if (dry_run) return report;
  TOCSIN_TRY(written, rebuild.write(options_.chunk_alerts));
  unpublished_ = std::move(written);
  watermark_ = std::max(watermark_, rebuild.plan().last_alert);
  correlator_ = rebuild.take_correlator();
  return report;
}

}  // namespace tocsin::app
