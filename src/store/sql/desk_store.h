#pragma once

#include "store/desk.h"
#include "store/sql/core.h"
#include "store/sqlite/sql_text.h"

namespace tocsin::store {

class SqlDeskStore final : public DeskStore {
 public:
  SqlDeskStore(Parts parts, TenantId tenant) : parts_(parts), tenant_(tenant) {}
  Result<std::vector<DeskMark>> marks(Timestamp from, std::size_t limit) const override;
  Result<void> rate(const AnswerRating& rating) override;
  Result<std::vector<AnswerRating>> ratings(Timestamp from, std::size_t limit) const override;

 private:
  const Parts parts_;
  const TenantId tenant_;
};

// Walks of the time index, for the test of their plans.
SqlText desk_marks_sql(TenantId tenant, Timestamp from, std::size_t limit);
SqlText ratings_sql(TenantId tenant, Timestamp from, std::size_t limit);

// Inside the writer's transaction, in the name of context.origin.
Result<void> keep_mark(Seq seq, const model::Alert& before, const model::Alert& after, TenantId tenant,
                       WriteContext& context);
Result<void> keep_mark(const model::Incident& before, const model::Incident& after, TenantId tenant,
                       WriteContext& context);

}  // namespace tocsin::store
