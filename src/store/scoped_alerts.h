#pragma once
// Alerts and incidents of a scope, over the stores of the whole tenant.

#include "store/store.h"

namespace tocsin::store {

// kForbidden: what a reader of a part may not do to the whole.
Error beyond_scope(std::string_view op);

class ScopedAlertStore final : public AlertStore {
 public:
  ScopedAlertStore(AlertStore& whole, const model::AlertScope& scope) : whole_(whole), scope_(scope) {}

  void append(IngestBatch batch, AppendDone done) override;
  Result<std::optional<model::Alert>> find(std::string_view id) const override;
  Result<std::vector<model::Alert>> by_seq(std::span<const Seq> seqs) const override;
  Result<Page<model::Alert>> list(const AlertQuery& query, bool with_documents) const override;
  Result<model::Alert> update(std::string_view id, const AlertChange& change,
                              std::optional<std::int64_t> if_version) override;
  Result<BulkResult> update_many(const std::vector<std::string>& ids, const AlertChange& change) override;
  Result<std::int64_t> version(std::string_view id) const override;
  Result<std::vector<Occurrence>> occurrences(std::string_view id) const override;
  Result<Seq> last_seq() const override { return whole_.last_seq(); }
  Result<std::vector<Seq>> seqs_of(std::span<const std::string> ids) const override;
  Result<std::vector<Seq>> in_scope(std::span<const Seq> seqs, const model::AlertScope& scope) const override;
  Result<AlertFigures> figures(const model::AlertScope& scope) const override;
  Result<void> scan_links(Seq after,
                          const std::function<bool(std::span<const model::LinkRecord>)>& each) const override;

 private:
  // Of the client's own id when its newest alert is hidden: the newest that is not.
  Result<std::optional<model::Alert>> older(std::string_view source_id) const;
  // Its "AL-…"; kNotFound.
  Result<std::string> known(std::string_view id) const;

  AlertStore& whole_;
  const model::AlertScope& scope_;
};

class ScopedIncidentStore final : public IncidentStore {
 public:
  ScopedIncidentStore(TenantStore& whole, const model::AlertScope& scope)
      : whole_(whole.incidents()), alerts_(whole.alerts()), scope_(scope) {}

  Result<Page<model::Incident>> list(const IncidentQuery& query) const override;
  Result<std::optional<model::Incident>> find(const IncidentId& id) const override;
  Result<std::vector<model::Incident>> by_seq(std::span<const Seq> seqs) const override;
  Result<std::vector<model::Incident>> narrowed(std::vector<model::Incident> incidents,
                                                const model::AlertScope& scope) const override;
  Result<model::Incident> update(const IncidentId& id, const IncidentChange& change,
                                 std::optional<std::int64_t> if_version) override;
  Result<std::vector<model::Membership>> members(Seq incident, std::size_t limit) const override;
  Result<void> scan_memberships(
      Seq after_alert, const std::function<bool(std::span<const model::Membership>)>& each) const override;
  Result<void> scan_incidents(
      Seq after, const std::function<bool(std::span<const model::Incident>)>& each) const override;
  Result<void> apply(const CorrelationDelta& delta) override;
  Result<Seq> watermark() const override { return whole_.watermark(); }
  Result<Seq> last_incident_seq() const override { return whole_.last_incident_seq(); }
  Result<std::int64_t> decide(const Decision& decision, const CorrelationDelta& delta) override;
  Result<std::vector<Decision>> decisions() const override;
  Result<model::Note> add_note(const IncidentId& id, std::string_view author, std::string_view text) override;
  Result<std::vector<model::Note>> notes(const IncidentId& id) const override;
  Result<model::Note> edit_note(const IncidentId& id, const NoteId& note, std::string_view author,
                                std::string_view text, std::optional<std::int64_t> if_revision) override;
  Result<std::vector<model::NoteRevision>> note_revisions(const IncidentId& id,
                                                          const NoteId& note) const override;
  Result<void> log_action(const model::ActionRecord& record) override;
  Result<std::vector<model::ActionRecord>> actions(const IncidentId& id, std::size_t limit) const override;

 private:
  Result<model::Incident> known(const IncidentId& id) const;  // kNotFound
  // Of visible alerts; without links to hidden ones.
  Result<std::vector<model::Membership>> visible(std::span<const model::Membership> members) const;

  IncidentStore& whole_;
  AlertStore& alerts_;
  const model::AlertScope& scope_;
};

}  // namespace tocsin::store
