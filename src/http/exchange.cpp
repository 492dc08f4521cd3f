#include "http/exchange.h"

#include "http/response_head.h"

namespace tocsin::http {
namespace {

struct Ticket {
  explicit Ticket(std::shared_ptr<Exchange> given) : exchange(std::move(given)) {}
  ~Ticket() { exchange->fail(); }  // does nothing after an answer
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;
  std::shared_ptr<Exchange> exchange;
};

}  // namespace

void Exchange::answer(Response response) {
  if (answered_.exchange(true)) return;
  response_ = std::move(response);
  compress(response_, traits_.client_takes_gzip, traits_.gzip_threshold);
  finish();
}

void Exchange::fail() {
  if (!answered_.load()) answer(to_response(Error{}, traits_.trace_id));
}

void Exchange::finish() {
  // The commonest case of quick routes: answered while being asked. No hop is needed.
  if (IoLoop::current() == loop_ && !awaited_) {
    done_ = true;
  } else {
    mailbox_->notify(shared_from_this());
  }
}

void Exchange::on_wake() {
  done_ = true;
  if (owner_ != nullptr) owner_->on_answer();
}

Responder Exchange::make_responder(std::shared_ptr<Exchange> exchange) {
  return [ticket = std::make_shared<Ticket>(std::move(exchange))](Response response) {
    ticket->exchange->answer(std::move(response));
  };
}

}  // namespace tocsin::http
