#pragma once
// One I/O thread: its io_context, the clients that live on it, and the way for other threads to wake one.
//
// Everything here but Mailbox belongs to the loop's own thread.

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

namespace tocsin::http {

namespace asio = boost::asio;
using TimePoint = std::chrono::steady_clock::time_point;

// Something that another thread can bring back to the loop's thread.
class Wakeable {
 public:
  virtual ~Wakeable() = default;
  virtual void on_wake() = 0;  // on the loop's thread
};

// Carries wakeables to a loop. Many at once cost one post: a commit that answers 64 requests wakes the thread
// once. Outlives the loop, so that a late answer falls into a closed box instead of freed memory.
class Mailbox : public std::enable_shared_from_this<Mailbox> {
 public:
  explicit Mailbox(asio::io_context& context) : context_(&context) {}
  void notify(std::shared_ptr<Wakeable> item);  // thread-safe
  void close();                                 // before the context dies
  std::uint64_t posts() const noexcept { return posts_.load(); }

 private:
  void post();
  void drain();

  // Held while posting, which wakes the loop's thread: that thread takes the other one only, so that it does
  // not run straight into a lock.
  std::mutex context_mutex_;
  asio::io_context* context_;
  std::mutex items_mutex_;
  std::vector<std::shared_ptr<Wakeable>> items_;
  bool closed_ = false;
  std::atomic<std::uint64_t> posts_{0};
};

// A connection as its loop sees it.
class Client {
 public:
  virtual ~Client() = default;
  virtual void on_tick(TimePoint now) = 0;  // look at your deadline
  virtual void on_stop() = 0;               // finish what you began, then end
  virtual void abort() = 0;                 // end now
};

class IoLoop {
 public:
  // `tick`: how often deadlines are looked at. One sweep over all clients is far cheaper than a timer set and
  // cancelled several times in each request.
  explicit IoLoop(std::chrono::milliseconds tick);
  ~IoLoop();
  IoLoop(const IoLoop&) = delete;
  IoLoop& operator=(const IoLoop&) = delete;

  void start();

  // Thread-safe.
  void begin_stop();
  void abort_clients();
  void join();  // lets the thread end when nothing is left to do, and waits for it
  asio::io_context& context() noexcept { return context_; }
  const std::shared_ptr<Mailbox>& mailbox() const noexcept { return mailbox_; }

  void add(Client& client) { clients_.insert(&client); }
  void remove(Client& client) { clients_.erase(&client); }
  bool stopping() const noexcept { return stopping_; }
  bool aborting() const noexcept { return aborting_; }
  static const IoLoop* current() noexcept;              // the loop whose thread this is, or null
  std::string& scratch() noexcept { return scratch_; }  // 64 KiB to read into between two suspensions
  const std::string& date();

 private:
  void arm();
  void sweep();
  template <class Act>
  void for_each_client(Act act);

  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::shared_ptr<Mailbox> mailbox_;
  asio::steady_timer timer_;
  std::chrono::milliseconds tick_;
  std::unordered_set<Client*> clients_;
  std::string scratch_;
  std::string date_;
  std::time_t date_second_ = -1;
  bool stopping_ = false;
  bool aborting_ = false;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace tocsin::http
