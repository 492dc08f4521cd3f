#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigwait is POSIX, not C++
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdio>

#include "app/commands/commands.h"
#include "app/commands/environment.h"
#include "app/wiring.h"
#include "config/config.h"

namespace tocsin::app {
namespace {

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
  settings.rule_paths.insert(settings.rule_paths.end(), flags.rules.begin(), flags.rules.end());
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

// Memory holds keys and what people typed: no crash writes it to disk, and nobody else's debugger reads it.
void keep_memory_private() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

int refuse(const Error& why) {
  std::fprintf(stderr, "tocsin serve: %s\n", to_string(why).c_str());
  return 2;
}

}  // namespace

int serve(const ServeFlags& flags) {
  const auto settings = read_settings(flags);
  if (!settings) return refuse(settings.error());
  if (!settings->core_dumps) keep_memory_private();
  const auto signals = block_end_signals();
  auto application = Application::create(*settings);
  if (!application) return refuse(application.error());
  const auto address = (*application)->start();
  if (!address) return refuse(address.error());
  const char* scheme = settings->certificate_file.empty() ? "http" : "https";
  std::printf("listening on %s://%s\n", scheme, address->c_str());
  std::fflush(stdout);
  if (flags.demo) (*application)->load_demo();
  int received = 0;
  sigwait(&signals, &received);
  (*application)->stop();
  return 0;
}

}  // namespace tocsin::app
