#pragma once

#include "store/sql/core.h"

namespace tocsin::store {

class SqliteIncidentStore final : public IncidentStore {
 public:
  SqliteIncidentStore(Parts parts, TenantId tenant) : parts_(parts), tenant_(tenant) {}

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
  Result<Seq> watermark() const override;
  Result<Seq> last_incident_seq() const override;
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
  Result<std::int64_t> number(std::string_view sql) const;

  const Parts parts_;
  const TenantId tenant_;
};

}  // namespace tocsin::store
