#pragma once
// Dead letters, jobs and events.

#include "store/sql/core.h"

namespace tocsin::store {

class SqliteDeadLetterStore final : public DeadLetterStore {
 public:
  SqliteDeadLetterStore(Parts parts, TenantId tenant) : parts_(parts), tenant_(tenant) {}
  Result<void> put(std::vector<DeadLetter> letters) override;
  Result<Page<DeadLetter>> list(std::string_view cursor, std::size_t limit,
                                bool unresolved_only) const override;
  Result<std::optional<DeadLetter>> find(const DeadLetterId& id) const override;
  Result<void> mark(const DeadLetterId& id, bool resolved, std::string_view reason) override;

 private:
  const Parts parts_;
  const TenantId tenant_;
};

class SqliteJobStore final : public JobStore {
 public:
  SqliteJobStore(Parts parts, TenantId tenant) : parts_(parts), tenant_(tenant) {}
  Result<JobId> enqueue(Job job) override;
  Result<std::vector<Job>> lease(std::span<const std::string> kinds, std::size_t limit,
                                 std::chrono::seconds lease) override;
  Result<void> complete(const JobId& id) override;
  Result<void> fail(const JobId& id, std::string_view why) override;
  Result<void> retry(const JobId& id) override;
  Result<void> discard(const JobId& id) override;
  Result<Page<Job>> list(std::optional<JobState> state, std::string_view cursor,
                         std::size_t limit) const override;

 private:
  Result<bool> any_due(std::span<const std::string> kinds) const;

  const Parts parts_;
  const TenantId tenant_;
};

class SqliteEventStore final : public EventStore {
 public:
  SqliteEventStore(Parts parts, TenantId tenant) : parts_(parts), tenant_(tenant) {}
  Result<std::vector<Seq>> append(const std::vector<model::Event>& events) override;
  Result<std::vector<model::Event>> after(Seq seq, std::size_t limit) const override;
  Result<std::optional<Seq>> next(Seq seq) const override;
  Result<std::vector<model::Event>> before(Seq seq, std::size_t limit) const override;
  Result<std::int64_t> count() const override;
  Result<std::vector<std::pair<std::string, std::int64_t>>> count_by_source() const override;

 private:
  const Parts parts_;
  const TenantId tenant_;
};

}  // namespace tocsin::store
