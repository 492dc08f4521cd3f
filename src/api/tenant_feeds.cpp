#include "api/tenant_feeds.h"

#include <map>

#include "api/context.h"

namespace tocsin::api {
namespace {

using Session = std::shared_ptr<http::WebSocketSession>;

struct Client {
  http::WebSocketHandler handler;
  ContextPtr context;  // which its view reads through
};

// Thread-safe. A client is here from its opening to its closing.
class Dispatcher {
 public:
  Dispatcher(ContextsPtr contexts, bool alerts_only)
      : contexts_(std::move(contexts)), alerts_only_(alerts_only) {}

  void open(const Session& session, const http::Request& request) {
    const auto context = contexts_->of(request);
    if (!context) return session->close();
    auto& live = (*context)->live;
    const auto& view = (*context)->view;
    auto handler = alerts_only_ ? live.alert_feed(view) : live.feed(view);
    {
      const std::lock_guard lock(mutex_);
      clients_[session] = {handler, *context};
    }
    handler.on_open(session, request);
  }
  void hear(const Session& session, std::string_view text) {
    const auto handler = find(session);
    if (handler.on_text) handler.on_text(session, text);
  }
  void close(const Session& session) {
    const auto handler = find(session);
    {
      const std::lock_guard lock(mutex_);
      clients_.erase(session);
    }
    if (handler.on_close) handler.on_close(session);
  }

 private:
  http::WebSocketHandler find(const Session& session) {
    const std::lock_guard lock(mutex_);
    const auto found = clients_.find(session);
    return found == clients_.end() ? http::WebSocketHandler{} : found->second.handler;
  }

  const ContextsPtr contexts_;
  const bool alerts_only_;
  std::mutex mutex_;  // guards what follows
  std::map<Session, Client> clients_;
};

http::WebSocketHandler dispatched(const ContextsPtr& contexts, bool alerts_only) {
  const auto dispatcher = std::make_shared<Dispatcher>(contexts, alerts_only);
  return {[dispatcher](const auto& session, const auto& request) { dispatcher->open(session, request); },
          [dispatcher](const auto& session, std::string_view text) { dispatcher->hear(session, text); },
          [dispatcher](const auto& session) { dispatcher->close(session); }};
}

}  // namespace

Feeds tenant_feeds(const ContextsPtr& contexts) {
  return {dispatched(contexts, false), dispatched(contexts, true)};
}

}  // namespace tocsin::api
