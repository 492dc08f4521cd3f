#include "outbound/resolver.h"

#include <netdb.h>
#include <sys/socket.h>

#include <memory>

#include "base/this_thread.h"

namespace tocsin::outbound {
namespace {

constexpr std::size_t kMaxAddresses = 16;
constexpr std::chrono::seconds kPatience{60};  // how long one wait for work lasts; then another begins

Error unresolved(std::string message) {
  return error(ErrorKind::kUnavailable, "resolve a name", std::move(message),
               "check the name and this machine's DNS servers");
}

class SystemResolver final : public Resolver {
 public:
  Addresses resolve(const std::string& host) override {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* list = nullptr;
    const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
    if (code != 0) return unresolved(::gai_strerror(code));
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, ::freeaddrinfo);
    std::vector<Address> found;
    for (const auto* one = list; one != nullptr && found.size() < kMaxAddresses; one = one->ai_next) {
      if (const auto address = Address::from(*one->ai_addr)) found.push_back(*address);
    }
    if (found.empty()) return unresolved("the name has no address");
    return found;
  }
};

}  // namespace

std::shared_ptr<Resolver> system_resolver() {
  return std::make_shared<SystemResolver>();
}

ResolverPool::ResolverPool(std::shared_ptr<Resolver> resolver, std::size_t threads, std::size_t max_queued)
    : resolver_(std::move(resolver)), tasks_(max_queued) {
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) {
    threads_.emplace_back([this] { work(); });
  }
}

ResolverPool::~ResolverPool() {
  stopping_ = true;
  tasks_.close();
}

bool ResolverPool::look_up(std::string host, Done done) {
  return tasks_.try_push({std::move(host), std::move(done)});
}

void ResolverPool::work() {
  name_this_thread("resolver");
  while (!tasks_.closed()) {
    const auto task = tasks_.pop(kPatience);
    if (!task || stopping_) continue;
    auto found = resolver_->resolve(task->host);
    if (found && found->empty()) found = unresolved("the name has no address");
    task->done(std::move(found));
  }
}

}  // namespace tocsin::outbound
