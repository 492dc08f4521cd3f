#pragma once
// The one thread that turns batches of messages into records and hands them to the sink, in order.
//
//   readers ─► bounded queue ─► worker: normalise ─► events, dead letters (waits) ─► alerts (in flight)
//
// Nothing that was taken is let go of while the store says "not now": the worker waits, the queue fills, and
// the readers stop reading.

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "base/queue.h"
#include "intake/batch.h"
#include "intake/options.h"
#include "intake/sink.h"

namespace tocsin::intake {

class Worker {
 public:
  // `on_space` is called after a batch was taken from a full queue, on the worker's thread. What is borrowed
  // outlives the worker.
  Worker(Sink& sink, const Clock& clock, const Options& options, std::function<void()> on_space);
  ~Worker();

  // False when the queue is full (the batch is then untouched) or closed.
  bool try_push(MessageBatch&& batch);
  // Finishes what was pushed; after `deadline` gives up on what the store does not take, and counts it.
  void stop(std::chrono::milliseconds deadline);

 private:
  struct InFlight;  // a batch whose alerts are with the store
  void run();
  void process(MessageBatch batch);
  void keep_others(const MessageBatch& batch, ingest::Normalised& read, observe::SourceTotals& totals);
  void keep_rejections(const MessageBatch& batch, std::vector<ingest::Rejection> rejections,
                       observe::SourceTotals& totals);
  void send_alerts(const std::shared_ptr<InFlight>& batch, std::vector<ingest::Record> alerts);
  void on_outcome(const std::shared_ptr<InFlight>& batch, const Result<Sink::Stored>& outcome);
  void send_again(const std::shared_ptr<InFlight>& batch);
  void finish(InFlight& batch, bool stored);
  ingest::Normalised read(const MessageBatch& batch) const;
  template <class Try>
  bool until_taken(const MessageBatch& batch, Try try_once);
  bool gave_up() const;
  template <class Holds>
  void wait_and_send_again(Holds holds);
  void release_slot();

  Sink& sink_;
  const Clock& clock_;
  const Options& options_;
  const std::function<void()> on_space_;
  BoundedQueue<MessageBatch> queue_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t in_flight_ = 0;
  std::deque<std::shared_ptr<InFlight>> refused_;  // by a store that was busy; still in flight
  std::atomic<bool> stopping_{false};
  std::chrono::steady_clock::time_point give_up_at_{};
  std::thread thread_;
};

}  // namespace tocsin::intake
