#pragma once
// Alerts, but for what each database does in its own way: appending, finding by the client's id, lists.

#include "store/sql/scope.h"
#include "store/sqlite/alert_row.h"

namespace tocsin::store {

class SqlAlertStore : public AlertStore {
 public:
  SqlAlertStore(Parts parts, TenantId tenant) : parts_(parts), tenant_(tenant) {}

  void append(IngestBatch batch, AppendDone done) override;
  Result<std::optional<model::Alert>> find(std::string_view id_or_source_id) const override;
  Result<std::vector<model::Alert>> by_seq(std::span<const Seq> seqs) const override;
  Result<Page<model::Alert>> list(const AlertQuery& query, bool with_documents) const override;
  Result<model::Alert> update(std::string_view id, const AlertChange& change,
                              std::optional<std::int64_t> if_version) override;
  Result<BulkResult> update_many(const std::vector<std::string>& ids, const AlertChange& change) override;
  Result<std::int64_t> version(std::string_view id) const override;
  Result<std::vector<Occurrence>> occurrences(std::string_view id) const override;
  Result<Seq> last_seq() const override;
  Result<std::vector<Seq>> seqs_of(std::span<const std::string> ids) const override;
  Result<std::vector<Seq>> in_scope(std::span<const Seq> seqs, const model::AlertScope& scope) const override;
  Result<AlertFigures> figures(const model::AlertScope& scope) const override;
  Result<void> scan_links(Seq after,
                          const std::function<bool(std::span<const model::LinkRecord>)>& each) const override;

 protected:
  // Inside the writer's transaction.
  virtual Result<std::vector<AppendOutcome>> append_prepared(const PreparedBatch& batch,
                                                             WriteContext& context) = 0;
  // By "AL-…", or by the client's own id: the newest that has it.
  virtual Result<std::optional<StoredAlert>> find_stored(Connection& db, std::string_view id) const = 0;
  // In the order asked for; missing ones are left out.
  virtual Result<std::vector<StoredAlert>> load_stored(Connection& db, std::span<const Seq> seqs) const = 0;
  // Fills in message, entities, raw and the rest.
  virtual Result<void> load_documents(Connection& db, std::span<StoredAlert> alerts) const = 0;
  // Inside one snapshot. `scope` stands for query.scope.
  virtual Result<Page<StoredAlert>> list_stored(Connection& db, const AlertQuery& query,
                                                ScopePtr scope) const = 0;

  TenantId tenant() const { return tenant_; }

 private:
  const Parts parts_;
  const TenantId tenant_;
};

}  // namespace tocsin::store
