#pragma once
// One thread that looks, sleeps, and is woken when there is something new.
//
// The body runs until its rest says that it is stopping; its sleeps then end at once. Members are
// thread-safe, but start() and stop() are for the owner alone.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace tocsin::app {

class BackgroundThread {
 public:
  class Rest {
   public:
    bool is_stopping() const { return stop_.stop_requested(); }
    const std::stop_token& stop() const { return stop_; }
    // Until notify(), `most` at the longest. Not at all when it was called since the last such sleep.
    void until_notified(std::chrono::milliseconds most);
    // notify() does not end it, and is remembered.
    void pause(std::chrono::milliseconds time);

   private:
    friend class BackgroundThread;
    Rest(BackgroundThread& thread, std::stop_token stop) : thread_(thread), stop_(std::move(stop)) {}
    BackgroundThread& thread_;
    const std::stop_token stop_;
  };

  ~BackgroundThread() { stop(); }
  // `name`: as name_this_thread() shows it; outlives this.
  void start(const char* name, std::function<void(Rest&)> body);
  // Waits for the body. False: it was not running.
  bool stop();
  void notify();  // cheap; many before the next sleep are one

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool notified_ = false;
  std::jthread thread_;
};

}  // namespace tocsin::app
