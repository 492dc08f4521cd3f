#pragma once
// One request being answered somewhere: carries the answer from whichever thread has it to the connection.

#include <atomic>
#include <memory>
#include <string>

#include "http/http.h"
#include "http/io_loop.h"

namespace tocsin::http {

// The connection's side; called on its loop's thread.
class ExchangeOwner {
 public:
  virtual ~ExchangeOwner() = default;
  virtual void on_answer() = 0;
};

class Exchange final : public Wakeable, public std::enable_shared_from_this<Exchange> {
 public:
  struct Traits {
    bool client_takes_gzip = false;
    std::size_t gzip_threshold = 1024;
    std::string trace_id;
  };
  Exchange(IoLoop& loop, ExchangeOwner& owner, Traits traits)
      : mailbox_(loop.mailbox()), loop_(&loop), owner_(&owner), traits_(std::move(traits)) {}

  // Any thread; only the first call counts. Compresses here, off the I/O thread as a rule.
  void answer(Response response);
  // A 500 that says nothing of the cause.
  void fail();
  // For steps whose result travels elsewhere.
  void finish();

  // The loop's thread only.
  bool done() const noexcept { return done_; }
  Response& response() noexcept { return response_; }
  void detach() noexcept { owner_ = nullptr; }  // the connection is going; late answers are dropped
  void await_begins() noexcept { awaited_ = true; }
  void on_wake() override;

  // Answers 500 when the last copy goes unanswered.
  static Responder make_responder(std::shared_ptr<Exchange> exchange);

 private:
  std::shared_ptr<Mailbox> mailbox_;
  const IoLoop* loop_;
  ExchangeOwner* owner_;
  Traits traits_;
  std::atomic<bool> answered_{false};
  Response response_;  // written by who answers, read after the mailbox has carried it over
  bool done_ = false;
  bool awaited_ = false;
};

}  // namespace tocsin::http
