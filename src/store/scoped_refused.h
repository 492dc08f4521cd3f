#pragma once
// Stores of what cannot be divided among readers: every call is kForbidden.

#include "store/audit_head.h"
#include "store/scoped_alerts.h"

namespace tocsin::store {

class RefusedDeadLetters final : public DeadLetterStore {
 public:
  Result<void> put(std::vector<DeadLetter>) override { return refusal(); }
  Result<Page<DeadLetter>> list(std::string_view, std::size_t, bool) const override { return refusal(); }
  Result<std::optional<DeadLetter>> find(const DeadLetterId&) const override { return refusal(); }
  Result<void> mark(const DeadLetterId&, bool, std::string_view) override { return refusal(); }

 private:
  static Error refusal() { return beyond_scope("use dead letters"); }
};

class RefusedJobs final : public JobStore {
 public:
  Result<JobId> enqueue(Job) override { return refusal(); }
  Result<std::vector<Job>> lease(std::span<const std::string>, std::size_t, std::chrono::seconds) override {
    return refusal();
  }
  Result<void> complete(const JobId&) override { return refusal(); }
  Result<void> fail(const JobId&, std::string_view) override { return refusal(); }
  Result<void> retry(const JobId&) override { return refusal(); }
  Result<void> discard(const JobId&) override { return refusal(); }
  Result<Page<Job>> list(std::optional<JobState>, std::string_view, std::size_t) const override {
    return refusal();
  }

 private:
  static Error refusal() { return beyond_scope("use jobs"); }
};

class RefusedEvents final : public EventStore {
 public:
  Result<std::vector<Seq>> append(const std::vector<model::Event>&) override { return refusal(); }
  Result<std::vector<model::Event>> after(Seq, std::size_t) const override { return refusal(); }
  Result<std::optional<Seq>> next(Seq) const override { return refusal(); }
  Result<std::vector<model::Event>> before(Seq, std::size_t) const override { return refusal(); }
  Result<std::int64_t> count() const override { return refusal(); }
  Result<std::vector<std::pair<std::string, std::int64_t>>> count_by_source() const override {
    return refusal();
  }

 private:
  static Error refusal() { return beyond_scope("use raw events"); }
};

class RefusedAudit final : public AuditStore {
 public:
  Result<void> scan(std::int64_t, const std::function<bool(std::span<const AuditRecord>)>&) const override {
    return refusal();
  }
  Result<ChainEnd> end() const override { return refusal(); }
  Result<std::vector<AuditHead>> heads(std::int64_t, std::size_t) const override { return refusal(); }
  Result<Page<AuditRecord>> list(const AuditQuery&) const override { return refusal(); }
  Result<std::optional<AuditRecord>> find(std::int64_t) const override { return refusal(); }
  Result<void> add(const AuditEntry&) override { return refusal(); }
  Result<void> add_head(const AuditHead&) override { return refusal(); }
  Result<std::vector<AuditHead>> newest_heads(std::int64_t, std::size_t) const override { return refusal(); }

 private:
  static Error refusal() { return beyond_scope("use the audit"); }
};

class RefusedDispositions final : public DispositionStore {
 public:
  Result<std::vector<Disposition>> after(Timestamp, model::Seq, std::size_t) const override {
    return refusal();
  }
  Result<std::vector<Disposition>> newest(std::size_t) const override { return refusal(); }
  Result<std::vector<DecidedAlert>> decided(Timestamp, std::size_t) const override { return refusal(); }

 private:
  static Error refusal() { return beyond_scope("read what was learned from"); }
};

class RefusedDesk final : public DeskStore {
 public:
  Result<std::vector<DeskMark>> marks(Timestamp, std::size_t) const override { return refusal(); }
  Result<void> rate(const AnswerRating&) override { return refusal(); }
  Result<std::vector<AnswerRating>> ratings(Timestamp, std::size_t) const override { return refusal(); }

 private:
  static Error refusal() { return beyond_scope("read or rate how the desk does"); }
};

class RefusedLeases final : public LeaseStore {
 public:
  Result<bool> take(std::string_view, std::string_view, std::chrono::milliseconds) override {
    return refusal();
  }
  Result<void> seize(std::string_view, std::string_view, std::chrono::milliseconds) override {
    return refusal();
  }
  Result<void> give_back(std::string_view, std::string_view) override { return refusal(); }
  Result<std::optional<Lease>> find(std::string_view) const override { return refusal(); }

 private:
  static Error refusal() { return beyond_scope("take turns"); }
};

}  // namespace tocsin::store
