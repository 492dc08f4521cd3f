#include "app/incident_writer.h"

#include <algorithm>
#include <unordered_map>

namespace tocsin::app {

using model::Incident;
using model::Seq;

namespace {

constexpr std::size_t kAlertsAtOnce = 500;  // documents in memory at a time

template <class Get>
Result<std::unordered_map<Seq, Incident>> load_incidents(store::TenantStore& store,
                                                         const std::vector<IncidentDraft>& drafts,
                                                         const Get& seq_of) {
  std::vector<Seq> seqs;
  for (const auto& draft : drafts) {
    if (const auto seq = seq_of(draft)) seqs.push_back(seq);
  }
  std::unordered_map<Seq, Incident> found;
  TOCSIN_TRY(incidents, store.incidents().by_seq(seqs));
  for (auto& incident : incidents) found.emplace(incident.seq, std::move(incident));
  return found;
}

}  // namespace

Result<std::vector<Incident>> IncidentWriter::write_up(const std::vector<IncidentDraft>& drafts) const {
  TOCSIN_TRY(known, load_incidents(store_, drafts, [](const IncidentDraft& draft) { return draft.seq; }));
  std::vector<Incident> incidents;
  incidents.reserve(drafts.size());
  for (const auto& draft : drafts) {
    const auto found = known.find(draft.seq);
    auto& incident = incidents.emplace_back(found == known.end() ? Incident{} : std::move(found->second));
    describe(draft, incident);
  }
  TOCSIN_CHECK(set_titles(drafts, incidents));
  TOCSIN_CHECK(end(drafts, incidents));
  return incidents;
}

void IncidentWriter::describe(const IncidentDraft& draft, Incident& incident) const {
  const auto now = clock_.now();
  if (incident.seq == 0) {
    incident.seq = draft.seq;
    incident.id = IncidentId::make(now);
    incident.created_at = now;
    incident.decided = draft.decided;
    correlate::describe(draft.total, score_, {}, incident);
  } else if (!draft.ends_in) {
    const auto kept = std::max(incident.priority, draft.raised_priority);
    correlate::describe(draft.total, score_, incident.decided ? std::optional(kept) : std::nullopt, incident);
  }
  incident.updated_at = now;
}

// A lead that cannot be read leaves the title as it was.
Result<void> IncidentWriter::set_titles(const std::vector<IncidentDraft>& drafts,
                                        std::vector<Incident>& incidents) const {
  std::vector<std::size_t> titled;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    if (!drafts[i].ends_in) titled.push_back(i);
  }
  for (std::size_t start = 0; start < titled.size(); start += kAlertsAtOnce) {
    const auto count = std::min(titled.size() - start, kAlertsAtOnce);
    TOCSIN_CHECK(set_some_titles(std::span(titled).subspan(start, count), incidents));
  }
  return {};
}

Result<void> IncidentWriter::set_some_titles(std::span<const std::size_t> titled,
                                             std::vector<Incident>& incidents) const {
  std::unordered_map<Seq, std::size_t> by_lead;
  std::vector<Seq> leads;
  for (const auto i : titled) {
    leads.push_back(incidents[i].lead_alert);
    by_lead[incidents[i].lead_alert] = i;
  }
  TOCSIN_TRY(alerts, store_.alerts().by_seq(leads));
  for (const auto& alert : alerts) {
    const auto found = by_lead.find(alert.seq);
    if (found != by_lead.end()) incidents[found->second].title = title_(alert, incidents[found->second]);
  }
  return {};
}

Result<void> IncidentWriter::end(const std::vector<IncidentDraft>& drafts,
                                 std::vector<Incident>& incidents) const {
  TOCSIN_TRY(stored,
             load_incidents(store_, drafts, [](const IncidentDraft& d) { return d.ends_in.value_or(0); }));
  std::unordered_map<Seq, IncidentId> ids;
  for (const auto& [seq, incident] : stored) ids[seq] = incident.id;
  for (const auto& incident : incidents) ids[incident.seq] = incident.id;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    if (drafts[i].ends_in) incidents[i].merged_into = ids[*drafts[i].ends_in];
  }
  return {};
}

}  // namespace tocsin::app
