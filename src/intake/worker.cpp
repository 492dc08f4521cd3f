#include "intake/worker.h"

#include <algorithm>

#include "base/hash.h"
#include "base/this_thread.h"
#include "ingest/message.h"

namespace tocsin::intake {
namespace {

constexpr std::chrono::milliseconds kRetryPause{50};
constexpr std::chrono::milliseconds kIdleWait{100};

bool is_not_now(ErrorKind kind) {
  return kind == ErrorKind::kBusy || kind == ErrorKind::kStorageFull || kind == ErrorKind::kUnavailable;
}

bool is_alert(const ingest::Record& record) {
  return record.kind == model::RecordKind::kAlert;
}

void mark_cut(ingest::Normalised& read, std::size_t from) {
  for (auto i = from; i < read.records.size(); ++i) read.records[i].alert.tags.emplace_back("cut");
}

}  // namespace

struct Worker::InFlight {
  MessageBatch batch;
  observe::SourceTotals totals;
};

Worker::Worker(Sink& sink, const Clock& clock, const Options& options, std::function<void()> on_space)
    : sink_(sink),
      clock_(clock),
      options_(options),
      on_space_(std::move(on_space)),
      queue_(options.waiting_batches),
      thread_([this] { run(); }) {}

Worker::~Worker() {
  stop(std::chrono::milliseconds(0));
}

bool Worker::try_push(MessageBatch&& batch) {
  return queue_.try_push(std::move(batch));
}

void Worker::stop(std::chrono::milliseconds deadline) {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    give_up_at_ = std::chrono::steady_clock::now() + deadline;
    stopping_ = true;
  }
  changed_.notify_all();
  queue_.close();
  thread_.join();
}

bool Worker::gave_up() const {
  return stopping_ && std::chrono::steady_clock::now() >= give_up_at_;
}

void Worker::run() {
  name_this_thread("intake-parse");
  for (;;) {
    auto batch = queue_.pop(kIdleWait);
    wait_and_send_again([] { return true; });
    if (batch) {
      on_space_();
      process(*std::move(batch));
    } else if (queue_.closed()) {
      break;
    }
  }
  wait_and_send_again([this] { return in_flight_ == 0; });
}

// Waits for what `holds` says, which is asked with mutex_ held; meanwhile sends what the store has refused.
template <class Holds>
void Worker::wait_and_send_again(Holds holds) {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (!refused_.empty()) {
      const auto batch = refused_.front();
      refused_.pop_front();
      lock.unlock();
      send_again(batch);
      lock.lock();
    } else if (holds()) {
      return;
    } else {
      changed_.wait(lock);
    }
  }
}

ingest::Normalised Worker::read(const MessageBatch& batch) const {
  ingest::Options options;
  options.now = clock_.now();
  options.zone = batch.channel->zone;
  ingest::Normalised result;
  std::size_t index = 0;
  batch.for_each([&](std::string_view message, bool cut) {
    const auto before = result.records.size();
    ingest::normalise_message(batch.channel->source, message, index++, options, result);
    if (cut) mark_cut(result, before);
  });
  return result;
}

void Worker::process(MessageBatch batch) {
  auto held = std::make_shared<InFlight>();
  held->totals.records = batch.size();
  held->totals.bytes = batch.bytes();
  held->totals.cut = batch.cut();
  auto normalised = read(batch);
  keep_others(batch, normalised, held->totals);
  held->batch = std::move(batch);
  if (normalised.records.empty()) return finish(*held, true);
  wait_and_send_again([this] { return in_flight_ < options_.batches_in_flight; });
  {
    const std::lock_guard lock(mutex_);
    ++in_flight_;
  }
  send_alerts(held, std::move(normalised.records));
}

