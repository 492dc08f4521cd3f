#pragma once

#include "store/sqlite/core.h"
#include "store/sqlite/writer.h"

namespace tocsin::store {

// What a tenant's stores borrow from the database.
struct Parts {
  const SqliteOptions& options;
  const Clock& clock;
  ReaderPool& readers;
  Writer& writer;
  const IngestState& state;
};

class SqliteAlertStore final : public AlertStore {
 public:
  SqliteAlertStore(Parts parts, TenantId tenant) : parts_(parts), tenant_(tenant) {}

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
  Result<void> scan_links(Seq after,
                          const std::function<bool(std::span<const model::LinkRecord>)>& each) const override;

 private:
  const Parts parts_;
  const TenantId tenant_;
};

}  // namespace tocsin::store
