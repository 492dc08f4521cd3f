#pragma once
// A tenant's alerts, incidents and settings in memory, for tests of what stands above the store. What those
// tests do not need answers kUnsupported. Thread-safe by one lock; callbacks run outside of it.

#include <map>
#include <mutex>

#include "model/link.h"
#include "store/store.h"

namespace tocsin::app {

class MemoryAlerts final : public store::AlertStore {
 public:
  MemoryAlerts(std::mutex& mutex, const std::map<model::Seq, model::Membership>& members,
               const std::map<model::Seq, model::Incident>& incidents)
      : mutex_(mutex), members_(members), incidents_(incidents) {}

  // Stores one and gives it the next seq. The link record may say more than the alert would.
  model::Seq add(model::Alert alert, model::LinkRecord link) {
    const std::lock_guard lock(mutex_);
    alert.seq = link.seq = static_cast<model::Seq>(alerts_.size()) + 1;
    alerts_.push_back(std::move(alert));
    links_.push_back(std::move(link));
    return links_.back().seq;
  }

  void append(store::IngestBatch, store::AppendDone done) override { done(unsupported()); }
  Result<std::optional<model::Alert>> find(std::string_view id) const override {
    const std::lock_guard lock(mutex_);
    for (const auto& alert : alerts_) {
      if (alert.id.str() == id) return std::optional(with_incident(alert));
    }
    return std::optional<model::Alert>();
  }
  Result<std::vector<model::Alert>> by_seq(std::span<const model::Seq> seqs) const override {
    const std::lock_guard lock(mutex_);
    std::vector<model::Alert> found;
    for (const auto seq : seqs) {
      if (seq >= 1 && seq <= static_cast<model::Seq>(alerts_.size())) {
        found.push_back(with_incident(alerts_[static_cast<std::size_t>(seq - 1)]));
      }
    }
    return found;
  }
  Result<store::Page<model::Alert>> list(const store::AlertQuery&, bool) const override {
    return unsupported();
  }
  Result<model::Alert> update(std::string_view, const store::AlertChange&,
                              std::optional<std::int64_t>) override {
    return unsupported();
  }
  Result<BulkResult> update_many(const std::vector<std::string>&, const store::AlertChange&) override {
    return unsupported();
  }
  Result<std::int64_t> version(std::string_view) const override { return unsupported(); }
  Result<std::vector<store::Occurrence>> occurrences(std::string_view) const override {
    return unsupported();
  }
  Result<model::Seq> last_seq() const override {
    const std::lock_guard lock(mutex_);
    return static_cast<model::Seq>(links_.size());
  }
  Result<std::vector<model::Seq>> seqs_of(std::span<const std::string>) const override {
    return unsupported();
  }
  Result<std::vector<model::Seq>> in_scope(std::span<const model::Seq>,
                                           const model::AlertScope&) const override {
    return unsupported();
  }
  Result<store::AlertFigures> figures(const model::AlertScope&) const override { return unsupported(); }
  Result<void> scan_links(
      model::Seq after, const std::function<bool(std::span<const model::LinkRecord>)>& each) const override {
    constexpr std::size_t kChunk = 100;
    std::vector<model::LinkRecord> chunk;
    do {
      {
        const std::lock_guard lock(mutex_);
        const auto start = std::min(static_cast<std::size_t>(after), links_.size());
        const auto end = std::min(start + kChunk, links_.size());
        chunk.assign(links_.begin() + static_cast<std::ptrdiff_t>(start),
                     links_.begin() + static_cast<std::ptrdiff_t>(end));
      }
      after += static_cast<model::Seq>(chunk.size());
    } while (!chunk.empty() && each(chunk));
    return {};
  }

  static Error unsupported() {
    return error(ErrorKind::kUnsupported, "memory store", "not part of this store");
  }

 private:
  model::Alert with_incident(model::Alert alert) const {
    const auto found = members_.find(alert.seq);
    if (found != members_.end()) alert.incident_id = incidents_.at(found->second.incident).id;
    return alert;
  }
  std::mutex& mutex_;
  const std::map<model::Seq, model::Membership>& members_;
  const std::map<model::Seq, model::Incident>& incidents_;
  std::vector<model::Alert> alerts_;
  std::vector<model::LinkRecord> links_;
};

class MemoryIncidents final : public store::IncidentStore {
 public:
  explicit MemoryIncidents(std::mutex& mutex) : mutex_(mutex) {}