// Events and dead letters go first and are not sent again when the alerts have to be.
void Worker::keep_others(const MessageBatch& batch, ingest::Normalised& read, observe::SourceTotals& totals) {
  keep_rejections(batch, std::move(read.rejections), totals);
  auto& records = read.records;
  const auto first_event = std::stable_partition(records.begin(), records.end(), is_alert);
  if (first_event == records.end()) return;
  const std::vector<ingest::Record> events(std::make_move_iterator(first_event),
                                           std::make_move_iterator(records.end()));
  records.erase(first_event, records.end());
  const bool kept = until_taken(batch, [&] { return sink_.keep_events(events); });
  (kept ? totals.events : totals.dropped) += events.size();
}

void Worker::keep_rejections(const MessageBatch& batch, std::vector<ingest::Rejection> rejections,
                             observe::SourceTotals& totals) {
  auto& stats = batch.channel->stats;
  const auto now = clock_.now();
  const auto not_kept = [&](const ingest::Rejection& r) { return !stats.unreadable(now, r.error.message); };
  rejections.erase(std::remove_if(rejections.begin(), rejections.end(), not_kept), rejections.end());
  if (rejections.empty()) return;
  const bool kept =
      until_taken(batch, [&] { return sink_.keep_unreadable(batch.channel->source, rejections); });
  if (kept) totals.dead_letters += rejections.size();
}

// True when the sink took it; false when it never will, or the time to stop has come.
template <class Try>
bool Worker::until_taken(const MessageBatch& batch, Try try_once) {
  for (;;) {
    const auto result = try_once();
    if (result) return true;
    batch.channel->stats.error(clock_.now(), to_string(result.error()));
    if (!is_not_now(result.error().kind) || gave_up()) return false;
    std::this_thread::sleep_for(kRetryPause);
  }
}

void Worker::send_alerts(const std::shared_ptr<InFlight>& batch, std::vector<ingest::Record> alerts) {
  Sink::Alerts parcel{.source = batch->batch.channel->source, .records = std::move(alerts)};
  if (!batch->batch.idempotency_key.empty()) {
    parcel.idempotency_key = batch->batch.idempotency_key;
    parcel.body_hash = hash64(batch->batch.text());
  }
  sink_.store_alerts(std::move(parcel),
                     [this, batch](const Result<Sink::Stored>& outcome) { on_outcome(batch, outcome); });
}

// On the store's thread, or on ours when the store refused at once.
void Worker::on_outcome(const std::shared_ptr<InFlight>& batch, const Result<Sink::Stored>& outcome) {
  if (outcome) {
    batch->totals.alerts = outcome->created;
    batch->totals.occurrences = outcome->occurrences;
    batch->totals.duplicates = outcome->duplicates;
    finish(*batch, true);
    return release_slot();
  }
  batch->batch.channel->stats.error(clock_.now(), to_string(outcome.error()));
  // The same key with other bytes: the file was changed, or its limits were; then the key says nothing.
  const bool other_bytes =
      outcome.error().kind == ErrorKind::kConflict && !batch->batch.idempotency_key.empty();
  if (other_bytes) batch->batch.idempotency_key.clear();
  if (other_bytes || (is_not_now(outcome.error().kind) && !gave_up())) {
    const std::lock_guard lock(mutex_);
    refused_.push_back(batch);
    return changed_.notify_all();
  }
  batch->totals.dropped += batch->batch.size() - batch->totals.events;
  finish(*batch, false);
  release_slot();
}

// The records went with the refusal; the bytes are still here.
void Worker::send_again(const std::shared_ptr<InFlight>& batch) {
  std::this_thread::sleep_for(kRetryPause);
  auto records = read(batch->batch).records;
  records.erase(std::stable_partition(records.begin(), records.end(), is_alert), records.end());
  send_alerts(batch, std::move(records));
}

void Worker::finish(InFlight& batch, bool stored) {
  batch.batch.channel->stats.add(clock_.now(), batch.totals);
  if (batch.batch.done) batch.batch.done(stored);
}

void Worker::release_slot() {
  const std::lock_guard lock(mutex_);
  --in_flight_;
  changed_.notify_all();
}

}  // namespace tocsin::intake
