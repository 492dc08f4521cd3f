// Takes the place of the C library's connect() in this program and in the libraries that it loads, so that
// what counts connections knows nothing of the code under test.
#include "outbound/testing/connect_hook.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <mutex>

namespace {

std::mutex seen_mutex;
std::vector<std::string> seen;

void note(const sockaddr& to) {
  char text[INET6_ADDRSTRLEN] = "";
  std::string where;
  if (to.sa_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(to);
    inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    where = std::string(text) + ":" + std::to_string(ntohs(v4.sin_port));
  } else if (to.sa_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(to);
    inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
    where = "[" + std::string(text) + "]:" + std::to_string(ntohs(v6.sin6_port));
  } else {
    return;
  }
  const std::lock_guard lock(seen_mutex);
  seen.push_back(where);
}

}  // namespace

extern "C" int connect(int fd, const sockaddr* to, socklen_t size) {
  using Connect = int (*)(int, const sockaddr*, socklen_t);
  static const auto real = reinterpret_cast<Connect>(dlsym(RTLD_NEXT, "connect"));
  note(*to);
  return real(fd, to, size);
}

std::vector<std::string> tocsin::outbound::test::take_connects() {
  const std::lock_guard lock(seen_mutex);
  return std::exchange(seen, {});
}
