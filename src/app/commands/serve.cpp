#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigwait is POSIX, not C++

#include <cstdio>
#include <fstream>
#include <iterator>

#include "app/commands/commands.h"
#include "app/wiring.h"
#include "config/config.h"

namespace tocsin::app {
namespace {

Result<config::Values> read_dotenv() {
  constexpr const char* kFile = ".env";
  std::ifstream in(kFile);
  if (!in) return config::Values{};
  const std::string text(std::istreambuf_iterator<char>(in), {});
  return config::parse_dotenv(text, kFile);
}

Result<config::Settings> read_settings(const ServeFlags& flags) {
  config::Values values;
  if (!flags.listen.empty()) {
    TOCSIN_TRY(listen, config::parse_listen(flags.listen));
    values = std::move(listen);
  }
  if (!flags.data.empty()) values.insert_or_assign("data.dir", flags.data);
  if (!flags.database.empty()) values.insert_or_assign("data.database_url", flags.database);
  TOCSIN_TRY(dotenv, read_dotenv());
  TOCSIN_TRY(settings, config::load(values, config::process_environment(), dotenv, flags.config));
  if (!config::is_loopback(settings.host)) {
    return error(ErrorKind::kInvalidInput, "listen on " + settings.host,
                 "any address but loopback needs sign-in, which this version does not have",
                 "listen on 127.0.0.1 or [::1]");
  }
  return settings;
}

// Blocks the signals that end the server, so that only wait_for_end receives them. Before any thread starts.
sigset_t block_end_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

int refuse(const Error& why) {
  std::fprintf(stderr, "tocsin serve: %s\n", to_string(why).c_str());
  return 2;
}

}  // namespace

int serve(const ServeFlags& flags) {
  const auto settings = read_settings(flags);
  if (!settings) return refuse(settings.error());
  const auto signals = block_end_signals();
  auto application = Application::create(*settings);
  if (!application) return refuse(application.error());
  const auto address = (*application)->start();
  if (!address) return refuse(address.error());
  std::printf("listening on http://%s\n", address->c_str());
  std::fflush(stdout);
  if (flags.demo) (*application)->load_demo();
  int received = 0;
  sigwait(&signals, &received);
  (*application)->stop();
  return 0;
}

}  // namespace tocsin::app