  Result<store::Page<model::Incident>> list(const store::IncidentQuery&) const override {
    return MemoryAlerts::unsupported();
  }
  Result<std::optional<model::Incident>> find(const IncidentId& id) const override {
    const std::lock_guard lock(mutex_);
    const auto* found = find_locked(id);
    return found == nullptr ? std::optional<model::Incident>() : std::optional(*found);
  }
  Result<std::vector<model::Incident>> by_seq(std::span<const model::Seq> seqs) const override {
    const std::lock_guard lock(mutex_);
    std::vector<model::Incident> found;
    for (const auto seq : seqs) {
      if (const auto one = incidents.find(seq); one != incidents.end()) found.push_back(one->second);
    }
    return found;
  }
  Result<std::vector<model::Incident>> narrowed(std::vector<model::Incident>,
                                                const model::AlertScope&) const override {
    return MemoryAlerts::unsupported();
  }
  Result<model::Incident> update(const IncidentId& id, const store::IncidentChange& change,
                                 std::optional<std::int64_t>) override {
    const std::lock_guard lock(mutex_);
    auto* incident = find_locked(id);
    if (incident == nullptr) return error(ErrorKind::kNotFound, "update", "no such incident");
    incident->status = change.status.value_or(incident->status);
    incident->verdict = change.verdict.value_or(incident->verdict);
    incident->priority = change.priority.value_or(incident->priority);
    incident->decided = true;
    ++incident->version;
    return *incident;
  }
  Result<std::vector<model::Membership>> members(model::Seq incident, std::size_t limit) const override {
    const std::lock_guard lock(mutex_);
    std::vector<model::Membership> found;
    for (const auto& [alert, member] : memberships) {
      if (member.incident == incident && found.size() < limit) found.push_back(member);
    }
    return found;
  }
  Result<void> scan_memberships(
      model::Seq after, const std::function<bool(std::span<const model::Membership>)>& each) const override {
    return scan(memberships, after, each, [](const model::Membership& m) { return m.alert; });
  }
  Result<void> scan_incidents(
      model::Seq after, const std::function<bool(std::span<const model::Incident>)>& each) const override {
    return scan(incidents, after, each, [](const model::Incident& i) { return i.seq; });
  }
  Result<void> apply(const store::CorrelationDelta& delta) override {
    const std::lock_guard lock(mutex_);
    if (refuse > 0) {
      --refuse;
      return error(ErrorKind::kStorageFull, "apply", "the disk is full");
    }
    ++applied;
    for (const auto& incident : delta.upserts) upsert(incident);
    for (const auto alert : delta.removed_memberships) memberships.erase(alert);
    for (const auto& member : delta.memberships) memberships[member.alert] = member;
    count_members();
    if (delta.watermark != 0) judged = delta.watermark;
    return {};
  }
  Result<model::Seq> watermark() const override { return judged; }
  Result<model::Seq> last_incident_seq() const override {
    const std::lock_guard lock(mutex_);
    return incidents.empty() ? 0 : incidents.rbegin()->first;
  }
  Result<std::int64_t> decide(const store::Decision& decision,
                              const store::CorrelationDelta& delta) override {
    TOCSIN_CHECK(apply(delta));
    const std::lock_guard lock(mutex_);
    made.push_back(decision);
    for (const auto seq : {decision.incident, decision.other_incident}) {
      if (incidents.count(seq) != 0) incidents[seq].decided = true;
    }
    return static_cast<std::int64_t>(made.size());
  }
  Result<std::vector<store::Decision>> decisions() const override { return made; }
  Result<model::Note> add_note(const IncidentId& id, std::string_view author,
                               std::string_view text) override {
    kept_notes.push_back({NoteId::make({}), id, std::string(author), std::string(text), {}});
    return kept_notes.back();
  }
  Result<std::vector<model::Note>> notes(const IncidentId& id) const override {
    std::vector<model::Note> found;
    for (const auto& note : kept_notes) {
      if (note.incident == id) found.push_back(note);
    }
    return found;
  }
  Result<model::Note> edit_note(const IncidentId&, const NoteId&, std::string_view, std::string_view,
                                std::optional<std::int64_t>) override {
    return MemoryAlerts::unsupported();
  }
  Result<std::vector<model::NoteRevision>> note_revisions(const IncidentId&, const NoteId&) const override {
    return MemoryAlerts::unsupported();
  }
  Result<void> log_action(const model::ActionRecord&) override { return MemoryAlerts::unsupported(); }
  Result<std::vector<model::ActionRecord>> actions(const IncidentId&, std::size_t) const override {
    return MemoryAlerts::unsupported();
  }

  std::map<model::Seq, model::Incident> incidents;
  std::map<model::Seq, model::Membership> memberships;
  std::vector<store::Decision> made;
  std::vector<model::Note> kept_notes;
  model::Seq judged = 0;
  int applied = 0;
  int refuse = 0;  // so many next calls of apply fail

 private:
  const model::Incident* find_locked(const IncidentId& id) const {
    for (const auto& [seq, incident] : incidents) {
      if (incident.id == id) return &incident;
    }
    return nullptr;
  }
  model::Incident* find_locked(const IncidentId& id) {
    return const_cast<model::Incident*>(std::as_const(*this).find_locked(id));
  }
  void upsert(model::Incident incident) {
    if (const auto before = incidents.find(incident.seq); before != incidents.end()) {
      incident.status = before->second.status;
      incident.verdict = before->second.verdict;
      incident.decided = before->second.decided;
      incident.version = before->second.version + 1;
    }
    incidents[incident.seq] = std::move(incident);
  }
  void count_members() {
    for (auto& [seq, incident] : incidents) incident.alert_count = 0;
    for (const auto& [alert, member] : memberships) ++incidents.at(member.incident).alert_count;
  }
  template <class Map, class Each, class SeqOf>
  Result<void> scan(const Map& map, model::Seq after, const Each& each, const SeqOf& seq_of) const {
    constexpr std::size_t kChunk = 70;
    for (;;) {
      std::vector<typename Map::mapped_type> chunk;
      {
        const std::lock_guard lock(mutex_);
        for (auto i = map.upper_bound(after); i != map.end() && chunk.size() < kChunk; ++i)
          chunk.push_back(i->second);
      }
      if (chunk.empty() || !each(chunk)) return {};
      after = seq_of(chunk.back());
    }
  }
  std::mutex& mutex_;
};

class MemoryStore final : public store::TenantStore {
 public:
  MemoryAlerts& alerts() override { return alerts_; }
  MemoryIncidents& incidents() override { return incidents_; }
  store::DeadLetterStore& dead_letters() override { std::terminate(); }
  store::JobStore& jobs() override { std::terminate(); }
  store::EventStore& events() override { std::terminate(); }
  store::IntelStore& intel() override { std::terminate(); }
  store::AssetTable& assets() override { std::terminate(); }
  store::UserTable& users() override { std::terminate(); }
  store::ReferenceStore& references() override { std::terminate(); }
  store::AuditStore& audit() override { std::terminate(); }
  store::LeaseStore& leases() override { std::terminate(); }
  store::DispositionStore& dispositions() override { std::terminate(); }
  store::DeskStore& desk() override { std::terminate(); }
  store::RetentionStore& retention() override { std::terminate(); }
  Result<void> add_feedback(const store::Feedback&) override { return MemoryAlerts::unsupported(); }
  Result<std::optional<std::string>> setting(std::string_view key) const override {
    const std::lock_guard lock(mutex_);
    const auto found = settings_.find(std::string(key));
    return found == settings_.end() ? std::optional<std::string>() : std::optional(found->second);
  }
  Result<void> set_setting(std::string_view key, std::string_view value) override {
    const std::lock_guard lock(mutex_);
    settings_[std::string(key)] = std::string(value);
    return {};
  }
  Result<store::Counts> counts() const override { return MemoryAlerts::unsupported(); }
  Result<RuleHistory> rule_history(std::string_view, std::string_view) const override {
    return RuleHistory{};
  }
  Result<std::optional<store::KeptAnswer>> kept_answer(std::string_view) const override {
    return MemoryAlerts::unsupported();
  }
  Result<void> keep_answer(std::string_view, const store::KeptAnswer&) override {
    return MemoryAlerts::unsupported();
  }

 private:
  mutable std::mutex mutex_;
  MemoryIncidents incidents_{mutex_};
  MemoryAlerts alerts_{mutex_, incidents_.memberships, incidents_.incidents};
  std::map<std::string, std::string> settings_;
};

}  // namespace tocsin::app
